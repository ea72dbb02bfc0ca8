"""Whether this browser gave the code of a page: kept in its session for as long as the page is open."""

from django.http import HttpRequest

from disclosures.models import OneTimePage

# Session key: pages that this browser opened.
OPENED = "one_time_pages"
MOST_OPENED = 20


def note_opened(request: HttpRequest, page: OneTimePage) -> None:
    others = [one for one in request.session.get(OPENED, []) if one != str(page.pk)]
    request.session[OPENED] = [*others, str(page.pk)][-MOST_OPENED:]


def has_opened(request: HttpRequest, page: OneTimePage) -> bool:
    return str(page.pk) in request.session.get(OPENED, [])
