"""Which number, under which key, a row of a record gets in the log."""

import secrets
from collections.abc import Collection
from typing import NamedTuple
from uuid import UUID

from privacycenter.log.entries import KEY_BYTES
from privacycenter.models import LogEntry, PersonKey, RowKind, SequenceState
from privacycenter.models.log import SEQUENCE_STEP
from privacycenter.proof.sources import Key, Sealable

Named = tuple[RowKind, Key]


class Numbered(NamedTuple):
    """``cited``: where the row was sealed while the law kept it back; None if it was not."""

    key: PersonKey
    number: int
    cited: int | None = None

    @property
    def entry_id(self) -> int:
        return self.key.id * SEQUENCE_STEP + self.number


class Numbering:
    """The sequences of these people, and which of these rows are sealed in them. Two SQL statements.

    MUST be used while the log is locked. ``save`` writes what was given out.
    """

    def __init__(self, people: Collection[int], row_ids: Collection[UUID]) -> None:
        self._keys = {(key.person_id, key.id): key for key in PersonKey.objects.filter(person_id__in=people)}
        self._current = {key.person_id: key for key in self._keys.values() if key.state == SequenceState.CURRENT}
        self._known = set(self._keys)
        self._used: set[tuple[int, int]] = set()
        self._shown: set[Named] = set()
        self._kept_back: dict[Named, int] = {}
        for person, id, place, kind, row_id in LogEntry.objects.filter(
            person_id__in=people, row_id__in=row_ids
        ).values_list("person_id", "id", "place", "kind", "row_id"):
            named = RowKind(kind), (person, row_id)
            state = self._keys[person, id // SEQUENCE_STEP].state
            if state == SequenceState.CURRENT:
                self._shown.add(named)
            elif state == SequenceState.KEPT_BACK:
                self._kept_back[named] = place

    def number(self, named: Named, row: Sealable) -> Numbered | None:
        """Return the next number for this row; None if it has one. What the law keeps back gets a key of its own."""
        person = named[1][0]
        if row.is_withheld:
            if named in self._kept_back or named in self._shown:
                return None
            return self._next(self._new_key(person, SequenceState.KEPT_BACK))
        if named in self._shown:
            return None
        key = self._current.get(person) or self._new_key(person, SequenceState.CURRENT)
        self._current[person] = key
        return self._next(key)._replace(cited=self._kept_back.get(named))

    def _new_key(self, person: int, state: SequenceState) -> PersonKey:
        id = max((sequence for owner, sequence in self._keys if owner == person), default=0) + 1
        key = PersonKey(person_id=person, id=id, key=secrets.token_bytes(KEY_BYTES), state=state)
        self._keys[person, id] = key
        return key

    def _next(self, key: PersonKey) -> Numbered:
        key.last_number += 1
        self._used.add((key.person_id, key.id))
        return Numbered(key, key.last_number)

    def save(self) -> None:
        used = [self._keys[one] for one in self._used]
        PersonKey.objects.bulk_create(key for key in used if (key.person_id, key.id) not in self._known)
        PersonKey.objects.bulk_update([key for key in used if (key.person_id, key.id) in self._known], ["last_number"])
