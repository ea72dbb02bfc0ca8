"""The e-mails that a file is ready."""

from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMessage
from django.urls import reverse
from django.utils.translation import gettext as _

from consents.models import Export
from consents.notices.actions import mailing_id, note_mailing
from consents.notices.mails import is_to_be_sent, mail
from consents.notices.preferences import preference_of
from disclosures.models import OneTimePage
from disclosures.one_time.links import token_of
from privacycenter.mails import automatic_mail
from privacycenter.models import User
from privacycenter.text.languages import speaking


def send_ready(*, person: User, export: UUID) -> None:
    """The file that the person waits for is ready: at once, not in a digest. Sent once, as a digest is."""
    chosen, id = preference_of(person), mailing_id("export", str(export))
    if not is_to_be_sent(person, chosen, id):
        return
    with speaking(chosen.language):
        ready_mail(person, export, id).send()
    note_mailing(person=person, id=id, notice_count=1)


def ready_mail(person: User, export: UUID, id: UUID) -> EmailMessage:
    context = {"address": settings.SITE_ADDRESS + reverse("export_status", args=[export])}
    return mail(person, _("Your file is ready"), "exports/mails/export_ready.txt", context, id)


def send_link(*, export: Export, page: OneTimePage) -> None:
    """Send the link of the page that hands over a file to a person who cannot log in. The code goes another way.

    Sent at least once: if a worker dies between sending and recording it, the mail is sent again.
    """
    with speaking(export.language):
        context = {
            "address": settings.SITE_ADDRESS + reverse("one_time_file", args=[token_of(page.pk)]),
            "until": page.good_until,
        }
        automatic_mail(_("Your file is ready"), "exports/mails/export_handed.txt", context, export.handed_to).send()
