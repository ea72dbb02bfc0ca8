"""Opening the case of a withdrawal and recording its steps."""

from collections.abc import Mapping
from datetime import datetime

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
from consents.withdrawals.queries import is_anything_reported
from consents.withdrawals.topics import WITHDRAWAL_MOVED, WithdrawalMoved
from disclosures.models import Reporter
from privacycenter.errors import InvalidValue, NothingReported, StepDiffers, StepTooLate
from privacycenter.identifiers import uuid7
from privacycenter.models import RowKind, User
from privacycenter.outbox.leaving import leave
from privacycenter.proof.growing import record_grew
from privacycenter.text.legible import fault_of
from privacycenter.text.words import said

LONGEST_REASON = 500


def open_case_if_reported(*, withdrawal: Decision, at: datetime | None = None) -> WithdrawalCase | None:
    """Open the withdrawal's case if something of before it was reported as provided; else there is nothing to follow:
    None.

    ``at``: from when the recipient's time to answer counts; None is the withdrawal itself. MUST be called in a
    transaction that has locked the person's row. A report that comes later opens it (``withdrawals.followers``).
    """
    return open_withdrawal_case(withdrawal=withdrawal, at=at) if is_anything_reported(withdrawal) else None


def open_withdrawal_case(*, withdrawal: Decision, at: datetime | None = None) -> WithdrawalCase:
    """Return the withdrawal's case, opening it if there is none.

    MUST be called in a transaction that has locked the person's row.
    """
    opened_at = at or withdrawal.decided_at
    case, _created = WithdrawalCase.objects.get_or_create(
        whose_id=withdrawal.person_id,
        withdrawal_id=withdrawal.id,
        defaults={
            "recipient": withdrawal.recipient,
            "service": withdrawal.service,
            "opened_at": opened_at,
            "due_at": opened_at + ANSWER_WITHIN,
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
    NothingReported: there is no case, because no disclosure of before the withdrawal was reported.
    """
    reason = said(reason)
    refuse_bad_reason(kind is StepKind.KEPT, reason)
    User.objects.lock(withdrawal.person_id)
    case = case_of(withdrawal)
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
    if kind in CLOSING:
        WithdrawalClosure.objects.get_or_create(case=case, defaults={"closed_at": step.taken_at})
    moved = WithdrawalMoved(person=withdrawal.person_id, withdrawal=withdrawal.id, step=kind.code, at=step.taken_at)
    leave(WITHDRAWAL_MOVED, moved)
    record_grew(RowKind.STEP, [step.pk])
    return step, True


def case_of(withdrawal: Decision) -> WithdrawalCase:
    """Return the withdrawal's case, or raise NothingReported. One that a late report opens is opened here if the
    follower was not there yet. Its person's row is locked."""
    found = WithdrawalCase.objects.filter(whose_id=withdrawal.person_id, withdrawal_id=withdrawal.id).first()
    case = found or open_case_if_reported(withdrawal=withdrawal, at=timezone.now())
    if case is None:
        raise NothingReported(
            "There is no case: no disclosure of before the withdrawal is there to be followed. A late report opens one."
        )
    return case


def refuse_bad_reason(is_needed: bool, reason: Mapping[str, str], *, language: str = settings.LANGUAGE_CODE) -> None:
    """Refuse a step without the reason that it needs, with one that it does not, or with one that cannot be read."""
    if is_needed and not reason.get(language):
        raise InvalidValue("Say the reason in Japanese: the person reads it.", "reason")
    if not is_needed and reason:
        raise InvalidValue("Only what is kept or refused needs a reason.", "reason")
    if fault := next(filter(None, map(fault_of, reason.values())), None):
        raise InvalidValue(fault, "reason")
    if any(len(text) > LONGEST_REASON for text in reason.values()):
        raise InvalidValue(f"At most {LONGEST_REASON} characters.", "reason")
