"""E-mails to people. They say that there is news, never its content."""

from collections import Counter
from datetime import date
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import ngettext

from consents.models import Frequency, NoticeKind, Preference
from consents.notices.actions import mailing_id, note_mailing
from consents.notices.preferences import preference_of
from consents.notices.queries import digest_counts
from consents.notices.unsubscribing import unsubscribe_token
from privacycenter.models import User
from privacycenter.text.languages import speaking


def send_digest(*, person: User, day: date) -> None:
    """Send the digest of one day, unless there is no news, no address, or the person chose otherwise.

    The mailing is recorded after sending, so repeated work sends nothing. A worker that dies between the two lets a
    second copy go out, with the same ``Message-ID``.
    """
    chosen, id = preference_of(person), mailing_id("digest", day.isoformat())
    if not is_to_be_sent(person, chosen, id):
        return
    counts = digest_counts(person, day, urgent_only=chosen.frequency == Frequency.URGENT)
    if counts:
        with speaking(chosen.language):
            digest_mail(person, counts, id).send()
        note_mailing(person=person, id=id, notice_count=counts.total())


def is_to_be_sent(person: User, chosen: Preference, id: UUID) -> bool:
    wants_mail = bool(person.email) and person.is_active and chosen.frequency != Frequency.NEVER
    return wants_mail and not person.mailings.filter(id=id).exists()


def digest_mail(person: User, counts: Counter[NoticeKind], id: UUID) -> EmailMessage:
    total = counts.total()
    subject = ngettext("%(count)s notice about your data", "%(count)s notices about your data", total)
    context = {
        "lines": [counted(kind, counts[kind]) for kind in NoticeKind if counts[kind]],
        "address": settings.SITE_ADDRESS + reverse("notice_list"),
    }
    return mail(person, subject % {"count": total}, "notices/mails/digest.txt", context, id)


def counted(kind: NoticeKind, count: int) -> str:
    """Return the text for a count of one kind. It names nobody."""
    words = {
        NoticeKind.REQUEST: ngettext(
            "%(count)s request waits for your answer", "%(count)s requests wait for your answer", count
        ),
        NoticeKind.NEW_RECIPIENT: ngettext(
            "%(count)s company received your data for the first time",
            "%(count)s companies received your data for the first time",
            count,
        ),
        NoticeKind.FLAGGED: ngettext(
            "%(count)s notice of disclosures with a warning", "%(count)s notices of disclosures with a warning", count
        ),
        NoticeKind.APPROVAL_ENDING: ngettext(
            "%(count)s of your approvals ends soon", "%(count)s of your approvals end soon", count
        ),
        NoticeKind.WITHDRAWAL_MOVED: ngettext(
            "%(count)s step in a withdrawal of yours", "%(count)s steps in withdrawals of yours", count
        ),
        NoticeKind.EXPORT_READY: ngettext("%(count)s file is ready", "%(count)s files are ready", count),
    }
    return words[kind] % {"count": count}


def mail(person: User, subject: str, template: str, context: dict[str, Any], id: UUID) -> EmailMessage:
    """Build an e-mail. ``id`` becomes the ``Message-ID``; it can be unsubscribed from with one click (RFC 8058)."""
    leaving = settings.SITE_ADDRESS + reverse("unsubscribe", args=[unsubscribe_token(person)])
    more = {"unsubscribe": leaving, "settings": settings.SITE_ADDRESS + reverse("my_settings")}
    return EmailMessage(
        subject,
        render_to_string(template, {**context, **more}),
        settings.DEFAULT_FROM_EMAIL,
        [person.email],
        headers={
            "Message-ID": f"<{person.pk}.{id}@{settings.DEFAULT_FROM_EMAIL.rpartition('@')[2]}>",
            "Auto-Submitted": "auto-generated",
            "List-Unsubscribe": f"<{leaving}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        },
    )
