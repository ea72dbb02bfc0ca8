"""Keeping an entry of a record from its person by law, the second officer's review, and its release."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from disclosures.approvers.queries import refuse_new_approver
from disclosures.models import Disclosure, WithholdingGround, WithholdingKind, WithholdingStep
from disclosures.models.ledger.withholding import ENDING, UNREVIEWED
from disclosures.officers.actions import LONGEST_REASON
from disclosures.officers.topics import DISCLOSURE_SHOWN_AGAIN, ShownAgain
from privacycenter.errors import InvalidValue, NoLongerOpen, SecondPersonNeeded
from privacycenter.identifiers import uuid7
from privacycenter.models import User
from privacycenter.outbox.leaving import leave
from privacycenter.proof.topics import RECORD_RESEALED, RecordResealed


@transaction.atomic
def withhold_disclosure(
    *, disclosure: Disclosure, ground: WithholdingGround, until: datetime, reason: str, by: User
) -> WithholdingStep:
    """Keep a disclosure from its person from now on: for seven days, and once a second officer approves until then.

    Raises InvalidValue without a reason or for a time that is not in the future, NoLongerOpen if it is kept back
    already. Tells nobody.
    """
    refuse_no_reason(reason)
    if until <= timezone.now():
        raise InvalidValue("It has to end in the future.", "until")
    person = User.objects.lock(disclosure.person_id)
    if in_force(person, disclosure):
        raise NoLongerOpen("It is withheld already.")
    leave(RECORD_RESEALED, RecordResealed(person=person.pk))
    return add_step(person, disclosure, WithholdingKind.ENTERED, reason, by, ground=ground, until=until)


@transaction.atomic
def review_withholding(*, disclosure: Disclosure, is_approved: bool, reason: str, by: User) -> WithholdingStep:
    """Approve or refuse what another officer entered.

    Raises SecondPersonNeeded for the officer who entered it, ApproverIsNew for who may approve only later, and
    NoLongerOpen if there is nothing to review.
    """
    refuse_no_reason(reason)
    person = User.objects.lock(disclosure.person_id)
    entered = newest(person, disclosure)
    if entered is None or entered.kind != WithholdingKind.ENTERED or not in_force(person, disclosure):
        raise NoLongerOpen("There is nothing to review.")
    if entered.staff_id == by.pk:
        raise SecondPersonNeeded("Another officer has to review it.")
    if is_approved:
        refuse_new_approver(by)
    kind = WithholdingKind.APPROVED if is_approved else WithholdingKind.REFUSED
    return add_step(person, disclosure, kind, reason, by)


@transaction.atomic
def release_disclosure(*, disclosure: Disclosure, reason: str, by: User) -> WithholdingStep:
    """Show it to its person again. Raises NoLongerOpen if it is not kept back."""
    refuse_no_reason(reason)
    person = User.objects.lock(disclosure.person_id)
    if not in_force(person, disclosure):
        raise NoLongerOpen("It is not withheld.")
    return add_step(person, disclosure, WithholdingKind.RELEASED, reason, by)


def add_step(
    person: User, disclosure: Disclosure, kind: WithholdingKind, reason: str, by: User, *, ground: str = "",
    until: datetime | None = None,
) -> WithholdingStep:  # fmt: skip
    before, now = newest(person, disclosure), timezone.now()
    shown_again = ShownAgain(person=person.pk, recipient=disclosure.recipient_id, disclosure=disclosure.id)
    for moment in [now] if kind in ENDING else [now + UNREVIEWED, until] if until else []:
        leave(DISCLOSURE_SHOWN_AGAIN, shown_again, due_at=moment)
    return WithholdingStep.objects.create(
        person=person,
        id=uuid7(),
        disclosure_id=disclosure.id,
        number=before.number + 1 if before else 1,
        kind=kind,
        ground=ground,
        until=until,
        reason=reason.strip(),
        staff_id=by.pk,
        taken_at=now,
    )


def newest(person: User, disclosure: Disclosure) -> WithholdingStep | None:
    steps = WithholdingStep.objects.filter(person=person, disclosure_id=disclosure.id)
    return steps.order_by("-number").first()


def in_force(person: User, disclosure: Disclosure) -> bool:
    steps = WithholdingStep.objects.filter(person=person, disclosure_id=disclosure.id)
    return bool(steps.in_force().exists())


def refuse_no_reason(reason: str) -> None:
    if not reason.strip() or len(reason) > LONGEST_REASON:
        raise InvalidValue("Say why, in at most 5,000 characters.", "reason")
