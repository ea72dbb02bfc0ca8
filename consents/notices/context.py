"""Template context about notices, for every page of a person's record."""

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from consents.notices.queries import unread_count


def notices(request: HttpRequest) -> dict[str, object]:
    """Return ``unread_notice_count``, lazily: one SQL statement if a page shows it, otherwise none."""
    return {"unread_notice_count": SimpleLazyObject(lambda: count_for(request))}


def count_for(request: HttpRequest) -> int:
    return unread_count(request.user) if request.user.is_authenticated else 0
