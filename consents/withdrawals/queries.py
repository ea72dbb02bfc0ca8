"""Withdrawal cases as the person, the reporting service and the officers read them."""

from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.utils import timezone

from consents.models import CLOSING, Decision, StepKind, WithdrawalCase, WithdrawalStep
from consents.models.public_ids import public_id
from consents.models.withdrawals import kept_back, reported_before
from disclosures.content.publications import Document
from disclosures.models import Reporter
from disclosures.public.titles import Names
from privacycenter.models import User
from privacycenter.text.words import Words, words_in

PER_PAGE = 50
# The state of a withdrawal without a case: nothing of before it was reported.
NOTHING_REPORTED = "nothing_reported"


@dataclass(frozen=True)
class FollowedStep:
    """One step for people to read. ``is_delivery``: the service was told, but not yet the recipient.

    ``is_by_service``: the service reported it; else an officer entered it.
    """

    kind: StepKind
    taken_at: datetime
    is_delivery: bool
    is_by_service: bool
    reason: Words


@dataclass(frozen=True)
class Followed:
    """How far a withdrawal has come. ``due_at``: when the recipient should have answered."""

    withdrawal: Decision
    steps: list[FollowedStep]
    due_at: datetime

    @property
    def kinds(self) -> set[StepKind]:
        return {step.kind for step in self.steps}

    @property
    def is_closed(self) -> bool:
        return bool(self.kinds & set(CLOSING))

    @property
    def is_overdue(self) -> bool:
        return not self.is_closed and self.due_at <= timezone.now()

    @property
    def state(self) -> str:
        """``opened``, or the code of the last step."""
        return self.steps[-1].kind.code if self.steps else "opened"


def is_anything_reported(withdrawal: Decision) -> bool:
    """Return whether something of before the withdrawal was reported as provided, under any account of the person. One
    SQL statement, if the withdrawal has its person.

    What the law keeps from the person does not count: a case would tell them of it.
    """
    reported = reported_before(partial(getattr, withdrawal), withdrawal.person)
    return bool(reported.shown_to(withdrawal.person).exists())


def shown_case(person: User, withdrawal: Decision) -> Followed | None:
    """Return a withdrawal's case as its person may see it. At most two SQL statements."""
    return followed(person, withdrawal, but=kept_back(person))


def followed(person: User, withdrawal: Decision, *, but: QuerySet[Any] | None = None) -> Followed | None:
    """Return a withdrawal's steps, oldest first. None if there is no case, or the withdrawal is in ``but``.

    At most two SQL statements.
    """
    cases = WithdrawalCase.objects.filter(whose_id=withdrawal.person_id, withdrawal_id=withdrawal.id)
    case = (cases if but is None else cases.exclude(withdrawal_id__in=but)).first()
    if case is None:
        return None
    rows = person.withdrawal_steps.filter(withdrawal_id=withdrawal.id).order_by("kind")
    return Followed(withdrawal, [step_of(row) for row in rows], case.due_at)


def step_of(row: WithdrawalStep) -> FollowedStep:
    return FollowedStep(row.step, row.taken_at, row.is_delivery, row.reporter_id is not None, words_in(row.reason))


# --- For the service that reports steps ------------------------------------------------------------------------------


def withdrawal_for_reporter(reporter: Reporter, person_id: int, withdrawal_id: UUID) -> Decision | None:
    """Return the withdrawal, or None if there is none or this reporter may not speak for its service."""
    found = (
        Decision.objects.with_references()
        .select_related("person")
        .filter(person_id=person_id, id=withdrawal_id, withdraws_id__isnull=False)
        .first()
    )
    is_theirs = found is not None and reporter.services.filter(pk=found.service_id).exists()
    return found if is_theirs else None


def case_state(withdrawal: Decision) -> dict[str, Any]:
    """Return a case as the API shows it. At most two SQL statements."""
    case = followed(withdrawal.person, withdrawal)
    return {
        "id": public_id(withdrawal),
        "state": case.state if case else NOTHING_REPORTED,
        "subject": withdrawal.person.subject,
        "recipient": withdrawal.recipient.code,
        "service": withdrawal.service.code,
        "scenario": withdrawal.scenario.code,
        "items": withdrawal.refused_set.codes,
        "withdrawn_at": withdrawal.decided_at.isoformat(),
        "due_at": case.due_at.isoformat() if case else None,
        "steps": [
            {"step": step.kind.code, "taken_at": step.taken_at.isoformat()} for step in (case.steps if case else ())
        ],
    }


# --- For the officers ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class WithdrawalRow:
    """One row of the officers' list. Names no person."""

    case: WithdrawalCase
    state: str
    is_overdue: bool


def withdrawal_list(is_open: bool, page: str = "") -> "Page[Any]":
    """Return a page of ``WithdrawalRow``s: open ones, longest overdue first, or closed ones, newest first.

    Three SQL statements.
    """
    cases: Any = WithdrawalCase.objects.select_related("recipient__country", "service")
    cases = cases.open().order_by("due_at", "pk") if is_open else cases.closed().order_by("-pk")
    shown: Page[Any] = Paginator(cases, PER_PAGE).get_page(page)
    found = list(shown.object_list)
    steps = steps_of(found)
    now = timezone.now()
    shown.object_list = [
        WithdrawalRow(case, steps.get((case.whose_id, case.withdrawal_id), "opened"), is_open and case.due_at <= now)
        for case in found
    ]
    return shown


def steps_of(cases: list[WithdrawalCase]) -> dict[tuple[int, UUID], str]:
    """Return the code of the last step of each (person, withdrawal)."""
    people, ids = {case.whose_id for case in cases}, {case.withdrawal_id for case in cases}
    rows = WithdrawalStep.objects.filter(person_id__in=people, withdrawal_id__in=ids).order_by("kind")
    return {(row.person_id, row.withdrawal_id): row.step.code for row in rows}


def open_count() -> int:
    return WithdrawalCase.objects.open().count()


@dataclass(frozen=True)
class WithdrawalCasePage:
    """One case for an officer to work on."""

    case: WithdrawalCase
    followed: Followed
    items: list[Words]

    @property
    def next_kinds(self) -> list[StepKind]:
        """The steps still possible."""
        last = max(self.followed.kinds, default=0)
        return [kind for kind in StepKind if kind > last]


def withdrawal_case_page(pk: int, document: Document | None) -> WithdrawalCasePage | None:
    """Return one case, or None if it or its withdrawal is gone. At most five SQL statements."""
    case = WithdrawalCase.objects.select_related("whose").filter(pk=pk).first()
    if case is None:
        return None
    withdrawal = Decision.objects.with_references().filter(person_id=case.whose_id, id=case.withdrawal_id).first()
    if withdrawal is None:  # removed at the end of its retention
        return None
    found = followed(case.whose, withdrawal)
    if found is None:
        return None
    return WithdrawalCasePage(case, found, Names(document).items(withdrawal.refused_set.codes))
