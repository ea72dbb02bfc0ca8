"""Making, renewing and ending one's own address of the calendar."""

from secrets import token_urlsafe

from django.db import transaction
from django.utils import timezone

from disclosures.calendar.queries import digest_of, newest_address
from disclosures.models import CalendarAddress
from privacycenter.models import User


@transaction.atomic
def renew_calendar_address(*, by: User) -> str:
    """Make a new address and return its secret part, which is not kept. An earlier one leads nowhere from now on."""
    User.objects.lock(by.pk)
    secret = token_urlsafe(32)
    CalendarAddress.objects.create(staff=by, digest=digest_of(secret), made_at=timezone.now())
    return secret


@transaction.atomic
def end_calendar_address(*, by: User) -> bool:
    """End one's own address. False if there is none."""
    User.objects.lock(by.pk)
    if newest_address(by) is None:
        return False
    CalendarAddress.objects.create(staff=by, digest="", made_at=timezone.now())
    return True
