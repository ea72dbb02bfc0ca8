"""Context processor for every page."""

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from disclosures.public.site_words import site_of


def center(request: HttpRequest) -> dict[str, Any]:
    """Provide ``center``: names, disclaimer and date from the newest publication, read only if the template uses it."""
    return {"center": SimpleLazyObject(lambda: site_of(request))}
