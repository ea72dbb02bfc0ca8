"""Follower that sends mails about requests to the operator, after the commit."""

from django.conf import settings
from django.core.mail import EmailMessage
from django.urls import reverse
from django.utils.translation import gettext as _

from disclosures.inquiries.topics import (
    INQUIRY_FILED,
    INQUIRY_STEP_TAKEN,
    INQUIRY_TOLD,
    InquiryFiled,
    InquiryStepTaken,
    InquiryTold,
)
from disclosures.models import (
    AnswerWay,
    Attachment,
    IdentityState,
    Inquiry,
    InquiryEvent,
    InquiryEventKind,
    InquiryKind,
    InquiryStatus,
    InquiryStep,
    StepDelivery,
)
from disclosures.one_time.links import token_of
from privacycenter.mails import automatic_mail
from privacycenter.outbox.followers import Follower, Lane
from privacycenter.text.languages import speaking

mail = Follower("mail", lane=Lane.OUTSIDE)


@mail.follows(INQUIRY_FILED)
def confirm_inquiry(filed: InquiryFiled) -> None:
    send_mail(Inquiry.objects.get(pk=filed.inquiry), None)


@mail.follows(INQUIRY_STEP_TAKEN)
def tell_of_step(taken: InquiryStepTaken) -> None:
    send_mail(Inquiry.objects.get(pk=taken.inquiry), InquiryStep.objects.get(pk=taken.step))


@mail.follows(INQUIRY_TOLD)
def tell_of_event(told: InquiryTold) -> None:
    inquiry = Inquiry.objects.get(pk=told.inquiry)
    with speaking(inquiry.language):
        mail_about(inquiry, InquiryEvent.objects.get(pk=told.event)).send()


def mail_about(inquiry: Inquiry, event: InquiryEvent) -> EmailMessage:
    """Return the mail about a new day, or about who the sender is. As ``send_mail``, it repeats nothing they wrote."""
    context = {
        "reference": inquiry.reference,
        "kind": InquiryKind(inquiry.kind).label,
        "event": event,
        "is_failed": event.identity == IdentityState.FAILED,
        "address": settings.SITE_ADDRESS + reverse("inquiry", args=[inquiry.reference]),
    }
    if event.kind == InquiryEventKind.IDENTITY:
        subject, template = _("Please show us who you are (%(reference)s)"), "inquiries/mails/inquiry_identity.txt"
    else:
        subject, template = _("We answer later than we said (%(reference)s)"), "inquiries/mails/inquiry_due.txt"
        if event.kind == InquiryEventKind.LAW:
            subject = _("By when we answer has changed (%(reference)s)")
    return automatic_mail(subject % {"reference": inquiry.reference}, template, context, inquiry.email)


def send_mail(inquiry: Inquiry, step: InquiryStep | None) -> None:
    """Send a mail in the language of the request.

    The subject names no person and no recipient. The mail does not repeat what the sender wrote, so that the form
    cannot be used to send text to another person's address. Sent at least once: if a worker dies between sending and
    recording it, the mail is sent again.
    """
    with speaking(inquiry.language):
        mail_of(inquiry, step).send()


def mail_of(inquiry: Inquiry, step: InquiryStep | None) -> EmailMessage:
    subject = (
        _("We received your request (%(reference)s)")
        if step is None
        else _("The status of your inquiry has changed (%(reference)s)")
    )
    way = way_of(step)
    context = {
        "reference": inquiry.reference,
        "kind": InquiryKind(inquiry.kind).label,
        "asked_at": inquiry.asked_at,
        "status": InquiryStatus(step.status).label if step else "",
        "message": step.message if step and way is AnswerWay.IN_MAIL else "",
        "has_message": bool(step and step.message) and way is AnswerWay.ON_STATUS_PAGE,
        "has_files": bool(step) and way is not AnswerWay.ONE_TIME and Attachment.objects.filter(step=step).exists(),
        "one_time_address": one_time_address(step) if step and way is AnswerWay.ONE_TIME else "",
        "address": settings.SITE_ADDRESS + reverse("inquiry", args=[inquiry.reference]),
    }
    template = "inquiries/mails/inquiry_step.txt" if step else "inquiries/mails/inquiry_filed.txt"
    return automatic_mail(subject % {"reference": inquiry.reference}, template, context, inquiry.email)


def way_of(step: InquiryStep | None) -> AnswerWay:
    chosen = StepDelivery.objects.filter(step=step).values_list("way", flat=True).first() if step else None
    return AnswerWay(chosen or AnswerWay.IN_MAIL)


def one_time_address(step: InquiryStep) -> str:
    return settings.SITE_ADDRESS + reverse("one_time_answer", args=[token_of(step.one_time_page.pk)])
