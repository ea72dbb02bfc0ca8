"""Putting accounts of one person together, and taking them apart. No row of a record moves: each keeps its own account.

Under each account it is written since when which accounts are one person (``SharedRecord``), and their rows in the user
table say so for reading. docs/decisions/0027 says what follows from it.
"""

from collections.abc import Collection, Iterator
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from consents.asking.topics import APPROVALS_CHANGED, AboutDecision
from consents.exports.actions import make_anew
from consents.models import Decision, Export, StandingRule
from consents.people.merge_report import MergeReport, merge_report, separation_report
from consents.people.obstacles import Obstacle, obstacle_to_merging
from disclosures.accounts.actions import (
    Perform,
    answer_change,
    begin_change,
    end_sessions_of,
    refuse_no_reason,
    write_step,
)
from disclosures.models import AccountChange, AccountStage, AccountStep, SharedRecord
from disclosures.models.ledger.shared_records import Account, accounts_in
from privacycenter.errors import InvalidValue
from privacycenter.identifiers import uuid7
from privacycenter.models import User
from privacycenter.outbox.leaving import leave_each


@transaction.atomic
def merge_people(
    *, account: User, into: User, reason: str, dry_run: bool = False, by: User | None = None
) -> tuple[MergeReport, bool]:
    """Put an account into another of the same person. Return the report, and whether it is done.

    It is not with ``dry_run``, or if it waits for a second person (``SECOND_PERSON``, at the desk).

    ``by`` is None for a command. Raises InvalidValue without a reason, or with the words of an ``Obstacle``.
    """
    refuse_no_reason(reason)
    account, into = locked(account, into)
    refuse(obstacle_to_merging(account, into))
    report = merge_report(account, into)
    if dry_run:
        return report, False
    step = begin_change(account, AccountChange.MERGED, reason, {"other": into.pk}, putting_together(reason, by), by)
    return report, step.stage == AccountStage.DONE


@transaction.atomic
def separate_people(
    *, account: User, into: User, reason: str, dry_run: bool = False, by: User | None = None
) -> tuple[MergeReport, bool]:
    """Take an account out of the one that it was put into. As ``merge_people``."""
    refuse_no_reason(reason)
    account, into = locked(account, into)
    refuse(None if account.merged_into_id == into.pk else Obstacle.NOT_TOGETHER)
    report = separation_report(account, into)
    if dry_run:
        return report, False
    step = begin_change(account, AccountChange.SEPARATED, reason, {"other": into.pk}, taking_apart(reason, by), by)
    return report, step.stage == AccountStage.DONE


@transaction.atomic
def answer_merging(*, proposed: AccountStep, is_approved: bool, reason: str, by: User) -> AccountStep:
    """Approve and do what another officer proposed (``MERGED`` or ``SEPARATED``), or refuse it.

    Raises InvalidValue without a reason or if something stands in the way by now, NoLongerOpen if it was answered,
    SecondPersonNeeded for who proposed it, ApproverIsNew for who may approve only later.
    """
    refuse_no_reason(reason)
    account, into = locked(proposed.person, User.objects.get(pk=proposed.detail["other"]))
    is_merging = proposed.change is AccountChange.MERGED
    if is_approved:
        apart = None if account.merged_into_id == into.pk else Obstacle.NOT_TOGETHER
        refuse(obstacle_to_merging(account, into) if is_merging else apart)
    perform = (putting_together if is_merging else taking_apart)(proposed.reason, by)
    return answer_change(account, proposed, is_approved, reason, perform, by)


def locked(account: User, into: User) -> tuple[User, User]:
    """Lock both with all that are one person with either, in the order of their keys. Return both as they are now."""
    wanted = {account.pk, into.pk}
    while True:
        with transaction.atomic():
            rows = {row.pk: row for row in User.objects.lock_accounts(wanted)}
            together = {key for row in rows.values() for key in row.keys}
            if together == wanted:
                return rows[account.pk], rows[into.pk]
            # Not more of them while some are held: they are locked again, all in their order.
            transaction.set_rollback(True)
        wanted = {*together, account.pk, into.pk}


