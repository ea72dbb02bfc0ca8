"""What the privacy officer has to look into: opening cases, and taking steps on them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from disclosures.models import Case, CaseKind, CaseStep, Conflict, Correction, RejectedReport
from privacycenter.errors import InvalidValue, TextChanged
from privacycenter.models import User

LONGEST_REASON = 5_000
NO_CONFLICT = UUID(int=0)


class FlaggedRow(Protocol):
    """Of a flagged disclosure, what its case is opened with."""

    @property
    def person_id(self) -> int: ...
    @property
    def id(self) -> UUID: ...
    @property
    def flags(self) -> int: ...


@transaction.atomic(savepoint=False)
def open_cases(*, flagged: Sequence[FlaggedRow], conflicts: Sequence[Conflict], now: datetime) -> None:
    """One case for each disclosure and each conflicting report; those that have one keep it.

    MUST be called in the transaction that records them. One SQL statement, none if there is nothing to look into.
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
    """One case for each correction whose right facts should not have been. MUST be called in its transaction."""
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
    """One case for each report that was kept just now, with the key of its person, if known. MUST be called in the
    transaction that keeps them, and once: nothing else keeps a case without a person from being opened twice."""
    cases = [
        Case(kind=CaseKind.REJECTED, whose_id=person, disclosure_id=row.row_id, conflict_id=row.id, opened_at=now)
        for person, row in reports
    ]
    if cases:
        Case.objects.bulk_create(cases, ignore_conflicts=True)


@transaction.atomic
def take_case_step(*, case: Case, is_closing: bool, reason: str, seen: int | None = None, by: User) -> CaseStep:
    """Write down what was found or done. A step that does not close a closed case opens it again.

    ``seen``: how many steps the officer had before them; with another number TextChanged is raised. Raises
    InvalidValue without a reason.
    """
    if not reason.strip() or len(reason) > LONGEST_REASON:
        raise InvalidValue("Say what was found or done, in at most 5,000 characters.", "reason")
    Case.objects.select_for_update().get(pk=case.pk)
    if seen is not None and seen != CaseStep.objects.filter(case=case).count():
        raise TextChanged("Somebody else took a step meanwhile.")
    return CaseStep.objects.create(
        case=case, is_closing=is_closing, reason=reason, taken_at=timezone.now(), taken_by=by
    )
