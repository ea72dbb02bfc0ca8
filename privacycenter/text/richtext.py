"""Editors' Markdown to clean HTML. Used when content is published, never when a page is read."""

from functools import lru_cache

import nh3
from django.conf import settings
from markdown_it import MarkdownIt

from privacycenter.text.languages import speaking, translate_url

ALLOWED = {"p", "br", "strong", "em", "a", "ul", "ol", "li", "table", "thead", "tbody", "tr", "th", "td", "blockquote"}
ATTRIBUTES = {"a": {"href", "title"}, "ol": {"start"}}

_markdown = MarkdownIt("commonmark", {"html": False, "linkify": True}).enable(["table", "linkify"])
_markdown.disable(["image", "code", "fence", "heading", "lheading", "hr"])


@lru_cache(maxsize=4096)
def render(source: str, language: str = settings.LANGUAGE_CODE) -> str:
    """Return HTML with only the elements of ``ALLOWED``. Raw HTML in the source becomes text.

    Pages of this site are linked without a language (``/faq/``); the link leads to the page in ``language``.
    """

    def filtered(_tag: str, name: str, value: str) -> str:
        return address_in(language, value) if name == "href" else value

    html = _markdown.render(source)
    return nh3.clean(html, tags=ALLOWED, attributes=ATTRIBUTES, attribute_filter=filtered, link_rel="noopener").strip()


def address_in(language: str, address: str) -> str:
    """Return a path of this site in ``language``; any other URL, and a path without a page, unchanged."""
    if not address.startswith("/") or address.startswith("//"):
        return address
    with speaking(settings.LANGUAGE_CODE):
        return translate_url(address, language)
