"""Changes to accounts by the desk: each with a reason, some with a second person, all told to the owner."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth.models import Group
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from disclosures.accounts.topics import ACCOUNT_CHANGED, AccountChanged
from disclosures.approvers.actions import notice_approver
from disclosures.approvers.queries import refuse_new_approver
from disclosures.models import AccountChange, AccountStage, AccountStep
from disclosures.record.actions import role_of
from privacycenter.errors import InvalidValue, NoLongerOpen, SecondPersonNeeded
from privacycenter.identifiers import uuid7
from privacycenter.models import User
from privacycenter.outbox.leaving import leave

LONGEST_REASON = 500
# Of an account that is not staff's, the desk changes neither: people have them from the company's log-in or themselves.
FOR_STAFF_ALONE = (AccountChange.ADDRESS_CHANGED, AccountChange.ROLES_CHANGED, AccountChange.RESET_SENT)
GIVING = (AccountChange.MADE, AccountChange.ROLES_CHANGED, AccountChange.UNBLOCKED)
# Who gave somebody these rights alone could otherwise approve by that account what needs two.
RIGHTS_ARE_NEW = timedelta(days=30)
FORMER_ADDRESS_TOLD = timedelta(days=30)


@transaction.atomic
def change_account(
    *, account: User, kind: AccountChange, reason: str, detail: dict[str, Any] | None = None, by: User
) -> AccountStep:
    """Do this to the account, or propose it where it needs a second person and the site demands one. Tells the owner.

    ``detail``: ``{"roles": [group, …], "is_administrator": bool}`` for roles, ``{"email": …}`` for an address.

    Raises InvalidValue without a reason, for the own account, and for what may be done to staff alone.
    """
    refuse_no_reason(reason)
    account = User.objects.lock(account.pk)
    if account.pk == by.pk:
        raise InvalidValue("Nobody changes their own account here.")
    if kind in FOR_STAFF_ALONE and not account.is_staff:
        raise InvalidValue("This may be done to an account of staff alone.", "kind")
    if kind is AccountChange.RESET_SENT and not account.is_active:
        raise InvalidValue("The account is blocked, or nobody has approved it yet.", "kind")
    return begin_change(account, kind, reason, detail or {}, perform, by)


@transaction.atomic
def make_staff(
    *,
    username: str,
    display_name: str,
    email: str,
    roles: list[str],
    is_administrator: bool,
    reason: str,
    by: User | None,
) -> User:
    """Make an account of staff. It has no password: its owner chooses one by mail.

    It stays blocked, without a role, until a second person has approved it where the site demands one. An account of a
    person is never made one of staff. ``by`` is None for a command. Raises InvalidValue without a reason or if the user
    name is taken.
    """
    refuse_no_reason(reason)
    if User.objects.filter(username__iexact=username).exists():
        raise InvalidValue("The user name is taken.", "username")
    account = User(username=username, display_name=display_name, email=email, is_staff=True, is_active=False)
    account.set_unusable_password()
    account.save()
    detail = {"roles": roles, "is_administrator": is_administrator}
    begin_change(account, AccountChange.MADE, reason, detail, perform, by)
    account.refresh_from_db()
    return account


@transaction.atomic
def answer_account_change(*, proposed: AccountStep, is_approved: bool, reason: str, by: User) -> AccountStep:
    """Approve and do what somebody else proposed, or refuse it. Tells the owner.

    Raises InvalidValue without a reason, NoLongerOpen if it was answered, SecondPersonNeeded for who proposed it, and
    ApproverIsNew for who may approve only later.
    """
    refuse_no_reason(reason)
    if is_approved and proposed.change.always_needs_second_person and has_rights_from(proposed.staff_id, by):
        raise SecondPersonNeeded("Whoever has their rights from the proposer lately cannot approve it.")
    return end_change(proposed, is_approved, reason, perform, by)


Perform = Callable[[User, AccountChange, dict[str, Any]], None]


def begin_change(
    account: User, kind: AccountChange, reason: str, detail: dict[str, Any], perform: Perform, by: User | None
) -> AccountStep:
    """Write the first step of a change, and do it unless a second person is needed. MUST hold the account's lock.

    ``by`` is None for a command on the machine, which needs no second person.
    """
    waits = by is not None and (
        kind.always_needs_second_person or (settings.SECOND_PERSON and kind.needs_second_person)
    )
    id = uuid7()
    stage = AccountStage.PROPOSED if waits else AccountStage.DONE
    step = write_step(account, id, id, kind, stage, detail, reason, by)
    if not waits:
        perform(account, kind, detail)
        if account.is_staff:
            notice_approver(account=account, is_known=False)
    return step


def end_change(proposed: AccountStep, is_approved: bool, reason: str, perform: Perform, by: User) -> AccountStep:
    """Answer a proposal. Raises NoLongerOpen, SecondPersonNeeded, ApproverIsNew as ``answer_account_change`` does."""
    return answer_change(User.objects.lock(proposed.person_id), proposed, is_approved, reason, perform, by)


def answer_change(
    account: User, proposed: AccountStep, is_approved: bool, reason: str, perform: Perform, by: User
) -> AccountStep:
    """Answer a proposal as ``end_change`` does. MUST hold the account's lock."""
    if not account.account_steps.waiting().filter(id=proposed.id).exists():
        raise NoLongerOpen("Somebody has answered this proposal.")
    if is_approved and by.pk in (proposed.staff_id, account.pk):
        raise SecondPersonNeeded("Another member of staff has to approve it.")
    if is_approved:
        refuse_new_approver(by)
    stage = AccountStage.DONE if is_approved else AccountStage.REFUSED
    kind, detail = proposed.change, proposed.detail
    step = write_step(account, uuid7(), proposed.id, kind, stage, detail, reason, by)
    if is_approved:
        perform(account, kind, detail)
        if account.is_staff:
            notice_approver(account=account, is_known=kind in GIVING)
    return step


