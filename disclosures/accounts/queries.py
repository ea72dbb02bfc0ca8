"""Accounts for the administrators' desk."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from allauth.usersessions.models import UserSession
from django.core.paginator import Page, Paginator

from disclosures.models import AccountChange, AccountStage, AccountStep
from privacycenter.accounts.log_in_methods import LogInMethods, log_in_methods
from privacycenter.models import User

PER_PAGE = 50
# What officers propose and answer; the rest is the administrators'.
OFFICERS_CHANGES = (
    AccountChange.ERASED, AccountChange.MERGED, AccountChange.SEPARATED, AccountChange.REPRESENTED,
)  # fmt: skip


@dataclass(frozen=True)
class StepRow:
    """One step of a change to an account. ``staff``: who took it, empty for a command."""

    step: AccountStep
    change: AccountChange
    stage: AccountStage
    staff: str


@dataclass(frozen=True)
class AccountPage:
    """One account: how its owner gets in, and what the desk did to it, newest first."""

    account: User
    methods: LogInMethods
    roles: list[str]
    session_count: int
    steps: list[StepRow]
    reason: str

    @property
    def role_names(self) -> list[str]:
        return [*self.roles, *(["administrator"] if self.account.is_superuser else [])]


def staff_list(page: str = "") -> "Page[Any]":
    """Return one page of staff accounts, by user name, with their groups. Three SQL statements."""
    staff = User.objects.filter(is_staff=True).prefetch_related("groups").order_by("username", "pk")
    return Paginator(staff, PER_PAGE).get_page(page)


def waiting_changes(*, are_officers: bool = False) -> list[StepRow]:
    """Return the proposals that nobody has answered, oldest first. They name no owner. Two SQL statements.

    ``are_officers``: those that officers answer, about people, in place of the administrators'.
    """
    waiting = AccountStep.objects.waiting()
    mine = waiting.filter(kind__in=OFFICERS_CHANGES) if are_officers else waiting.exclude(kind__in=OFFICERS_CHANGES)
    return rows_of(list(mine.order_by("taken_at", "id")[:PER_PAGE]))


def account_page(account: User, reason: str = "") -> AccountPage:
    """Return one account. ``reason``: why it was looked up. Seven SQL statements."""
    return AccountPage(
        account=account,
        methods=log_in_methods(account),
        roles=list(account.groups.order_by("name").values_list("name", flat=True)),
        session_count=UserSession.objects.filter(user=account).count(),
        steps=rows_of(list(account.account_steps.order_by("-taken_at", "-id")[:PER_PAGE])),
        reason=reason,
    )


def proposal(person: int, id: Any) -> StepRow | None:
    """Return a proposal with its account fetched, or None. Two SQL statements."""
    found = AccountStep.objects.select_related("person").filter(person_id=person, id=id, stage=AccountStage.PROPOSED)
    return next(iter(rows_of(list(found))), None)


def answered_at(step: AccountStep) -> datetime | None:
    """Return when the proposal was answered. None if it waits."""
    later = AccountStep.objects.filter(person_id=step.person_id, change_id=step.id).exclude(id=step.id)
    return later.values_list("taken_at", flat=True).first()


def rows_of(steps: list[AccountStep]) -> list[StepRow]:
    staff = User.objects.in_bulk({step.staff_id for step in steps})
    return [
        StepRow(step, step.change, AccountStage(step.stage), str(staff.get(step.staff_id, "")) if step.staff_id else "")
        for step in steps
    ]
