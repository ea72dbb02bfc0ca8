"""Opening the case of a withdrawal and recording its steps."""

from collections.abc import Mapping

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from consents.models import (
    ANSWER_WITHIN,
    CLOSING,
    Decision,
    StepKind,
    WithdrawalCase,
    WithdrawalClosure,
    WithdrawalStep,
)
from consents.withdrawals.topics import WITHDRAWAL_MOVED, WithdrawalMoved
from disclosures.models import Reporter
from privacycenter.errors import InvalidValue, StepDiffers, StepTooLate
from privacycenter.identifiers import uuid7
from privacycenter.models import User
from privacycenter.outbox.leaving import leave

LONGEST_REASON = 500


def open_withdrawal_case(*, withdrawal: Decision) -> WithdrawalCase:
    """Return the withdrawal's case, opening it if there is none.

    MUST be called in a transaction that has locked the person's row.
    """
    case, _created = WithdrawalCase.objects.get_or_create(
        whose_id=withdrawal.person_id,
        withdrawal_id=withdrawal.id,
        defaults={
            "recipient": withdrawal.recipient,
            "service": withdrawal.service,
            "opened_at": withdrawal.decided_at,
            "due_at": withdrawal.decided_at + ANSWER_WITHIN,
        },
    )
    return case


@transaction.atomic
def take_withdrawal_step(
    *,
    withdrawal: Decision,
    kind: StepKind,
    reason: Mapping[str, str] | None = None,
    is_delivery: bool = False,
    by: Reporter | User,
) -> tuple[WithdrawalStep, bool]:
    """Record a step of a withdrawal. Return the step and True, or the same step recorded before and False.

    Steps only go forward, but kept data may be deleted later. ``reason``: language → text, required for ``KEPT`` and
    refused for any other step (InvalidValue). ``by``: the service's machine or the officer. Raises StepTooLate if a
    later step was recorded, and StepDiffers for the same step with another reason: what the person was told stays.
    """
    reason = {language: text.strip() for language, text in (reason or {}).items() if text.strip()}
    refuse_bad_reason(kind, reason)
    User.objects.lock(withdrawal.person_id)
    taken = list(WithdrawalStep.objects.filter(person_id=withdrawal.person_id, withdrawal_id=withdrawal.id))
    for step in taken:
        if step.kind == kind:
            if step.reason != reason:
                raise StepDiffers("What the person was told first stays.", "reason")
            return step, False
    if any(step.kind > kind for step in taken):
        raise StepTooLate("A later step was taken already.", "step")
    step = WithdrawalStep.objects.create(
        person_id=withdrawal.person_id,
        id=uuid7(),
        withdrawal_id=withdrawal.id,
        kind=kind,
        reason=reason,
        is_delivery=is_delivery,
        reporter_id=by.pk if isinstance(by, Reporter) else None,
        staff_id=by.pk if isinstance(by, User) else None,
        taken_at=timezone.now(),
    )
    case = open_withdrawal_case(withdrawal=withdrawal)
    if kind in CLOSING:
        WithdrawalClosure.objects.get_or_create(case=case, defaults={"closed_at": step.taken_at})
    leave(WITHDRAWAL_MOVED, WithdrawalMoved(person=withdrawal.person_id, withdrawal=withdrawal.id, step=kind.code))
    return step, True


def refuse_bad_reason(kind: StepKind, reason: Mapping[str, str]) -> None:
    if kind is StepKind.KEPT and not reason.get(settings.LANGUAGE_CODE):
        raise InvalidValue("Say in Japanese why the data is kept: the person reads it.", "reason")
    if kind is not StepKind.KEPT and reason:
        raise InvalidValue("Only what is kept needs a reason.", "reason")
    if any(len(text) > LONGEST_REASON for text in reason.values()):
        raise InvalidValue(f"At most {LONGEST_REASON} characters.", "reason")
