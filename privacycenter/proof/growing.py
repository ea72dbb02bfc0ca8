"""Telling the log of new rows, in the transaction that writes them. The only thing that an action knows of the log."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from privacycenter.models import LogEntry, PersonKey, RowKind, SequenceState
from privacycenter.models.log import SEQUENCE_STEP
from privacycenter.outbox.leaving import leave_all
from privacycenter.outbox.topics import Topic
from privacycenter.proof.topics import RECORD_GREW, RecordGrew

# Of one row of the outbox.
MOST_ROWS = 1000


def record_grew(kind: RowKind, keys: Iterable[tuple[int, UUID]]) -> None:
    """Have these rows (person and id) sealed after the commit. MUST be called in the transaction that writes them.

    One SQL statement, none without rows.
    """
    leave_all(grown(kind, keys))


def grown(kind: RowKind, keys: Iterable[tuple[int, UUID]]) -> list[tuple[Topic[RecordGrew], RecordGrew]]:
    """Return the same for ``leave_all``, for an action that leaves other work too."""
    rows: Sequence[tuple[int, int, UUID]] = [(kind.value, person, id) for person, id in keys]
    batches = [tuple(rows[at : at + MOST_ROWS]) for at in range(0, len(rows), MOST_ROWS)]
    return [(RECORD_GREW, RecordGrew(rows=batch)) for batch in batches]


def kept_back_rows(person: int) -> list[tuple[int, int, UUID]]:
    """Return the rows of this person that were sealed while the law kept them back, as ``RecordGrew`` names them."""
    keys = PersonKey.objects.filter(person_id=person, state=SequenceState.KEPT_BACK).values_list("id", flat=True)
    firsts = [sequence * SEQUENCE_STEP + 1 for sequence in keys]
    rows = LogEntry.objects.filter(person_id=person, id__in=firsts).values_list("kind", "row_id")
    return [(kind, person, id) for kind, id in rows]
