"""Who may approve what others propose, and who of them is new."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import F, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from disclosures.models import AccountChange, AccountStage, AccountStep, Approver
from disclosures.models.publishing.approvers import APPROVERS_WAIT
from privacycenter.errors import ApproverIsNew
from privacycenter.models import User

# With each of them one approves: publications, changes of accounts and erasures, what is kept from a person.
PERMISSIONS = ("add_proposalapproval", "add_accountstep", "add_withholdingstep")
# What lets somebody else into an account that may approve.
OPENING = (AccountChange.UNBLOCKED, AccountChange.FACTORS_REMOVED, AccountChange.ADDRESS_CHANGED)


@dataclass(frozen=True)
class NewApprover:
    """An account that may approve only later. ``noticed_at``, ``until``: None if nothing has noticed it yet."""

    account: User
    noticed_at: datetime | None

    @property
    def until(self) -> datetime | None:
        return self.noticed_at + APPROVERS_WAIT if self.noticed_at else None


def approvers() -> "QuerySet[User]":
    """Select the accounts that may approve something now."""
    groups: dict[str, Any] = {
        "groups__permissions__content_type__app_label": "disclosures",
        "groups__permissions__codename__in": PERMISSIONS,
    }
    own: dict[str, Any] = {
        "user_permissions__content_type__app_label": "disclosures",
        "user_permissions__codename__in": PERMISSIONS,
    }
    may = User.objects.filter(Q(is_superuser=True) | Q(**groups) | Q(**own)).values("pk")
    return User.objects.filter(pk__in=may, is_active=True, is_staff=True)


def newest_rows() -> "QuerySet[Approver]":
    """Select the row that counts for each account."""
    newest = Approver.objects.filter(account_id=OuterRef("account_id")).order_by("-pk").values("pk")[:1]
    return Approver.objects.filter(pk=Subquery(newest))


def new_approvers() -> list[NewApprover]:
    """Return who may approve only later, the latest first; nobody where no second person is needed.

    Three SQL statements. An account without a row counts as new: it waits from when it is noticed.
    """
    if not settings.SECOND_PERSON:
        return []
    accounts = {account.pk: account for account in approvers()}
    rows = {row.account_id: row for row in newest_rows().filter(account_id__in=accounts)}
    opened = opened_alone(accounts.keys())
    found = []
    for pk, account in accounts.items():
        row, opened_at = rows.get(pk), opened.get(pk)
        if row is None or not row.is_approver:
            found.append(NewApprover(account, None))
        elif times := [at for at in (opened_at, None if is_settled(row) else row.noticed_at) if at]:
            found.append(NewApprover(account, max(times)))
    return sorted(found, key=lambda one: one.noticed_at or timezone.now(), reverse=True)


def is_settled(row: Approver) -> bool:
    return row.is_known or row.noticed_at <= timezone.now() - APPROVERS_WAIT


def opened_alone(accounts: Any) -> dict[int, datetime]:
    """Return account → when somebody alone did what lets another into it, as far as that is new. One SQL statement."""
    done = AccountStep.objects.filter(
        person_id__in=accounts, kind__in=OPENING, stage=AccountStage.DONE, id=F("change_id"),
        taken_at__gt=timezone.now() - APPROVERS_WAIT,
    )  # fmt: skip
    return dict(done.order_by("taken_at").values_list("person_id", "taken_at"))


def refuse_new_approver(by: User) -> None:
    """Refuse an approval by who may approve since lately, where a second person is needed. Two SQL statements.

    Raises ApproverIsNew, also for an account of which no row says since when.
    """
    if not settings.SECOND_PERSON:
        return
    row = Approver.objects.filter(account=by).order_by("-pk").first()
    if row is None or not row.is_approver or not is_settled(row) or opened_alone([by.pk]):
        raise ApproverIsNew("Who may approve since lately waits a day, and the others are told.")
