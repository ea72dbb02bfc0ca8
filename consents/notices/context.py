"""What every page of a person's record may show about notices."""

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from consents.notices.queries import unread_count


def notices(request: HttpRequest) -> dict[str, object]:
    """``unread_notice_count``: asked for when a page shows it, never otherwise. One SQL statement."""
    return {"unread_notice_count": SimpleLazyObject(lambda: count_for(request))}


def count_for(request: HttpRequest) -> int:
    return unread_count(request.user) if request.user.is_authenticated else 0
