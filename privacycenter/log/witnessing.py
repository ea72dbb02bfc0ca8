"""What a witness does (C2SP tlog-witness): it signs a checkpoint only if it continues the last one it signed."""

from collections.abc import Mapping
from typing import NamedTuple

from privacycenter.log.note import Checkpoint, NoteError, SignerKey, VerifierKey, decoded, open_checkpoint
from privacycenter.log.tree import ProofError, check_consistency

MOST_HASHES = 63
SIZE_TYPE = "text/x.tlog.size"


class Asked(NamedTuple):
    """``old_size``: what the log believes the witness signed last; ``path``: from there."""

    old_size: int
    path: list[bytes]
    note: str


class Answer(NamedTuple):
    status: int
    text: str
    content_type: str = "text/plain; charset=utf-8"


def read_asked(body: str) -> Asked:
    """Read what a log sends to add-checkpoint. Raises NoteError."""
    head, gap, note = body.partition("\n\n")
    first, *lines = head.split("\n")
    word, _space, size = first.partition(" ")
    if not gap or word != "old" or not size.isascii() or not size.isdigit() or str(int(size)) != size:
        raise NoteError("A request begins with “old” and a size.")
    path = [decoded(line) for line in lines]
    if len(path) > MOST_HASHES or any(len(one) != 32 for one in path):
        raise NoteError("The proof has at most 63 hashes of 32 bytes.")
    return Asked(int(size), path, note)


def answer(
    asked: Asked, logs: Mapping[str, VerifierKey], last: Checkpoint | None, witness: SignerKey, at: int
) -> tuple[Answer, Checkpoint | None]:
    """Return what to answer, and the checkpoint that was signed; None if none was.

    ``logs``: origin → key of the logs that this witness knows. ``last``: what it signed last of this log. MUST be
    called while that cannot change.
    """
    origin = asked.note.partition("\n")[0]
    if origin not in logs:
        return Answer(404, "This log is not known here.\n"), None
    try:
        checkpoint, note = open_checkpoint(asked.note, logs[origin])
    except NoteError as error:
        return Answer(403, f"{error}\n"), None
    size = last.size if last else 0
    if asked.old_size > checkpoint.size:
        return Answer(400, "The old size is larger than the new one.\n"), None
    if asked.old_size != size:
        return Answer(409, f"{size}\n", SIZE_TYPE), None
    try:
        if last:
            check_consistency(last.size, last.root, checkpoint.size, checkpoint.root, asked.path)
        elif asked.path:
            raise ProofError("There is nothing that it has to continue.")
    except ProofError as error:
        return Answer(422, f"{error}\n"), None
    return Answer(200, witness.sign(note.text, at=at)), checkpoint
