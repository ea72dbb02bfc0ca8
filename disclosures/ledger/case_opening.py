"""Actions that open cases for the privacy officer."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Protocol
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from disclosures.models import Case, CaseKind, Conflict, Correction, RejectedReport
from disclosures.models.ledger import warning_of
from privacycenter.identifiers import uuid8_from

NO_CONFLICT = UUID(int=0)


class Flagged(Protocol):
    """What a case needs to know of flagged facts, of a disclosure or a correction."""

    @property
    def person_id(self) -> int: ...
    @property
    def reporter_id(self) -> int: ...
    @property
    def flags(self) -> int: ...


class FlaggedRow(Flagged, Protocol):
    """What a case needs to know of a flagged disclosure."""

    @property
    def id(self) -> UUID: ...
    @property
    def scenario_id(self) -> int: ...


@transaction.atomic(savepoint=False)
def open_cases(*, flagged: Sequence[FlaggedRow], conflicts: Sequence[Conflict], now: datetime) -> None:
    """Open one case for each disclosure with a warning and each conflicting report that has none yet; for disclosures
    without evidence, one for each reporter, scenario and day.

    MUST be called in the transaction that records them. One SQL statement, or none if both are empty.
    """
    cases = [
        Case(
            kind=CaseKind.FLAGGED, whose_id=row.person_id, disclosure_id=row.id, conflict_id=NO_CONFLICT,
            flags=row.flags, opened_at=now,
        )
        for row in flagged
        if warning_of(row.flags)
    ] + [
        Case(
            kind=CaseKind.CONFLICT, whose_id=row.person_id, disclosure_id=row.disclosure_id, conflict_id=row.id,
            opened_at=now,
        )
        for row in conflicts
    ]  # fmt: skip
    cases += cases_of_unevidenced(((row, row.scenario_id, row.id) for row in flagged), now)
    if cases:
        Case.objects.bulk_create(cases, ignore_conflicts=True)


@transaction.atomic(savepoint=False)
def open_cases_of_corrections(*, flagged: Sequence[Correction], now: datetime) -> None:
    """Open one case for each correction whose correct facts have a warning; for those without evidence as for
    disclosures. MUST be called in its transaction."""
    cases = [
        Case(
            kind=CaseKind.CORRECTION, whose_id=row.person_id, disclosure_id=row.disclosure_id, conflict_id=row.id,
            flags=row.flags, opened_at=now,
        )
        for row in flagged
        if warning_of(row.flags)
    ]  # fmt: skip
    cases += cases_of_unevidenced(((row, row.scenario_id or 0, row.disclosure_id) for row in flagged), now)
    if cases:
        Case.objects.bulk_create(cases, ignore_conflicts=True)


def cases_of_unevidenced(flagged: Iterable[tuple[Flagged, int, UUID]], now: datetime) -> list[Case]:
    """Return a case for each reporter and scenario whose reports of today cite no evidence. It is about one of them.

    Each of ``flagged`` is given with its scenario and its disclosure. A reporter that does not send evidence yet would
    otherwise open a case with every report.
    """
    day, cases = timezone.localdate(now).isoformat(), {}
    for row, scenario, disclosure in flagged:
        cause = uuid8_from("unevidenced", str(row.reporter_id), str(scenario), day)
        if not warning_of(row.flags) and cause not in cases:
            cases[cause] = Case(
                kind=CaseKind.UNEVIDENCED, whose_id=row.person_id, disclosure_id=disclosure, conflict_id=cause,
                flags=row.flags, opened_at=now,
            )  # fmt: skip
    return list(cases.values())


@transaction.atomic(savepoint=False)
def open_cases_of_rejected(*, reports: Sequence[tuple[int | None, RejectedReport]], now: datetime) -> None:
    """Open one case for each rejected report that was just kept, given with the key of its person if known.

    MUST be called in the transaction that keeps the reports, and only once: no constraint prevents a second case
    without a person.
    """
    cases = [
        Case(kind=CaseKind.REJECTED, whose_id=person, disclosure_id=row.row_id, conflict_id=row.id, opened_at=now)
        for person, row in reports
    ]
    if cases:
        Case.objects.bulk_create(cases, ignore_conflicts=True)
