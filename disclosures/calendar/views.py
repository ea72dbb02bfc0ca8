"""The calendar for programs, under the secret address of one member of staff."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from disclosures.calendar.events import events_from
from disclosures.calendar.icalendar import CONTENT_TYPE, icalendar
from disclosures.calendar.queries import owner_of
from disclosures.staff_mails.queries import choice_of
from privacycenter.text.languages import speaking


@require_safe
@never_cache
def calendar_file(request: HttpRequest, secret: str) -> HttpResponse:
    """Answer whoever has the address, in the language of their mails. 404 once it was renewed, ended, or they left."""
    staff = owner_of(secret)
    if staff is None:
        raise Http404
    now = timezone.now()
    with speaking(choice_of(staff).language):
        events = events_from(now, staff.has_perm)
        text = icalendar(events, name=_("Privacy Center: what goes public when"), site=settings.SITE_ADDRESS, now=now)
    return HttpResponse(text, content_type=CONTENT_TYPE)
