"""Public responses that are made for each request instead of cached, because they are small or too many."""

from django.http import HttpResponse

from privacycenter.http.middleware import mark_public


def for_everyone(response: HttpResponse) -> HttpResponse:
    """Mark a response that depends on its URL only: it gets an ETag, and caches may store it."""
    mark_public(response)
    return response
