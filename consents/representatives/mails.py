"""The mail about a representation: that there is news, never who acts for whom."""

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


def send_news(*, reader: User, representation: UUID, news: str) -> None:
    """Tell one of both, whatever they chose about mails, because it is about who sees a record. Nothing if it was sent
    before, or they have no address."""
    id = mailing_id("representation", str(representation), news)
    if not reader.email or not reader.is_active or reader.mailings.filter(id=id).exists():
        return
    with speaking(preference_of(reader).language):
        context = {"address": settings.SITE_ADDRESS + reverse("my_representative_list"), "news": news}
        template = "representatives/mails/news.txt"
        automatic_mail(_("About your account"), template, context, reader.email, numbered(reader, id)).send()
    note_mailing(person=reader, id=id, notice_count=1)
