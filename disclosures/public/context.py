"""Context processor for every page."""

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from disclosures.content.publications import publication_for
from disclosures.public.site_words import menus_for, site_of


def center(request: HttpRequest) -> dict[str, Any]:
    """Provide ``center``: names, disclaimer and date from the newest publication, and ``menus``, menu and footer. Both
    are read only if the template uses them."""
    return {
        "center": SimpleLazyObject(lambda: site_of(request)),
        "menus": SimpleLazyObject(lambda: menus_for(publication_for(request))),
    }
