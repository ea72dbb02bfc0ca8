"""Filing of what the privacy officer should look into: each event in the open case of its cause."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import astuple, dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple, Protocol
from uuid import UUID

from django.db import connection, transaction
from django.utils import timezone

from disclosures.models import Case, CaseEvent, CaseKind, Conflict, Correction, RejectedReport
from disclosures.models.ledger.events import warning_of
from privacycenter.database.bulk_insert import insert_numbered
from privacycenter.errors import PROBLEM_TYPE
from privacycenter.identifiers import uuid8_from

NO_CONFLICT = UUID(int=0)
POSITION = re.compile(r"\[\d+\]")
# Waits for an officer who is closing one of them, and then leaves it out. Other recordings do not wait.
HOLDING = "SELECT cause, id FROM disclosures_case WHERE cause = ANY(%s) AND is_open ORDER BY id FOR KEY SHARE"


class LedgerFacts(Protocol):
    """What a cause is made from, of a disclosure as it is recorded."""

    @property
    def person_id(self) -> int: ...
    @property
    def id(self) -> UUID: ...
    @property
    def reporter_id(self) -> int: ...
    @property
    def service_id(self) -> int: ...
    @property
    def recipient_id(self) -> int: ...
    @property
    def scenario_id(self) -> int: ...
    @property
    def flags(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Cause:
    """What the events of one case have in common, apart from the day (``Case``).

    ``field``: of a rejected report, the path of what is wrong, without the position in a list. ``detail``: what the
    reporter was told, which names the value that is wrong: it is the first event's and no part of the cause, so that
    one wrong setting is one case.
    """

    kind: CaseKind
    reporter_id: int
    service_id: int | None = None
    recipient_id: int | None = None
    scenario_id: int | None = None
    flags: int = 0
    problem: str = ""
    field: str = ""
    detail: str = ""

    def key(self, day: date) -> UUID:
        parts = astuple(self)[:-1]
        return uuid8_from("cause", day.isoformat(), *("" if part is None else str(part) for part in parts))


class Occurrence(NamedTuple):
    """An event of a cause, to be filed (``CaseEvent``)."""

    cause: Cause
    whose_id: int | None
    disclosure_id: UUID
    conflict_id: UUID = NO_CONFLICT


def of_disclosures(flagged: Iterable[LedgerFacts]) -> list[Occurrence]:
    """Return what is to be filed of disclosures that were just recorded with flags."""
    return [Occurrence(cause_of_flags(row, CaseKind.FLAGGED), row.person_id, row.id) for row in flagged]


def of_conflicts(kept: Iterable[tuple[Conflict, LedgerFacts]]) -> list[Occurrence]:
    """Return what is to be filed of conflicting reports, each with the facts that it tells."""
    return [
        Occurrence(
            Cause(CaseKind.CONFLICT, row.reporter_id, row.service_id, row.recipient_id, row.scenario_id),
            one.person_id, one.disclosure_id, one.id,
        )
        for one, row in kept
    ]  # fmt: skip


def of_corrections(flagged: Iterable[Correction]) -> list[Occurrence]:
    """Return what is to be filed of corrections whose correct facts have flags."""
    return [
        Occurrence(cause_of_flags(row, CaseKind.CORRECTION), row.person_id, row.disclosure_id, row.id)
        for row in flagged
    ]


def of_rejected(kept: Iterable[tuple[int | None, RejectedReport]]) -> list[Occurrence]:
    """Return what is to be filed of rejected reports, each with the key of its person if known."""
    return [
        Occurrence(
            Cause(
                CaseKind.REJECTED, row.reporter_id, problem=row.problem["type"].removeprefix(PROBLEM_TYPE),
                field=POSITION.sub("", row.problem.get("field", "")), detail=row.problem["detail"],
            ),
            person, row.row_id, row.id,
        )
        for person, row in kept
    ]  # fmt: skip


def cause_of_flags(row: LedgerFacts | Correction, kind: CaseKind) -> Cause:
    """Return the cause of flags.

    Where evidence alone is missing, it is the same for all recipients: a reporter that does not send any yet would
    otherwise open a case for each.
    """
    if warning_of(row.flags or 0):
        return Cause(kind, row.reporter_id, row.service_id, row.recipient_id, row.scenario_id, row.flags or 0)
    return Cause(CaseKind.UNEVIDENCED, row.reporter_id, row.service_id, None, row.scenario_id, row.flags or 0)


@transaction.atomic(savepoint=False)
def file_events(*, occurrences: Sequence[Occurrence], now: datetime) -> None:
    """File each event in the open case of its cause and day, and open those cases that are not there.

    MUST be called once, at the end of the transaction that records the events: cases are held in the order of their
    keys and opened in the order of their causes, so that no two batches wait for each other. Two SQL statements, three
    if a case is opened; none without events. An event that is in a case already stays there.
    """
    if not occurrences:
        return
    day = timezone.localdate(now)
    causes: dict[UUID, Cause] = {}
    for one in occurrences:
        causes.setdefault(one.cause.key(day), one.cause)
    cases = open_cases_of(causes, day, now)
    events = [
        CaseEvent(
            case_id=cases[one.cause.key(day)], whose_id=one.whose_id, disclosure_id=one.disclosure_id,
            conflict_id=one.conflict_id, recorded_at=now,
        )
        for one in occurrences
    ]  # fmt: skip
    insert_numbered(events, returning="disclosure_id")


def open_cases_of(causes: Mapping[UUID, Cause], day: date, now: datetime) -> dict[UUID, int]:
    """Return cause → key of its open case, which nobody closes until the transaction ends."""
    found: dict[UUID, int] = {}
    while missing := causes.keys() - found.keys():
        found |= hold_open_cases(missing)
        # Another batch may open one at the same time; then it is found in the next round.
        absent = sorted(missing - found.keys())
        found |= insert_numbered([case_of(key, causes[key], day, now) for key in absent], returning="cause")
    return found


def hold_open_cases(causes: Iterable[UUID]) -> dict[UUID, int]:
    """Return cause → key of those that have an open case. One SQL statement. SQLite has one writer at a time."""
    if not connection.features.has_select_for_update:
        return dict(Case.objects.open().filter(cause__in=list(causes)).values_list("cause", "pk"))
    with connection.cursor() as cursor:
        cursor.execute(HOLDING, [list(causes)])
        return dict(cursor.fetchall())


def case_of(key: UUID, cause: Cause, day: date, now: datetime) -> Case:
    return Case(
        kind=cause.kind, cause=key, reporter_id=cause.reporter_id, service_id=cause.service_id,
        recipient_id=cause.recipient_id, scenario_id=cause.scenario_id, flags=cause.flags, problem=cause.problem,
        detail=cause.detail, day=day, opened_at=now, due_on=day + timedelta(days=cause.kind.days),
    )  # fmt: skip
