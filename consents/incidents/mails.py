"""The mail to a person affected by an incident: that something happened, never what or with whom."""

from uuid import UUID

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from consents.notices.actions import mailing_id, note_mailing
from consents.notices.mails import numbered
from consents.notices.preferences import preference_of
from privacycenter.mails import automatic_mail
from privacycenter.models import User
from privacycenter.text.languages import speaking


def send_incident(*, person: User, incident: UUID) -> None:
    """Tell the person, whatever they chose about mails: the law wants them told. Once: the mailing is recorded after
    sending, so a worker that dies between the two sends a second copy with the same ``Message-ID``."""
    id = mailing_id("incident", str(incident))
    if not person.email or not person.is_active or person.mailings.filter(id=id).exists():
        return
    with speaking(preference_of(person).language):
        address = settings.SITE_ADDRESS + reverse("my_incident", args=[incident])
        context = {"address": address, "contact": settings.SITE_ADDRESS + reverse("contact")}
        subject = _("An important message about your data")
        automatic_mail(subject, "incidents/mails/incident.txt", context, person.email, numbered(person, id)).send()
    note_mailing(person=person, id=id, notice_count=1)
