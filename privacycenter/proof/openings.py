"""The proof of one row for who may read it alone: its entry opened, without the person's key and the number."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from privacycenter.log.entries import label_of
from privacycenter.log.note import encoded
from privacycenter.log.opening import FORMAT
from privacycenter.log.proving import inclusion, tree_of
from privacycenter.models import LogEntry, PersonKey, SequenceState, User
from privacycenter.proof.checkpoint_actions import full_note
from privacycenter.proof.keys import log_signer, policy_text
from privacycenter.proof.numbering import Named
from privacycenter.proof.queries import served_checkpoint
from privacycenter.proof.sealing_actions import by_kind
from privacycenter.proof.sources import event_of, read_rows
from privacycenter.proof.store import DatabaseStore, numbered_size


@dataclass(frozen=True)
class Opened:
    """``proof``: None where the entry commits to the number of its row, too: then only its person is shown it."""

    proof: dict[str, Any] | None


def openings_of(person: User, named: Sequence[Named]) -> dict[Named, Opened]:
    """Return the proofs of those of these rows that the newest checkpoint has. Some SQL statements for each kind.

    A row is opened where it was sealed first. So a service is shown the same place for ever, and cannot tell whether
    the law kept the row from its person meanwhile: entries that cite another one come later.
    """
    checkpoint = served_checkpoint()
    if checkpoint is None or not named:
        return {}
    keys = {
        key.id: bytes(key.key) for key in PersonKey.objects.filter(person=person).exclude(state=SequenceState.GIVEN_UP)
    }
    entries = {row: one for row, one in first_entries(person, named, keys) if one.place < checkpoint.size}
    rows, numbered = read_rows(by_kind(entries)), numbered_size()
    store = DatabaseStore()
    store.read_ahead(one.place for one in entries.values())
    tree = tree_of(store, checkpoint.size)
    shared = {
        "format": FORMAT,
        "log_key": str(log_signer().verifier),
        "policy": policy_text(),
        "checkpoint": full_note(checkpoint),
    }

    def opened(row: Named, one: LogEntry) -> Opened:
        if one.place < numbered:
            return Opened(None)
        event = event_of(row[0], person.subject, rows[row])
        label = label_of(keys[one.sequence], one.number)
        return Opened({
            **shared, "index": one.place, "path": inclusion(tree, one.place), "label": encoded(label),
            "salt": encoded(bytes(one.salt)), "event": event,
        })  # fmt: skip

    return {row: opened(row, one) for row, one in entries.items() if row in rows}


def first_entries(person: User, named: Sequence[Named], keys: Mapping[int, bytes]) -> Iterator[tuple[Named, LogEntry]]:
    """Yield for each of these rows the entry that stands first in the log. One SQL statement."""
    entries = LogEntry.objects.filter(person_id=person.pk, row_id__in=[key[1] for _kind, key in named])
    found: dict[Any, LogEntry] = {}
    for one in entries.order_by("place"):
        if one.sequence in keys:
            found.setdefault((one.kind, (one.person_id, one.row_id)), one)
    return ((row, found[row]) for row in named if row in found)
