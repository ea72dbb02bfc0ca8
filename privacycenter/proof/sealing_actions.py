"""The sequencer: rows of records become entries of the log. The only code that appends to it.

One at a time: it locks the log's state. Numbers are contiguous for each person, and places for the whole log; both
follow commits, since a row is left for the log in the transaction that wrote it. Sealing a row twice is one entry.
"""

import secrets
import time
from collections import defaultdict
from collections.abc import Iterable, Sequence
from random import SystemRandom
from typing import NamedTuple

from django.db import transaction

from privacycenter.log.entries import SALT_BYTES, Row, commitment_to, label_of
from privacycenter.log.tree import TILE_WIDTH
from privacycenter.log.writing import append_rows, build_pending
from privacycenter.models import LogEntry, LogState, PersonKey, RowKind, SequenceState, User
from privacycenter.models.log import SEQUENCE_STEP
from privacycenter.proof.keys import log_signer
from privacycenter.proof.numbering import Named, Numbered, Numbering
from privacycenter.proof.sources import Key, Sealable, event_of, read_rows
from privacycenter.proof.store import DatabaseStore, log_size
from privacycenter.proof.topics import RecordGrew

_random = SystemRandom()


class OriginChanged(Exception):
    """Nothing is sealed under another name, until a new log is begun."""


class ToSeal(NamedTuple):
    """A row with its number and salt, before it has its place."""

    named: Named
    numbered: Numbered
    row: Sealable
    salt: bytes
    entry: Row


@transaction.atomic
def seal_rows(grown: Sequence[RecordGrew]) -> int:
    """Seal the rows that these name, and return how many entries that made. Rows that are gone, and those that are
    sealed, are passed over. Some SQL statements for each kind, however many rows."""
    state = lock_log()
    named = dict.fromkeys((RowKind(kind), (person, id)) for one in grown for kind, person, id in one.rows)
    rows = read_rows(by_kind(named))
    return append(state, [one for one in named if one in rows], rows)


@transaction.atomic
def reseal_record(person: int) -> int:
    """Seal the rows that a person is shown anew under another key, without what the law keeps back now, if one of them
    is among it. Return how many entries that made.

    The entries of before stay in the log, where nothing links them to anybody.
    """
    state = lock_log()
    current = PersonKey.objects.filter(person_id=person, state=SequenceState.CURRENT).first()
    named = entries_in(current) if current else []
    rows = read_rows(by_kind(named))
    if current is None or not any(row.is_withheld for row in rows.values()):
        return 0
    PersonKey.objects.filter(pk=current.pk).update(state=SequenceState.FORMER)
    return append(state, [one for one in named if one in rows], rows)


def lock_log() -> LogState:
    """Lock the log's state until the transaction ends. Whoever comes meanwhile waits.

    Raises OriginChanged if the log that is there has another name than the settings say.
    """
    origin = log_signer().name
    state, _created = LogState.objects.select_for_update().get_or_create(pk=1, defaults={"origin": origin})
    if state.origin != origin:
        raise OriginChanged(f"The log is {state.origin}, and LOG_ORIGIN says {origin}: see after_restore --new-log.")
    return state


def by_kind(named: Iterable[Named]) -> dict[RowKind, list[Key]]:
    found: dict[RowKind, list[Key]] = defaultdict(list)
    for kind, key in named:
        found[kind].append(key)
    return found


def entries_in(key: PersonKey) -> list[Named]:
    """Return the rows that are sealed in this sequence, in its order."""
    start = key.id * SEQUENCE_STEP
    rows = LogEntry.objects.filter(person_id=key.person_id, id__gt=start, id__lt=start + SEQUENCE_STEP)
    return [(RowKind(kind), (key.person_id, id)) for kind, id in rows.order_by("id").values_list("kind", "row_id")]


def append(state: LogState, named: Sequence[Named], rows: dict[Named, Sealable]) -> int:
    people = {person for _kind, (person, _id) in named}
    numbering = Numbering(people, {id for _kind, (_person, id) in named})
    subjects = dict(User.objects.filter(pk__in=people).values_list("pk", "subject"))
    sealed = [
        sealed_row(one, numbered, rows[one], subjects[one[1][0]])
        for one in named
        if one[1][0] in subjects and (numbered := numbering.number(one, rows[one]))
    ]
    if sealed:
        # What is next to each other in a report shall not be next to each other in public.
        _random.shuffle(sealed)
        state.size, places = append_rows(DatabaseStore(), state.size, [one.entry for one in sealed], int(time.time()))
        LogEntry.objects.bulk_create(entry_row(one, place) for one, place in zip(sealed, places, strict=True))
        numbering.save()
        state.save(update_fields=["size"])
    return len(sealed)


def sealed_row(named: Named, numbered: Numbered, row: Sealable, subject: str) -> ToSeal:
    salt = secrets.token_bytes(SALT_BYTES)
    event = event_of(named[0], subject, row, numbered.cited)
    entry = Row(label_of(bytes(numbered.key.key), numbered.number), commitment_to(salt, event))
    return ToSeal(named, numbered, row, salt, entry)


def entry_row(one: ToSeal, place: int) -> LogEntry:
    kind, (person, row_id) = one.named
    return LogEntry(
        person_id=person,
        id=one.numbered.entry_id,
        place=place,
        kind=kind,
        row_id=row_id,
        salt=one.salt,
        written_at=one.row.written_at,
    )


@transaction.atomic
def build_index() -> None:
    """Merge what a head will name later, so that no head has to wait for it. For the worker's tidying."""
    size = log_size()
    build_pending(DatabaseStore(), size // TILE_WIDTH)
