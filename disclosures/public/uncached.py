"""Public answers that are made for each request instead of being kept: too many of them exist, or they are small."""

from django.http import HttpResponse

from disclosures.public.page_cache import CACHE_CONTROL
from privacycenter.http.middleware import mark_public


def for_everyone(response: HttpResponse) -> HttpResponse:
    """Mark an answer that depends on nothing but its address: it gets an ETag, and caches may hold it."""
    response["Cache-Control"] = CACHE_CONTROL
    mark_public(response)
    return response
