"""Editors' Markdown to clean HTML. Used when content is published, never when a page is read."""

import re
from functools import lru_cache

import nh3
from django.conf import settings
from django.utils.translation import gettext as _
from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline

from privacycenter.text.addresses import hides_its_host, is_local, names_user
from privacycenter.text.languages import speaking, translate_url
from privacycenter.text.shown_files import CODE

ALLOWED = {
    "p", "br", "strong", "em", "a", "ul", "ol", "li", "table", "thead", "tbody", "tr", "th", "td", "blockquote", "img",
}  # fmt: skip
ATTRIBUTES = {"a": {"href", "title"}, "ol": {"start"}, "img": {"src", "alt"}}
# Files of the site by their code: what they lead to is filled in when the text is read (``shown_files``).
SCHEMES = nh3.ALLOWED_URL_SCHEMES | {"picture", "document"}
PICTURE = re.compile(rf"!\[([^\[\]\n]*)\]\(picture:({CODE})\)")

_markdown = MarkdownIt("commonmark", {"html": False, "linkify": True}).enable(["table", "linkify"])
_markdown.disable(["code", "fence", "heading", "lheading", "hr"])


def picture(state: StateInline, silent: bool) -> bool:
    """Read ``![words](picture:code)``. Every other picture stays what it was: a text that shows its address."""
    match = PICTURE.match(state.src, state.pos, state.posMax)
    if match is None:
        return False
    if not silent:
        token = state.push("picture", "img", 0)
        token.attrs = {"src": f"picture:{match[2]}", "alt": match[1]}
    state.pos = match.end()
    return True


_markdown.inline.ruler.at("image", picture)
# Markdown writes the address of a link after a closing bracket, or finds it by its two slashes.
MAY_HIDE_A_HOST = re.compile(r"\]|//")


@lru_cache(maxsize=4096)
def render(source: str, language: str = settings.LANGUAGE_CODE) -> str:
    """Return HTML with only the elements of ``ALLOWED``. Raw HTML in the source becomes text.

    Pages of this site are linked without a language (``/faq/``); the link leads to the page in ``language``.
    """

    def filtered(_tag: str, name: str, value: str) -> str | None:
        if name == "src":
            return value if value.startswith("picture:") else None
        if name != "href":
            return value
        if hides_its_host(value) or names_user(value) or value.startswith("picture:"):
            return None
        return address_in(language, value)

    html = _markdown.render(source)
    return nh3.clean(
        html, tags=ALLOWED, attributes=ATTRIBUTES, attribute_filter=filtered, link_rel="noopener", url_schemes=SCHEMES
    ).strip()


def hidden_hosts(source: str) -> list[str]:
    """Return the links of a text that look like paths of this site and lead to another (``//host``)."""
    if not MAY_HIDE_A_HOST.search(source):
        return []
    inline = [one for block in _markdown.parse(source) for one in block.children or []]
    addresses = [str(one.attrGet("href")) for one in inline if one.type == "link_open"]
    return [address for address in addresses if hides_its_host(address)]


def hidden_host_told(address: str) -> str:
    """Return the sentence about one of ``hidden_hosts``, for who wrote the text."""
    told = _(
        "The link “%(address)s” leads to another site. Begin with https://, or with one / for a page of this site."
    )
    return told % {"address": address[:60]}


def address_in(language: str, address: str) -> str:
    """Return a path of this site in ``language``; any other URL, and a path without a page, unchanged."""
    if not is_local(address):
        return address
    with speaking(settings.LANGUAGE_CODE):
        return translate_url(address, language)