def refuse(obstacle: Obstacle | None) -> None:
    if obstacle:
        raise InvalidValue(str(obstacle.label), obstacle.value)


def putting_together(reason: str, by: User | None) -> Perform:
    def perform(account: User, kind: AccountChange, detail: dict[str, Any]) -> None:
        into = User.objects.get(pk=detail["other"])
        before = accounts_of(into)
        since = moment_after([account.pk, *into.keys])
        write_accounts([*before, (account.pk, since)], since)
        User.objects.filter(pk=account.pk).update(merged_into=into)
        end_sessions_of(account)
        recount_approvals([account.pk])
        tell_other(into, account, kind, reason, by)

    return perform


def taking_apart(reason: str, by: User | None) -> Perform:
    def perform(account: User, kind: AccountChange, detail: dict[str, Any]) -> None:
        into = User.objects.get(pk=detail["other"])
        since = moment_after(into.keys)
        write_accounts([one for one in accounts_of(into) if one[0] != account.pk], since)
        write_accounts([(account.pk, None)], since)
        User.objects.filter(pk=account.pk).update(merged_into=None)
        remake_files(into.keys)
        recount_approvals([account.pk, into.pk])
        tell_other(into, account, kind, reason, by)

    return perform


def accounts_of(into: User) -> list[Account]:
    """Return the accounts that are one person with this one, which others were put into, or it alone."""
    newest = SharedRecord.objects.filter(person=into).newest_first().first()
    return accounts_in(newest.accounts if newest else []) or [(into.pk, None)]


def write_accounts(accounts: list[Account], since: datetime) -> None:
    """Write under each of these that they are one person since then; of a single one, that it is alone."""
    keys = [key for key, _since in accounts]
    listed = [[key, at.isoformat() if at else None] for key, at in accounts] if len(keys) > 1 else []
    for key in keys:
        SharedRecord.objects.create(person_id=key, id=uuid7(), accounts=listed, made_at=since)
        others = [other for other in keys if other != key]
        User.objects.filter(pk=key).update(record_keys=[key, *others] if others else None)


def moment_after(keys: Collection[int]) -> datetime:
    """Return now, or the moment after all that these accounts decided, if another machine's clock was ahead.

    What they decide from then on is decided by one person; it is what was decided before that may differ.
    """
    columns = ((Decision, "decided_at"), (StandingRule, "made_at"), (SharedRecord, "made_at"))
    newest: Iterator[datetime | None] = (
        model._default_manager.filter(person_id__in=keys).order_by(f"-{column}").values_list(column, flat=True).first()
        for model, column in columns
    )
    return max([timezone.now(), *(moment + timedelta(microseconds=1) for moment in newest if moment)])


def remake_files(keys: Collection[int]) -> None:
    """Have the files made anew that hold the records of accounts that are no longer one person's."""
    for export in Export.objects.filter(person_id__in=keys, ready_at__isnull=False, expired_at__isnull=True):
        make_anew(export)


def recount_approvals(keys: Collection[int]) -> None:
    """Have it counted anew what is allowed about all that these accounts decided about."""
    rows = Decision.objects.filter(person_id__in=keys).order_by("decided_at", "id")
    columns = ("person_id", "recipient_id", "service_id", "scenario_id", "id")
    newest = {about[:-1]: about for about in rows.values_list(*columns)}
    leave_each(APPROVALS_CHANGED, [AboutDecision(person=about[0], decision=about[-1]) for about in newest.values()])


def tell_other(into: User, account: User, kind: AccountChange, reason: str, by: User | None) -> None:
    """Write the step under the other account too, whose owner is told as well."""
    step = account.account_steps.filter(person=account, kind=kind).order_by("-taken_at", "-id")[0]
    write_step(into, uuid7(), step.change_id, kind, AccountStage.DONE, {"other": account.pk}, reason, by)
