"""Pictures and documents in HTML that editors wrote: named by code when published, shown by their address when read.

So a text stays the same when its picture is replaced, and a publication says itself which bytes a code means. Pure.
"""

import re
from collections.abc import Callable, Mapping
from html import escape, unescape
from typing import Any

from privacycenter.text.words import words_in

CODE = r"[a-z0-9]+(?:-[a-z0-9]+)*"
INSIDE_A_TAG = r'(?:[^">]|"[^"]*")*'
# As ``richtext.render`` writes them: its cleaner quotes every attribute and keeps their order.
NAMED = re.compile(
    rf'(?P<alone><p>)?<img src="picture:(?P<picture>{CODE})" alt="(?P<alt>[^"]*)">(?(alone)(?P<closed></p>)?)'
    rf'|<a href="document:(?P<document>{CODE})"{INSIDE_A_TAG}>(?P<words>.*?)</a>',
    re.DOTALL,
)
PICTURE = re.compile(rf'<img src="([^"]*)" alt="([^"]*)"{INSIDE_A_TAG}>')
ENDINGS = {"image/png": "png", "image/jpeg": "jpg", "image/svg+xml": "svg", "application/pdf": "pdf"}
HASH_SHOWN = re.compile(r"/([0-9a-f]{8})[0-9a-f]{56}\.")
# Of one file, as a publication has it.
Entry = Mapping[str, Any]
NO_FILES: Mapping[str, Entry] = {}


def address_of(entry: Entry) -> str:
    """Return the public address of a file: by the hash of its content, so it never leads to anything else."""
    return f"/files/{name_of(entry)}"


def name_of(entry: Entry) -> str:
    return f"{entry['sha256']}.{ENDINGS[entry['content_type']]}"


def is_picture(entry: Entry) -> bool:
    return str(entry["content_type"]).startswith("image/")


def names_files(html: str) -> bool:
    """Return whether there is anything to be filled in."""
    return '="picture:' in html or '="document:' in html


def pictures_in(html: str) -> list[tuple[str, str]]:
    """Return code and own words of each picture that a text shows, in order. Empty words: those of the picture."""
    return [(match["picture"], unescape(match["alt"])) for match in NAMED.finditer(html) if match["picture"]]


def documents_in(html: str) -> list[str]:
    """Return the code of each document that a text links to, in order."""
    return [match["document"] for match in NAMED.finditer(html) if match["document"]]


def filled(
    html: str, files: Mapping[str, Entry], language: str, *, address: Callable[[Entry], str] = address_of
) -> str:
    """Return the HTML with its pictures, and its links to documents, by the entries of a publication's ``files``.

    ``language``: of the text. What is not among the files becomes its words: nobody gets a broken link.
    """
    if not names_files(html):
        return html

    def shown(match: re.Match[str]) -> str:
        if code := match["document"]:
            entry = files.get(code)
            return document_html(code, entry, match["words"], address(entry)) if entry else match["words"]
        before, after = match["alone"] or "", match["closed"] or ""
        entry = files.get(match["picture"])
        if entry is None or not is_picture(entry):
            return f"{before}{match['alt']}{after}"
        image = image_html(entry, unescape(match["alt"]), language, address(entry))
        caption = words_in(entry.get("caption", {}), language)
        if caption and before and after:
            lang = lang_of(caption.language, language)
            return f'<figure class="picture">{image}<figcaption{lang}>{escape(caption.text)}</figcaption></figure>'
        return f"{before}{image}{after}"

    return NAMED.sub(shown, html)


def image_html(entry: Entry, alt: str, language: str, address: str) -> str:
    """Return the element. ``alt``: as the text says it, otherwise what the entry says; empty if it is decorative."""
    said = words_in({} if entry.get("is_decorative") else entry.get("alt", {}), language)
    lang = "" if alt else lang_of(said.language, language) if said else ""
    size = "".join(f' {name}="{int(entry[name])}"' for name in ("width", "height") if entry.get(name))
    return f'<img src="{escape(address)}" alt="{escape(alt or said.text)}"{lang}{size} loading="lazy" decoding="async">'


def document_html(code: str, entry: Entry, words: str, address: str) -> str:
    """Return the link, which says what one gets and how large it is."""
    ending = ENDINGS[entry["content_type"]]
    facts = f"{ending.upper()}, {size_said(entry['size_bytes'])}"
    link = f'<a href="{escape(address)}" download="{escape(code)}.{ending}" rel="noopener">'
    return f'{link}{words} <span class="file-facts">({facts})</span></a>'


def lang_of(language: str, around: str) -> str:
    return "" if language == around else f' lang="{escape(language)}"'


def size_said(size_bytes: int) -> str:
    """Return the size in a form that every language reads."""
    if size_bytes < 1024 * 1024:
        return f"{max(1, round(size_bytes / 1024))} KB"
    return f"{size_bytes / 1024 / 1024:.1f} MB"


def in_words(html: str) -> str:
    """Return the HTML with each picture as its alternative text and the beginning of its hash, for texts that are
    compared and signed: another picture is another text."""

    def said(match: re.Match[str]) -> str:
        known = HASH_SHOWN.search(match[1])
        return " ".join(filter(None, (match[2], f"[{known[1]}]" if known else "")))

    return PICTURE.sub(said, html) if "<img " in html else html
