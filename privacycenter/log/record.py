"""The proof of one person's record, and its check. Needs neither Django nor a database.

A document holds the rows of a record with what shows each of them to be in the log, and what shows that there is no
further one. docs/proof.md describes it; the browser's check reads the same.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, NamedTuple

from privacycenter.log.countersigning import (
    Countersigned,
    StatementError,
    check_countersignature,
    facts_of_row,
    stated_facts,
)
from privacycenter.log.entries import (
    KEY_BYTES,
    SALT_BYTES,
    Head,
    Row,
    commitment_to,
    is_head_place,
    label_of,
    read_entry,
)
from privacycenter.log.index import Neighbour, check_absence, index_root, runs_at
from privacycenter.log.note import (
    Checkpoint,
    NoteError,
    VerifierKey,
    decoded,
    encoded,
    open_checkpoint,
    read_note,
    read_verifier_key,
    signed_at,
)
from privacycenter.log.policy import Policy, read_policy
from privacycenter.log.tree import (
    HASH_BYTES,
    TILE_WIDTH,
    ProofError,
    check_consistency,
    leaf_hash,
    root_from_inclusion,
    root_from_peaks,
)

FORMAT = "privacycenter-record-proof/1"
STATEMENT = "privacycenter-statement/1"
# What was removed has to have been in the log for so long: the law's three years, and leap days do not matter.
KEPT_SECONDS = 3 * 365 * 24 * 60 * 60


class Unreadable(Exception):
    """The document is none of these, or parts of it are missing."""


class Broken(ProofError):
    """The proof does not hold. ``number``: of the row at which it breaks; None if it is no single row."""

    def __init__(self, why: str, number: int | None = None) -> None:
        super().__init__(why if number is None else f"Row {number}: {why}")
        self.number = number


@dataclass(frozen=True)
class Trust:
    """Whom the verifier believes: the log's key, and the witnesses. Both come from the document if nobody names them;
    then its signature shows only that it is one document."""

    log: VerifierKey
    policy: Policy


class Seen(NamedTuple):
    """What an earlier check of the same record ended with. ``places``: ``places_hash`` of its rows."""

    size: int
    root: bytes
    rows: int
    key_hash: bytes
    places: bytes


@dataclass(frozen=True)
class Checked:
    """What holds. ``removed``: numbers of rows that were removed by law; ``witnessed_at``: Unix seconds, None if nobody
    independent signed; ``countersigned``: what recipients signed with keys of theirs, in the order of the rows."""

    checkpoint: Checkpoint
    rows: int
    removed: tuple[int, ...]
    witnessed_at: int | None
    key_hash: bytes
    places: bytes
    countersigned: tuple[Countersigned, ...] = ()

    @property
    def seen(self) -> Seen:
        """What the next check is given."""
        return Seen(self.checkpoint.size, self.checkpoint.root, self.rows, self.key_hash, self.places)


# --- The statement ----------------------------------------------------------------------------------------------------


def statement_text(subject: str, key: bytes, rows: int, checkpoint: Checkpoint) -> str:
    """Return what the log signs for a person: under which key, and how many rows, their record is in the log of this
    size. Two that differ for one subject show that somebody was deceived."""
    said = (encoded(subject.encode()), encoded(sha256(key).digest()), str(rows))
    return "\n".join((STATEMENT, checkpoint.origin, *said, str(checkpoint.size), encoded(checkpoint.root))) + "\n"


# --- Reading ----------------------------------------------------------------------------------------------------------


def trust_in(document: Mapping[str, Any]) -> Trust:
    """Return the key and the policy that the document itself names. Raises Unreadable."""
    try:
        return Trust(read_verifier_key(text_in(document, "log_key")), read_policy(text_in(document, "policy")))
    except NoteError as error:
        raise Unreadable(str(error)) from None


def value_in(place: Mapping[str, Any], name: str, kind: type) -> Any:
    value = place.get(name) if isinstance(place, Mapping) else None
    if not isinstance(value, kind) or isinstance(value, bool):
        raise Unreadable(f"“{name}” is missing, or not what it should be.")
    return value


def text_in(place: Mapping[str, Any], name: str) -> str:
    return str(value_in(place, name, str))


def bytes_in(place: Mapping[str, Any], name: str, length: int) -> bytes:
    data = data_of(text_in(place, name))
    if len(data) != length:
        raise Unreadable(f"“{name}” has {len(data)} bytes instead of {length}.")
    return data


def data_of(text: Any) -> bytes:
    if not isinstance(text, str):
        raise Unreadable("There is something else where base64 should be.")
    try:
        return decoded(text)
    except NoteError as error:
        raise Unreadable(str(error)) from None


def hashes_in(place: Mapping[str, Any], name: str) -> list[bytes]:
    hashes = [data_of(one) for one in value_in(place, name, list)]
    if any(len(one) != HASH_BYTES for one in hashes):
        raise Unreadable(f"“{name}” holds something else than hashes.")
    return hashes


# --- Checking ---------------------------------------------------------------------------------------------------------


def check_record(document: Any, trust: Trust, seen: Seen | None = None) -> Checked:
    """Check the proof of a record and return what it shows. Raises Broken with the reason if it does not hold,
    Unreadable if it is none.

    ``seen``: what an earlier check ended with; then the log has to continue what it was.
    """
    try:
        return _check_record(document, trust, seen)
    except Broken:
        raise
    except (TypeError, KeyError, AttributeError, OverflowError) as error:
        raise Unreadable(f"A part of the document is not what it should be: {error}") from None
    except ProofError as error:
        raise Broken(str(error)) from None
    except NoteError as error:
        raise Broken(str(error)) from None


def _check_record(document: Any, trust: Trust, seen: Seen | None) -> Checked:
    if not isinstance(document, Mapping) or document.get("format") != FORMAT:
        raise Unreadable("This is no proof of a record, or one of a version that is not known here.")
    checkpoint, note = open_checkpoint(text_in(document, "checkpoint"), trust.log)
    witnessed_at = trust.policy.witnessed_at(note)
    if witnessed_at is None:
        raise Broken("Not enough independent witnesses signed the checkpoint.")
    key, rows = bytes_in(document, "key", KEY_BYTES), value_in(document, "rows", list)
    tail, runs = check_tail(document, checkpoint)
    aged = aged_size(document, trust, checkpoint)
    places: dict[int, int] = {}
    removed = []
    subject = text_in(document, "subject")
    for number, row in enumerate(rows, 1):
        place = check_row(row, number, key, checkpoint, subject)
        if place in places:
            raise Broken(f"It stands at the place of row {places[place]}.", number)
        places[place] = number
        if "event" not in row:
            if place >= aged:
                raise Broken("It was removed before the time that the law demands.", number)
            removed.append(number)
    check_statement(document, trust.log, checkpoint, key, len(rows))
    refuse_twice(tail, checkpoint.size - len(tail), {label_of(key, number): place for place, number in places.items()})
    check_nothing_follows(document, label_of(key, len(rows) + 1), tail, runs, len(rows) + 1)
    signed = check_countersigned([row.get("event", {}) for row in rows], checkpoint.origin)
    key_hash = sha256(key).digest()
    if seen:
        check_continues(document, seen, checkpoint, list(places), key_hash)
    return Checked(
        checkpoint, len(rows), tuple(removed), witnessed_at or None, key_hash, places_hash(list(places)), signed
    )


def check_countersigned(events: Sequence[Mapping[str, Any]], origin: str) -> tuple[Countersigned, ...]:
    """Return what recipients signed, each with their key, of rows that say the same.

    A row that is not there any more, or not sealed, cannot be compared. Raises Broken at the row of a signature that
    does not hold.
    """
    told = {thing: facts for event in events for thing, facts in facts_of_row(event).items()}
    found = []
    for number, event in enumerate(events, 1):
        if event.get("type") != "countersignature":
            continue
        try:
            signed = check_countersignature(event, origin)
        except StatementError as error:
            raise Broken(str(error), number) from None
        stated = stated_facts(event)
        if told.get((signed.about, signed.id), stated) != stated:
            raise Broken("The recipient signed something else than the row says.", number)
        found.append(signed)
    return tuple(found)


def places_hash(places: Sequence[int]) -> bytes:
    """Return what stands for the places of rows, in the order of their numbers."""
    return sha256(b"".join(place.to_bytes(8, "big") for place in places)).digest()


def refuse_twice(tail: Sequence[Row | Head], start: int, places: Mapping[bytes, int]) -> None:
    """Raise Broken if the end of the log has a label of this record at another place than the one that is shown.

    Before the end, a monitor sees a label that is used twice, and whoever checked before sees another place.
    """
    for at, entry in enumerate(tail, start):
        if isinstance(entry, Row) and places.get(entry.label, at) != at:
            raise Broken("The log has a row of this record twice.")


def check_statement(
    document: Mapping[str, Any], log: VerifierKey, checkpoint: Checkpoint, key: bytes, rows: int
) -> None:
    note = read_note(text_in(document, "statement"))
    if signed_at(note, log) is None or note.text != statement_text(text_in(document, "subject"), key, rows, checkpoint):
        raise Broken("The signed statement is about another record, key or number of rows.")


def check_tail(document: Mapping[str, Any], checkpoint: Checkpoint) -> tuple[list[Row | Head], list[bytes]]:
    """Return the entries from the last head on, which are all there, and the roots of the runs that the head names."""
    if checkpoint.size == 0:
        return [], []
    start = (checkpoint.size - 1) // TILE_WIDTH * TILE_WIDTH
    raw = [data_of(one) for one in value_in(document, "tail", list)]
    if len(raw) != checkpoint.size - start:
        raise Broken("Entries are missing at the end of the log.")
    hashes = [leaf_hash(entry) for entry in raw]
    if root_from_peaks(hashes_in(document, "peaks"), start, hashes) != checkpoint.root:
        raise Broken("The end of the log is not what the checkpoint signs.")
    tail = [entry_of(entry, start + at) for at, entry in enumerate(raw)]
    head, runs = tail[0], hashes_in(document, "runs")
    if not isinstance(head, Head) or head.covered != start or head.index_root != index_root(runs):
        raise Broken("The index is not the one that the log names.")
    return tail, runs


def entry_of(entry: bytes, index: int) -> Row | Head:
    try:
        found = read_entry(entry)
    except ValueError as error:
        raise Broken(str(error)) from None
    if isinstance(found, Head) != is_head_place(index):
        raise Broken(f"Entry {index} of the log is of the wrong kind.")
    return found


def check_row(row: Any, number: int, key: bytes, checkpoint: Checkpoint, subject: str) -> int:
    """Return the place in the log at which the row is shown to be."""
    index = value_in(row, "index", int)
    if "event" in row:
        event = value_in(row, "event", dict)
        # The label says which number it is. The first entries of some logs commit to it, too.
        if event.get("number", str(number)) != str(number):
            raise Broken("It has another number.", number)
        if event.get("subject") != subject:
            raise Broken("It is somebody else's.", number)
        try:
            commitment = commitment_to(bytes_in(row, "salt", SALT_BYTES), event)
        except TypeError as error:
            raise Broken(str(error), number) from None
    else:
        commitment = bytes_in(row, "commitment", HASH_BYTES)
    leaf = leaf_hash(Row(label_of(key, number), commitment).entry)
    try:
        root = root_from_inclusion(leaf, index, checkpoint.size, hashes_in(row, "path"))
    except ProofError as error:
        raise Broken(str(error), number) from None
    if root != checkpoint.root:
        raise Broken("It is not what is in the log.", number)
    return int(index)


def aged_size(document: Mapping[str, Any], trust: Trust, checkpoint: Checkpoint) -> int:
    """Return how large the log was three years ago, as far as the document shows it; 0 if it does not."""
    aged = document.get("aged")
    if aged is None:
        return 0
    old, note = open_checkpoint(text_in(aged, "checkpoint"), trust.log)
    check_consistency(old.size, old.root, checkpoint.size, checkpoint.root, hashes_in(aged, "consistency"))
    at = trust.policy.witnessed_at(note)
    if trust.policy.is_witnessed:
        now = trust.policy.witnessed_at(open_checkpoint(text_in(document, "checkpoint"), trust.log)[1])
        if at is None or now is None or now - at < KEPT_SECONDS:
            raise Broken("No independent witness signed the old checkpoint three years ago.")
    return old.size


def check_nothing_follows(
    document: Mapping[str, Any], label: bytes, tail: Sequence[Row | Head], run_roots: Sequence[bytes], number: int
) -> None:
    if any(isinstance(entry, Row) and entry.label == label for entry in tail):
        raise Broken("The log has a further row of this record, which is not shown.", number)
    covered = tail[0].covered // TILE_WIDTH if tail and isinstance(tail[0], Head) else 0
    runs, shown = runs_at(covered), value_in(document, "absent", list)
    if not len(runs) == len(run_roots) == len(shown):
        raise Broken("The index has other parts than a log of this size.")
    for run, root, neighbours in zip(runs, run_roots, shown, strict=True):
        try:
            check_absence(label, [neighbour_of(one) for one in neighbours], run, root)
        except ProofError as error:
            raise Broken(f"It is not shown that no further row follows. {error}", number) from None


def neighbour_of(value: Any) -> Neighbour:
    if not isinstance(value, Mapping):
        raise Unreadable("A neighbour is not what it should be.")
    return Neighbour(value_in(value, "place", int), data_of(value.get("label")), hashes_in(value, "path"))


def check_continues(
    document: Mapping[str, Any], seen: Seen, checkpoint: Checkpoint, places: Sequence[int], key_hash: bytes
) -> None:
    rows = len(places)
    if key_hash != seen.key_hash:
        raise Broken("The record is sealed under another key than at the last check.")
    if rows < seen.rows:
        raise Broken(f"At the last check there were {seen.rows} rows.", rows + 1)
    if places_hash(places[: seen.rows]) != seen.places:
        raise Broken("A row stands at another place than at the last check: it was sealed twice.")
    if checkpoint.size < seen.size:
        raise Broken("The log is shorter than at the last check.")
    path = hashes_in(document, "consistency") if seen.size not in (0, checkpoint.size) else []
    check_consistency(seen.size, seen.root, checkpoint.size, checkpoint.root, path)
