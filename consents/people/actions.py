"""What an officer or a command does to a person: erase them."""

from typing import Any

from django.db import transaction

from consents.people.erasing_actions import ErasureReport, erase_now
from disclosures.accounts.actions import Perform, begin_change, end_change, refuse_no_reason, write_step
from disclosures.models import AccountChange, AccountStage, AccountStep
from privacycenter.identifiers import uuid7
from privacycenter.models import User


@transaction.atomic
def erase_person(*, person: User, reason: str, dry_run: bool = False, by: User | None = None) -> ErasureReport | None:
    """Erase a person and return the report. None if it waits for a second person (``SECOND_PERSON``, at the desk).

    ``by`` is None for a command. With ``dry_run`` everything is tried and nothing stays done. Raises InvalidValue
    without a reason or for staff, RecordDemanded while the law demands the record.
    """
    refuse_no_reason(reason)
    person = User.objects.lock(person.pk)
    if dry_run:
        return tried(person, reason)
    done: list[ErasureReport] = []
    if by is not None:
        tried(person, reason)
    begin_change(person, AccountChange.ERASED, reason, {}, erasing(reason, by, done), by)
    return done[0] if done else None


@transaction.atomic
def answer_erasure(*, proposed: AccountStep, is_approved: bool, reason: str, by: User) -> ErasureReport | None:
    """Approve what another officer proposed and erase, or refuse it: then None.

    Raises InvalidValue without a reason, NoLongerOpen if it was answered, SecondPersonNeeded for who proposed it,
    ApproverIsNew for who may approve only later, and RecordDemanded if the law demands the record by now.
    """
    refuse_no_reason(reason)
    done: list[ErasureReport] = []
    end_change(proposed, is_approved, reason, erasing(proposed.reason, by, done), by)
    return done[0] if done else None


def erasing(reason: str, by: User | None, done: list[ErasureReport]) -> Perform:
    def perform(person: User, _kind: AccountChange, _detail: dict[str, Any]) -> None:
        done.append(erase_now(person, reason, by))

    return perform


def tried(person: User, reason: str) -> ErasureReport:
    """Return what erasing would do, by doing it and taking it back."""
    id = uuid7()
    with transaction.atomic():
        write_step(person, id, id, AccountChange.ERASED, AccountStage.DONE, {}, reason, None)
        report = erase_now(User.objects.get(pk=person.pk), reason, None)
        transaction.set_rollback(True)
    return report
