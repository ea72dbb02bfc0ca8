"""What becomes of entries when their rows are removed: by the purge, or with the person."""

from collections.abc import Collection, Iterable, Sequence

from django.db.models import Model

from privacycenter.database.keyed_rows import of_keys
from privacycenter.database.purging import delete_keys, delete_rows
from privacycenter.models import LogEntry, PersonKey, RemovedEntry, RowKind
from privacycenter.proof.queries import aged_checkpoint
from privacycenter.proof.sources import Key


def entries_of(kind: RowKind, keys: Collection[Key]) -> list[LogEntry]:
    """Return the entries that commit to these rows, in whatever sequence."""
    return of_keys(LogEntry.objects.filter(kind=kind), keys, "row_id")


def held_by_log(kind: RowKind, keys: Collection[Key]) -> set[Key]:
    """Return the rows that have to stay because the log cannot show yet that their time is over: it is younger than
    they are. Three SQL statements, one if none of them is in the log."""
    entries = entries_of(kind, keys) if keys else []
    if not entries:
        return set()
    aged = aged_checkpoint()
    return {(one.person_id, one.row_id) for one in entries if aged is None or one.place >= aged.size}


def remove_entries(kind: RowKind, keys: Collection[Key]) -> None:
    """Remove the entries of rows that are removed, with their salts, and keep where they stood.

    MUST be called in the transaction that removes the rows, while the purge's door is open.
    """
    if not keys:
        return
    entries = entries_of(kind, keys)
    RemovedEntry.objects.bulk_create(
        RemovedEntry(person_id=one.person_id, id=one.id, place=one.place) for one in entries
    )
    delete_keys(LogEntry, [one.pk for one in entries])


def remove_sealed(kind: RowKind, model: type[Model], keys: Sequence[Key]) -> int:
    """Remove rows of a record with their entries, as ``remove_entries``. Return how many rows there were."""
    remove_entries(kind, keys)
    return delete_keys(model, keys)


def forget_people(people: Iterable[int]) -> None:
    """Remove everything by which the log's entries could be told to be of these people. For an erasure, with the door
    for it open; then nothing links their labels."""
    for person in people:
        for model in (LogEntry, RemovedEntry, PersonKey):
            delete_rows(model._default_manager.filter(person_id=person).order_by())
