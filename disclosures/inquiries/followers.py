"""Follower that sends mails about requests to the operator, after the commit."""

from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from disclosures.models import Inquiry, InquiryKind, InquiryStatus, InquiryStep
from privacycenter.outbox.work import outside_a_transaction


@outside_a_transaction
def send_inquiry_mail(topic: str, payload: dict[str, Any]) -> None:
    """Send a mail in the language of the request.

    The subject names no person and no recipient. The mail does not repeat what the sender wrote, so that the form
    cannot be used to send text to another person's address. Sent at least once: if a worker dies between sending and
    recording it, the mail is sent again.
    """
    inquiry = Inquiry.objects.get(pk=payload["inquiry"])
    step = InquiryStep.objects.get(pk=payload["step"]) if topic == "inquiry.step_taken" else None
    with override(inquiry.language):
        mail_of(inquiry, step, payload["site_address"]).send()


def mail_of(inquiry: Inquiry, step: InquiryStep | None, site_address: str) -> EmailMessage:
    subject = _("We received your request (%(reference)s)") if step is None else _("Your request (%(reference)s)")
    context = {
        "reference": inquiry.reference,
        "kind": InquiryKind(inquiry.kind).label,
        "asked_at": inquiry.asked_at,
        "status": InquiryStatus(step.status).label if step else "",
        "message": step.message if step else "",
        "address": site_address + reverse("inquiry", args=[inquiry.reference]),
    }
    template = "inquiries/mails/inquiry_step.txt" if step else "inquiries/mails/inquiry_filed.txt"
    return EmailMessage(
        subject % {"reference": inquiry.reference},
        render_to_string(template, context),
        settings.DEFAULT_FROM_EMAIL,
        [inquiry.email],
        # Ask for no automatic replies (RFC 3834).
        headers={"Auto-Submitted": "auto-generated"},
    )
