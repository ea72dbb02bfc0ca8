"""The proof of one row, for who may read it alone: the service that reported it, or who is given a receipt. Needs
neither Django nor a database.

A document opens one entry, and shows that it is in the log. It has neither the key of the person's record nor the
number of the row in it, so it does not tell how many rows there are. That the entry is one of the person's record is
for the person to see: docs/proof.md says so.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from privacycenter.log.countersigning import Countersigned
from privacycenter.log.entries import LABEL_BYTES, SALT_BYTES, Row, commitment_to
from privacycenter.log.note import Checkpoint, NoteError, encoded, open_checkpoint
from privacycenter.log.record import (
    Broken,
    Trust,
    Unreadable,
    bytes_in,
    check_countersigned,
    hashes_in,
    text_in,
    value_in,
)
from privacycenter.log.tree import ProofError, leaf_hash, root_from_inclusion

FORMAT = "privacycenter-entry-proof/1"
TLOG_PROOF = "c2sp.org/tlog-proof@v1"


@dataclass(frozen=True)
class CheckedOpening:
    """What holds. ``witnessed_at``: Unix seconds, None if nobody independent signed; ``countersigned``: what the
    recipient signed, if the row is that."""

    checkpoint: Checkpoint
    event: Mapping[str, Any]
    place: int
    witnessed_at: int | None
    countersigned: tuple[Countersigned, ...] = ()


def tlog_proof(entry: bytes, salt: bytes, place: int, path: Sequence[str], checkpoint: str) -> str:
    """Return the inclusion of one entry in the form that programs of others read (C2SP tlog-proof). Its extra data are
    the entry and, if its row is still there, the salt that opens it. ``path``: base64; ``checkpoint``: the note."""
    lines = (TLOG_PROOF, f"extra {encoded(entry + salt)}", f"index {place}", *path, "", checkpoint)
    return "\n".join(lines)


def check_opening(document: Any, trust: Trust) -> CheckedOpening:
    """Return what the proof of one row shows. Raises Broken if it does not hold, Unreadable if it is none."""
    if not isinstance(document, Mapping) or document.get("format") != FORMAT:
        raise Unreadable("This is no proof of a row, or one of a version that is not known here.")
    try:
        return _check_opening(document, trust)
    except (NoteError, ProofError) as error:
        raise error if isinstance(error, Broken) else Broken(str(error)) from None


def _check_opening(document: Mapping[str, Any], trust: Trust) -> CheckedOpening:
    checkpoint, note = open_checkpoint(text_in(document, "checkpoint"), trust.log)
    witnessed_at = trust.policy.witnessed_at(note)
    if witnessed_at is None:
        raise Broken("Not enough independent witnesses signed the checkpoint.")
    event, place = value_in(document, "event", dict), value_in(document, "index", int)
    try:
        commitment = commitment_to(bytes_in(document, "salt", SALT_BYTES), event)
    except TypeError as error:
        raise Broken(str(error)) from None
    leaf = leaf_hash(Row(bytes_in(document, "label", LABEL_BYTES), commitment).entry)
    if root_from_inclusion(leaf, place, checkpoint.size, hashes_in(document, "path")) != checkpoint.root:
        raise Broken("The row is not what is in the log.")
    signed = check_countersigned([event], checkpoint.origin)
    return CheckedOpening(checkpoint, event, int(place), witnessed_at or None, signed)
