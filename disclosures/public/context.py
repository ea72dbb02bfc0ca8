"""Context that every page needs."""

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from disclosures.public.site_words import site_of


def center(request: HttpRequest) -> dict[str, Any]:
    """``center``: names, disclaimer and date from the newest publication. Asked for only if the page shows it."""
    return {"center": SimpleLazyObject(lambda: site_of(request))}
