"""E-mails to people. They say that there is news, never its content."""

from collections import Counter
from datetime import date, datetime
from email.utils import parseaddr
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMessage
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from consents.models import Frequency, NoticeKind, Preference
from consents.notices.actions import mailing_id, note_mailing
from consents.notices.preferences import preference_of
from consents.notices.queries import digest_counts
from consents.notices.unsubscribing import unsubscribe_token
from privacycenter.accounts.devices import device_of
from privacycenter.mails import automatic_mail
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
            "%(count)s company was reported to have received your data for the first time",
            "%(count)s companies were reported to have received your data for the first time",
            count,
        ),
        NoticeKind.FLAGGED: ngettext(
            "%(count)s notice of disclosures with a warning", "%(count)s notices of disclosures with a warning", count
        ),
        NoticeKind.APPROVAL_ENDING: ngettext(
            "%(count)s of your approvals ends soon", "%(count)s of your approvals end soon", count
        ),
        NoticeKind.WITHDRAWAL_MOVED: ngettext(
            "%(count)s step in one of your withdrawals", "%(count)s steps in your withdrawals", count
        ),
        NoticeKind.SHOWN_AGAIN: ngettext(
            "%(count)s disclosure was added to your record", "%(count)s disclosures were added to your record", count
        ),
        NoticeKind.EXPORT_READY: ngettext("%(count)s file is ready", "%(count)s files are ready", count),
        NoticeKind.RECALL_MOVED: ngettext(
            "%(count)s step in one of your recalls", "%(count)s steps in your recalls", count
        ),
        NoticeKind.CASE_TOLD: ngettext(
            "%(count)s answer about a disclosure with a warning",
            "%(count)s answers about disclosures with a warning",
            count,
        ),
        NoticeKind.INCIDENT: ngettext(
            "%(count)s message about an incident", "%(count)s messages about incidents", count
        ),
        NoticeKind.NEW_DEVICE: ngettext(
            "%(count)s log-in from a new device", "%(count)s log-ins from new devices", count
        ),
    }
    return words[kind] % {"count": count}


def numbered(person: User, id: UUID) -> dict[str, str]:
    """Return the header that gives a mail its number: the same if it is sent again."""
    _name, sender = parseaddr(settings.DEFAULT_FROM_EMAIL)
    return {"Message-ID": f"<{person.pk}.{id}@{sender.rpartition('@')[2]}>"}


def mail(person: User, subject: str, template: str, context: dict[str, Any], id: UUID) -> EmailMessage:
    """Build an e-mail. ``id`` becomes the ``Message-ID``; it can be unsubscribed from with one click (RFC 8058)."""
    leaving = settings.SITE_ADDRESS + reverse("unsubscribe", args=[unsubscribe_token(person)])
    more = {"unsubscribe": leaving, "settings": settings.SITE_ADDRESS + reverse("my_settings")}
    headers = {
        **numbered(person, id),
        "List-Unsubscribe": f"<{leaving}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }
    return automatic_mail(subject, template, {**context, **more}, person.email, headers)


def send_new_device(*, person: User, device: UUID, user_agent: str, at: datetime) -> None:
    """Tell the person of a log-in from a new device: at once and whatever they chose, because it is about safety.

    Nothing if it was sent before, or the person has no address.
    """
    id = mailing_id("device", str(device))
    if not person.email or not person.is_active or person.mailings.filter(id=id).exists():
        return
    address = settings.SITE_ADDRESS + reverse("log_in_settings")
    with speaking(preference_of(person).language):
        context = {"device": device_of(user_agent), "at": at, "address": address}
        subject, template = _("A log-in from a new device"), "notices/mails/new_device.txt"
        automatic_mail(subject, template, context, person.email, numbered(person, id)).send()
    note_mailing(person=person, id=id, notice_count=1)
