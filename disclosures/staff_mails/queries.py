"""Who of the staff is written to, how often, and whether it is time. Never writes."""

from datetime import datetime, time, timedelta

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone

from disclosures.models import StaffFrequency, StaffMail, StaffMailChoice
from privacycenter.models import User

MORNING = time(8, 0)
# How far the first mail to somebody looks back.
FIRST_LOOK = timedelta(days=1)


def choice_of(staff: User) -> StaffMailChoice:
    """Return the latest choice, or the default, which is not in the database. One SQL statement."""
    found = StaffMailChoice.objects.filter(staff=staff).newest_first().first()
    return found or StaffMailChoice(staff=staff, frequency=StaffFrequency.DAILY, language=settings.LANGUAGE_CODE)


def reachable_staff() -> QuerySet[User]:
    return User.objects.filter(is_staff=True, is_active=True).exclude(email="").order_by("pk")


def told_until(staff: User, now: datetime) -> datetime:
    """Return until when this member of staff was told what is new. One SQL statement."""
    last = StaffMail.objects.filter(staff=staff).order_by("-until").values_list("until", flat=True).first()
    return last or now - FIRST_LOOK


def is_time(frequency: str, last: datetime, now: datetime) -> bool:
    """Return whether a mail may go out: at any time, or from the morning on if none went out today."""
    if frequency == StaffFrequency.NEVER:
        return False
    if frequency == StaffFrequency.AT_ONCE:
        return True
    here = timezone.localtime(now)
    return here.time() >= MORNING and timezone.localdate(last) < here.date()
