"""Follower that sends the mails to staff, after the commit."""

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from disclosures.models import StaffMail
from disclosures.staff_mails.news import news_for
from disclosures.staff_mails.queries import choice_of
from disclosures.staff_mails.topics import STAFF_MAIL_DUE, StaffMailDue
from privacycenter.mails import automatic_mail
from privacycenter.outbox.followers import Follower, Lane
from privacycenter.text.languages import speaking

staff_mails = Follower("staff-mails", lane=Lane.OUTSIDE)


@staff_mails.follows(STAFF_MAIL_DUE)
def send(due: StaffMailDue) -> None:
    """Send one mail. Its subject says nothing of what is new; nor does it name anybody. Sent at least once."""
    mail = StaffMail.objects.select_related("staff").get(pk=due.mail)
    staff = mail.staff
    if not (staff.email and staff.is_active and staff.is_staff):
        return
    with speaking(choice_of(staff).language):
        news = news_for(staff, mail.since, mail.until)
        lines = [(one.text, settings.SITE_ADDRESS + one.address) for one in news]
        context = {"lines": lines, "choose": settings.SITE_ADDRESS + reverse("admin:staff_mails")}
        if lines:
            subject = _("Something is new at the desk of the privacy center")
            automatic_mail(subject, "staff_mails/mails/news.txt", context, staff.email).send()
