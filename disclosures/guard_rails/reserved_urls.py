"""Codes that a page cannot have. Editors' pages are at ``/<code>/``, unless the site has another page there."""

from collections.abc import Iterator
from functools import cache

from django.conf import settings
from django.urls import URLPattern, URLResolver, get_resolver

from privacycenter.text.languages import site_languages, speaking

# Pages with these codes have views of their own.
OF_PAGES = {"faq", "contact"}
# Not a URL yet: reserved for the signed log of the record, where its readers expect it.
KEPT_FREE = {"log"}


def is_taken(code: str) -> bool:
    """Return whether a page with this code would be unreachable or would hide another page."""
    return code in first_words()


@cache
def first_words() -> frozenset[str]:
    """Return the first path segment of every URL that is not an editor's page."""
    # In the default language, URL patterns have no language prefix.
    with speaking(settings.LANGUAGE_CODE):
        words = {route.partition("/")[0] for route in routes(get_resolver().url_patterns)}
    others = {*site_languages()} | {settings.STATIC_URL.strip("/")} | KEPT_FREE
    return frozenset({word for word in words if not word.startswith("<")} | others) - OF_PAGES


def routes(patterns: list[URLPattern | URLResolver]) -> Iterator[str]:
    """Yield the first part of every route, going into includes that have no prefix of their own."""
    for pattern in patterns:
        route = str(pattern.pattern)
        if route:
            yield route
        elif isinstance(pattern, URLResolver):
            yield from routes(pattern.url_patterns)