def write_step(
    account: User, id: UUID, change_id: UUID, kind: AccountChange, stage: AccountStage, detail: dict[str, Any],
    reason: str, by: User | None,
) -> AccountStep:  # fmt: skip
    """Write one step and leave the notice to the owner, at the address they have before the change and former ones."""
    former = former_addresses(account)
    if kind is AccountChange.ADDRESS_CHANGED and stage is AccountStage.DONE:
        detail = {**detail, "former": account.email}
    step = AccountStep.objects.create(
        person=account, id=id, change_id=change_id, kind=kind, stage=stage, detail=detail, reason=reason.strip(),
        staff_id=by.pk if by else 0, role=role_of(by) if by else "command", taken_at=timezone.now(),
    )  # fmt: skip
    for address in sorted({account.email, *former} - {""}):
        leave(ACCOUNT_CHANGED, AccountChanged(person=account.pk, step=id, address=address))
    return step


def former_addresses(account: User) -> list[str]:
    """Return the addresses that the desk replaced lately: if that was not for the owner, they read on there."""
    steps = AccountStep.objects.filter(
        person=account,
        kind=AccountChange.ADDRESS_CHANGED,
        stage=AccountStage.DONE,
        taken_at__gt=timezone.now() - FORMER_ADDRESS_TOLD,
    )
    return [step.detail.get("former", "") for step in steps]


def has_rights_from(proposer: int, approver: User) -> bool:
    """Return whether the proposer alone made or opened the approver's account, or gave it roles, lately."""
    given = approver.account_steps.filter(
        kind__in=GIVING, stage=AccountStage.DONE, id=F("change_id"), staff_id=proposer,
        taken_at__gt=timezone.now() - RIGHTS_ARE_NEW,
    )  # fmt: skip
    return given.exists()


def perform(account: User, kind: AccountChange, detail: dict[str, Any]) -> None:
    """Do what a step says. Whoever is logged in to the account is logged out, but by a mail and by more rights."""
    if kind in (AccountChange.BLOCKED, AccountChange.UNBLOCKED):
        account.is_active = kind is AccountChange.UNBLOCKED
        account.save(update_fields=["is_active"])
    elif kind is AccountChange.FACTORS_REMOVED:
        Authenticator.objects.filter(user=account).delete()
    elif kind is AccountChange.ADDRESS_CHANGED:
        EmailAddress.objects.filter(user=account).delete()
        account.email = detail["email"]
        account.save(update_fields=["email"])
    elif kind in (AccountChange.MADE, AccountChange.ROLES_CHANGED):
        give_roles(account, detail, is_active=kind is AccountChange.MADE or account.is_active)
    if kind not in (AccountChange.RESET_SENT, AccountChange.MADE):
        end_sessions_of(account)


def give_roles(account: User, detail: dict[str, Any], *, is_active: bool) -> None:
    account.is_superuser, account.is_active = detail["is_administrator"], is_active
    account.save(update_fields=["is_superuser", "is_active"])
    account.groups.set(Group.objects.filter(name__in=detail["roles"]))


def end_sessions_of(account: User) -> None:
    sessions = UserSession.objects.filter(user=account)
    Session.objects.filter(session_key__in=list(sessions.values_list("session_key", flat=True))).delete()
    sessions.delete()


def refuse_no_reason(reason: str) -> None:
    if not reason.strip() or len(reason) > LONGEST_REASON:
        raise InvalidValue("Say why, in at most 500 characters.", "reason")
