"""Filing a recall, recording what became of it, telling a recipient by mail, and taking it back."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext, ngettext

from consents.acting.actions import note_acted
from consents.models import Recall, RecallCase, RecallClosure, RecallKind, RecallMail, RecallStep, RecallStepKind
from consents.models.recalls import DONE_WITHIN, REMINDED_AFTER, steps_for
from consents.recalls.about import About
from consents.recalls.countersigned import SAID_BY_STEP, matter_of_case
from consents.recalls.targets import Target, targets
from consents.recalls.topics import (
    RECALL_FILED,
    RECALL_MAIL_ASKED,
    RECALL_MOVED,
    AboutRecall,
    MailAsked,
    RecallMoved,
)
from consents.withdrawals.actions import refuse_bad_reason
from disclosures.countersigning.actions import Signed, countersign
from disclosures.inquiries.actions import take_step
from disclosures.inquiries.followed import REACHES_RECIPIENTS
from disclosures.inquiries.numbers import as_reference
from disclosures.models import Inquiry, InquiryStatus, Reporter
from privacycenter.errors import InvalidValue, NoLongerOpen, StepDiffers, StepTooLate
from privacycenter.identifiers import uuid7
from privacycenter.models import RowKind, User
from privacycenter.outbox.leaving import leave, leave_each
from privacycenter.proof.growing import record_grew
from privacycenter.text.languages import speaking
from privacycenter.text.words import said


@dataclass(frozen=True)
class ByRecipient:
    """The recipient itself, through the link that it was sent."""


RECIPIENT = ByRecipient()


@transaction.atomic
def file_recall(
    *, kind: RecallKind, about: About, incident: UUID | None = None, inquiry: str = "",
    for_person: User | None = None, by: User,
) -> Recall:  # fmt: skip
    """Ask every recipient that holds what this is about to delete, correct or no longer use it: one case for each
    recipient and service. What an open case asks for already is not asked twice.

    ``for_person``: whose data it is, where an officer files it for them; None is ``by``. ``inquiry``: the reference
    number of the request to the operator in which that was asked for, which then gets a step that says so. Raises
    InvalidValue if nobody is left to be asked, for an incident that the person was not told of, and for a request that
    another sent, that is connected with nobody, that asks recipients for nothing, or of which nobody files a recall for
    its sender; NoLongerOpen if who represents the person may not, or no longer.
    """
    person = User.objects.lock_as_seen(for_person or by)
    if incident and not person.incident_notices.filter(id=incident).exists():
        raise InvalidValue("The person was not told of such an incident.", "incident")
    sent = inquiry_sent(inquiry, person) if inquiry and for_person else None
    if inquiry and sent is None:
        raise InvalidValue("The person sent no such request.", "inquiry")
    asked = [one for one in targets(person, about, kind) if not one.is_asked]
    if not asked:
        raise InvalidValue("Nobody is left who could be asked: nothing was reported, or it was asked for.", "about")
    id, now = uuid7(), timezone.now()
    of_accounts = {
        account: [(uuid7(), one) for one in asked if one.account == account]
        for account in sorted({one.account for one in asked})
    }
    recalls = [
        Recall.objects.create(
            person_id=account, id=id, kind=kind, about=about.stored, incident_id=incident, asked_at=now,
            staff_id=by.pk if for_person else None, inquiry=sent.reference if sent else "",
            targets=[target_of(case, one) for case, one in cases],
        )
        for account, cases in of_accounts.items()
    ]  # fmt: skip
    RecallCase.objects.bulk_create(
        RecallCase(
            whose_id=account, recall_id=id, case_id=case, kind=kind, recipient_id=one.recipient_id,
            service_id=one.service_id, opened_at=now, due_at=now + DONE_WITHIN,
        )
        for account, cases in of_accounts.items()
        for case, one in cases
    )  # fmt: skip
    leave_each(RECALL_FILED, [AboutRecall(person=recall.person_id, recall=id) for recall in recalls])
    record_grew(RowKind.RECALL, [recall.pk for recall in recalls])
    note_acted(person=person, kind=RowKind.RECALL, row=recalls[0].pk)
    if sent:
        note_recall(sent, len({one.recipient for one in asked}), by)
    return recalls[0]


def inquiry_sent(reference: str, person: User) -> Inquiry | None:
    """Return a request of this person: sent by them, or connected with them by an officer. Two SQL statements.

    Raises InvalidValue for a request that nobody is known to have sent, and for one that asks recipients for nothing.
    """
    sent = Inquiry.objects.select_related("standing").filter(reference=as_reference(reference)).first()
    if sent is None:
        return None
    whose = sent.asked_by_id or sent.standing.whose_id
    if whose is None:
        raise InvalidValue("Connect the request with this person first.", "whose")
    if whose not in person.keys:
        return None
    if sent.standing.kind not in REACHES_RECIPIENTS:
        raise InvalidValue("The request asks recipients for nothing.", "kind")
    return sent


def note_recall(sent: Inquiry, count: int, by: User) -> None:
    """Say at the request how many companies are to be asked. A closed one stays closed."""
    status = InquiryStatus(sent.standing.status)
    if status is InquiryStatus.CLOSED:
        return
    status = InquiryStatus.IN_PROGRESS if status is InquiryStatus.RECEIVED else status
    with speaking(sent.language):
        message = ngettext(
            "We filed a recall: %(count)s company is to be asked.",
            "We filed a recall: %(count)s companies are to be asked.",
            count,
        ) % {"count": count}
        # Who was not logged in may have no account that shows it.
        if sent.asked_by_id:
            message = "\n".join([message, gettext("What each does is under “My recalls”.")])
    take_step(inquiry=sent, status=status, message=message, by=by)


def target_of(case: UUID, one: Target) -> dict[str, Any]:
    return {
        "case": str(case), "recipient": one.recipient, "service": one.service, "items": list(one.items),
        "count": one.count,
    }  # fmt: skip


@transaction.atomic
def take_recall_step(
    *,
    case: RecallCase,
    kind: RecallStepKind,
    reason: Mapping[str, str] | None = None,
    is_delivery: bool = False,
    signed: Signed | None = None,
    by: Reporter | User | ByRecipient,
) -> tuple[RecallStep, bool]:
    """Record a step of a case. Return the step and True, or the same step recorded before and False.

    Steps only go forward; what was kept, refused or taken back may still be done. ``reason``: language → text, required
    for ``KEPT`` and ``REFUSED`` in the site's first language (of a recipient in any), refused for any other step
    (InvalidValue, also for a step that does not answer a recall of this kind). Raises StepTooLate if a later step was
    recorded, and StepDiffers for the same step with another reason: what the person was told stays.

    ``signed``: what the recipient signed of it, that it received the recall or deleted the data; also of a step that
    was recorded before without it. Raises the refusals of ``countersign``, and InvalidValue with any other step, or
    from an officer.
    """
    reason = said(reason)
    if kind not in steps_for(case.kind):
        raise InvalidValue(f"This step does not answer a recall of the kind “{case.kind}”.", "step")
    # A recipient says it in the language in which it was asked: nobody puts words of another into its mouth.
    language = next(iter(reason), None) if isinstance(by, ByRecipient) else None
    refuse_bad_reason(kind.needs_reason, reason, language=language or settings.LANGUAGE_CODE)
    User.objects.lock(case.whose_id)
    taken = list(RecallStep.objects.filter(person_id=case.whose_id, case_id=case.case_id))
    if same := next((step for step in taken if step.kind == kind), None):
        if same.reason != reason:
            raise StepDiffers("What the person was told first stays.", "reason")
        step, is_new = same, False
    elif any(step.kind > kind for step in taken):
        raise StepTooLate("A later step was taken already.", "step")
    else:
        step, is_new = add_step(case, kind, reason=reason, is_delivery=is_delivery, by=by), True
    if signed:
        countersign_step(case, kind, signed, by)
    return step, is_new


def countersign_step(case: RecallCase, kind: RecallStepKind, signed: Signed, by: Reporter | User | ByRecipient) -> None:
    """Record what the recipient signed of a step. MUST be called in the transaction that takes it."""
    if isinstance(by, User):
        raise InvalidValue("What a recipient signed comes from a service, or by the recipient's link.", "signed")
    row, _is_new = countersign(matter=matter_of_case(case), signed=signed, by=by if isinstance(by, Reporter) else None)
    if SAID_BY_STEP.get(kind) != row.said:
        raise InvalidValue("The recipient signed something else than this step says.", "statement")


@transaction.atomic
def take_back_recall(*, recall: UUID, case: UUID | None = None, by: User) -> list[RecallStep]:
    """Take a recall back, or one case of it: what is not done yet need not be done. Return the step of each case.

    Raises NoLongerOpen if nothing of it is open, or who represents the person may not do it, or no longer.
    """
    person = User.objects.lock_as_seen(by)
    found = RecallCase.objects.open().filter(
        whose_id__in=person.keys, recall_id__in=person.recalls.filter(id=recall).values("id")
    )
    cases = list(found.filter(case_id=case) if case else found)
    if not cases:
        raise NoLongerOpen("Nothing of this recall is open.")
    steps = [add_step(one, RecallStepKind.TAKEN_BACK, by=None) for one in cases]
    for step in steps:
        note_acted(person=person, kind=RowKind.RECALL_STEP, row=step.pk)
    return steps


def add_step(
    case: RecallCase, kind: RecallStepKind, *, reason: Mapping[str, str] | None = None, is_delivery: bool = False,
    by: Reporter | User | ByRecipient | None,
) -> RecallStep:  # fmt: skip
    """Write a step, close the case if it ends it, and tell of it. MUST hold the person's lock.

    ``by``: None if the person took it back.
    """
    step = RecallStep.objects.create(
        person_id=case.whose_id, id=uuid7(), recall_id=case.recall_id, case_id=case.case_id, kind=kind,
        reason=reason or {}, is_delivery=is_delivery, reporter_id=by.pk if isinstance(by, Reporter) else None,
        staff_id=by.pk if isinstance(by, User) else None, is_by_recipient=isinstance(by, ByRecipient),
        taken_at=timezone.now(),
    )  # fmt: skip
    if kind.is_closing:
        RecallClosure.objects.get_or_create(case=case, defaults={"closed_at": step.taken_at})
    leave(
        RECALL_MOVED,
        RecallMoved(person=case.whose_id, recall=case.recall_id, case=case.case_id, step=kind.code, at=step.taken_at),
    )
    record_grew(RowKind.RECALL_STEP, [step.pk])
    return step


@transaction.atomic
def tell_recipient_by_mail(*, case: RecallCase, address: str, by: User) -> RecallMail:
    """Have the recipient told by mail, with a link by which it answers. The mail is sent after the commit; that it was
    taken is a step. A recipient that has not answered is reminded once.

    Raises InvalidValue for what is no address, NoLongerOpen if the case is closed.
    """
    try:
        validate_email(address)
    except ValidationError as error:
        raise InvalidValue("That is not an e-mail address.", "address") from error
    locked = RecallCase.objects.select_for_update().get(pk=case.pk)
    if RecallClosure.objects.filter(case=locked).exists():
        raise NoLongerOpen("The case is closed.", "address")
    mail = RecallMail.objects.create(case=locked, address=address, asked_at=timezone.now(), asked_by=by)
    leave(RECALL_MAIL_ASKED, MailAsked(mail=mail.pk))
    leave(RECALL_MAIL_ASKED, MailAsked(mail=mail.pk, is_reminder=True), due_at=mail.asked_at + REMINDED_AFTER)
    return mail
