"""Actions that open cases for the privacy officer."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol
from uuid import UUID

from django.db import transaction

from disclosures.models import Case, CaseKind, Conflict, Correction, RejectedReport

NO_CONFLICT = UUID(int=0)


class FlaggedRow(Protocol):
    """What a case needs to know of a flagged disclosure."""

    @property
    def person_id(self) -> int: ...
    @property
    def id(self) -> UUID: ...
    @property
    def flags(self) -> int: ...


@transaction.atomic(savepoint=False)
def open_cases(*, flagged: Sequence[FlaggedRow], conflicts: Sequence[Conflict], now: datetime) -> None:
    """Open one case for each disclosure and each conflicting report that has none yet.

    MUST be called in the transaction that records them. One SQL statement, or none if both are empty.
    """
    cases = [
        Case(
            kind=CaseKind.FLAGGED, whose_id=row.person_id, disclosure_id=row.id, conflict_id=NO_CONFLICT,
            flags=row.flags, opened_at=now,
        )
        for row in flagged
    ] + [
        Case(
            kind=CaseKind.CONFLICT, whose_id=row.person_id, disclosure_id=row.disclosure_id, conflict_id=row.id,
            opened_at=now,
        )
        for row in conflicts
    ]  # fmt: skip
    if cases:
        Case.objects.bulk_create(cases, ignore_conflicts=True)


@transaction.atomic(savepoint=False)
def open_cases_of_corrections(*, flagged: Sequence[Correction], now: datetime) -> None:
    """Open one case for each correction whose correct facts are flagged. MUST be called in its transaction."""
    cases = [
        Case(
            kind=CaseKind.CORRECTION, whose_id=row.person_id, disclosure_id=row.disclosure_id, conflict_id=row.id,
            flags=row.flags, opened_at=now,
        )
        for row in flagged
    ]  # fmt: skip
    if cases:
        Case.objects.bulk_create(cases, ignore_conflicts=True)


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
