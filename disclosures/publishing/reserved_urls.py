"""Which addresses of the site are taken. A page that editors make stands at ``/<code>/``, if nothing else does."""

from collections.abc import Iterator
from functools import cache

from django.conf import settings
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils.translation import override

# Their own views show the pages with these codes.
OF_PAGES = {"faq", "contact"}
# Not in the table of addresses: the signed log of the record is to stand there, where its readers expect it.
KEPT_FREE = {"log"}


def is_taken(code: str) -> bool:
    """Whether a page with this code would never be seen, or would hide something else."""
    return code in first_words()


@cache
def first_words() -> frozenset[str]:
    """The first word of every address that is not a page's."""
    # In the default language the table of addresses shows what stands without a prefix.
    with override(settings.LANGUAGE_CODE):
        words = {route.partition("/")[0] for route in routes(get_resolver().url_patterns)}
    others = {code for code, _name in settings.LANGUAGES} | {settings.STATIC_URL.strip("/")} | KEPT_FREE
    return frozenset({word for word in words if not word.startswith("<")} | others) - OF_PAGES


def routes(patterns: list[URLPattern | URLResolver]) -> Iterator[str]:
    """How the addresses begin; those that are included under no word of their own one by one."""
    for pattern in patterns:
        route = str(pattern.pattern)
        if route:
            yield route
        elif isinstance(pattern, URLResolver):
            yield from routes(pattern.url_patterns)
