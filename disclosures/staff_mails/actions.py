"""Choosing how often to be written to, and writing to staff when there is something new."""

import logging

from django.db import Error, transaction
from django.utils import timezone

from disclosures.models import StaffFrequency, StaffMail, StaffMailChoice
from disclosures.staff_mails.news import news_for
from disclosures.staff_mails.queries import choice_of, is_time, reachable_staff, told_until
from disclosures.staff_mails.topics import STAFF_MAIL_DUE, StaffMailDue
from privacycenter.errors import InvalidValue
from privacycenter.models import User
from privacycenter.outbox.leaving import leave
from privacycenter.text.languages import site_languages

log = logging.getLogger(__name__)


@transaction.atomic
def choose_staff_mails(*, frequency: str, language: str, by: User) -> StaffMailChoice:
    """Record a choice. Writes nothing if nothing changes. Raises InvalidValue."""
    if frequency not in StaffFrequency.values:
        raise InvalidValue("There is no such frequency.", "frequency")
    if language not in site_languages():
        raise InvalidValue("The site does not speak that language.", "language")
    now_chosen = choice_of(by)
    if now_chosen.pk and (frequency, language) == (now_chosen.frequency, now_chosen.language):
        return now_chosen
    return StaffMailChoice.objects.create(staff=by, frequency=frequency, language=language, chosen_at=timezone.now())


def write_to_staff() -> None:
    """Write to each member of staff for whom something is new, as often as they chose. The worker asks every few
    minutes; two at once write once."""
    for staff in reachable_staff():
        try:
            plan_staff_mail(staff=staff)
        except Error:
            raise
        except Exception:
            log.exception("what is new for %s could not be found, going on with the others", staff.pk)


@transaction.atomic
def plan_staff_mail(*, staff: User) -> StaffMail | None:
    """Have a member of staff written to, if it is time and something is new. The mail is sent after the commit."""
    User.objects.lock(staff.pk)
    now = timezone.now()
    last = told_until(staff, now)
    if not is_time(choice_of(staff).frequency, last, now) or not news_for(staff, last, now):
        return None
    planned = StaffMail.objects.create(staff=staff, since=last, until=now)
    leave(STAFF_MAIL_DUE, StaffMailDue(mail=planned.pk))
    return planned
