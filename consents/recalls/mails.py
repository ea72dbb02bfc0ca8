"""The mail to a recipient: that a person asks something of it. It names nobody; the matter stands behind the link."""

from django.conf import settings
from django.utils.translation import gettext as _

from consents.models import RecallKind, RecallMail
from consents.recalls.links import address_of
from disclosures.content.publications import newest_document
from privacycenter.mails import automatic_mail
from privacycenter.text.languages import speaking
from privacycenter.text.words import words_in

# Recipients elsewhere are written to in English, if the site has it.
ABROAD = "en"


def language_for(mail: RecallMail) -> str:
    """Return the language in which this recipient is written to."""
    is_abroad = mail.case.recipient.country.is_abroad
    languages = [code for code, _name in settings.LANGUAGES]
    return ABROAD if is_abroad and ABROAD in languages else settings.LANGUAGE_CODE


def send_to_recipient(*, mail: RecallMail, is_reminder: bool) -> None:
    """Send the mail. Sent at least once: a worker that dies after sending sends it again."""
    language = language_for(mail)
    with speaking(language):
        site = ((newest_document() or {}).get("site") or {}).get("site") or {}
        operator = words_in(site.get("operator") or {}).text
        subject = (
            _("Reminder: a person asks you about data that you received")
            if is_reminder
            else _("A person asks you about data that you received")
        )
        context = {
            "operator": operator,
            "kind": RecallKind(mail.case.kind).label,
            "asked_at": mail.case.opened_at,
            "due_at": mail.case.due_at,
            "is_reminder": is_reminder,
            "address": address_of(mail.pk, language),
        }
        automatic_mail(subject, "recalls/mails/to_recipient.txt", context, mail.address).send()
