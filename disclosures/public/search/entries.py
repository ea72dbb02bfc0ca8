"""What can be found: every entry that a page of the publication shows, with its texts in the page's language."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from html import unescape
from typing import Any

from django.utils.html import strip_tags

from disclosures.content.publications import Document
from disclosures.models import Ground
from disclosures.public.entry_urls import address_of
from privacycenter.text.folding import Folded, fold, folded_text
from privacycenter.text.joining import in_one_line
from privacycenter.text.languages import interface_language
from privacycenter.text.words import Words, words_in

# Kinds, in the order for results with equal scores.
KINDS = (
    "pages", "sections", "scenarios", "services", "data_items", "recipients", "countries", "questions", "definitions",
    "terms",
)  # fmt: skip
NAMES = ("title", "term", "question")
HYPHEN = re.compile("[-‐‑‒–—−・]")


@dataclass(frozen=True)
class SearchEntry:
    """One entry that can be found.

    ``names`` are its title and other spellings of it. ``place`` names the page it is on, empty if it is a page.
    ``language`` is the language of its texts.
    """

    kind: str
    code: str
    names: list[str]
    text: str
    place: Words
    address: str
    language: str
    is_fallback: bool

    @property
    def lang(self) -> str:
        """What the element around its texts must say; empty where the page says it already."""
        return self.language if self.language != interface_language() else ""

    @cached_property
    def folded_names(self) -> list[str]:
        return [folded_text(name) for name in self.names]

    @cached_property
    def folded_body(self) -> str:
        return folded_text(self.text)

    @cached_property
    def lengths(self) -> tuple[float, float]:
        """The lengths of its title and of its texts, in Japanese letters: an English text is three times as long."""
        texts = self.folded_names[0], self.folded_body
        title, body = (len(text) / 3 if text.isascii() else len(text) for text in texts)
        return title, body

    @property
    def hyphenated(self) -> list[str]:
        return [name for name in self.names if HYPHEN.search(name)]

    # With the place of each letter, to mark what was found: for the few that are shown.

    @property
    def title(self) -> Folded:
        return fold(self.names[0])

    @property
    def body(self) -> Folded:
        return fold(self.text)


def entries_of(document: Document) -> Iterator[SearchEntry]:
    """Yield every entry that a page shows: by kind, then by position."""
    for kind in KINDS:
        in_order = sorted(document.get(kind, {}).items(), key=lambda pair: (pair[1].get("position", 0), pair[0]))
        for code, entry in in_order:
            address = address_of(document, kind, code)
            if address:
                yield entry_of(document, kind, code, entry, address)


def entry_of(document: Document, kind: str, code: str, entry: Document, address: str) -> SearchEntry:
    title = name_of(entry)
    return SearchEntry(
        kind=kind,
        code=code,
        names=[title.text, *aliases_of(kind, code, entry)],
        text=" ".join(text for text in texts_of(document, kind, entry) if text),
        place=place_of(document, kind, entry),
        address=address,
        language=title.language,
        is_fallback=title.is_fallback,
    )


def name_of(entry: Document) -> Words:
    return words_in(next(entry[name] for name in NAMES if name in entry))


def texts_of(document: Document, kind: str, entry: Document) -> Iterator[str]:
    """Yield the texts of an entry, and the names that its page shows with it."""
    for field in ("lead", "body", "answer", "gloss", "description", "field", "examples", "business", "address"):
        if field in entry:
            yield plain(entry[field])
    for note in entry.get("notes", []):
        yield plain(note["body"])
    for field in ("system", "system_unknown", "measures", "measures_unknown"):
        if field in entry:
            yield plain(entry[field])
    if kind == "recipients":
        yield words_in(document["countries"][entry["country"]]["title"]).text
    if kind == "scenarios":
        yield plain(entry["recipient_kinds"])
        yield str(Ground.from_code(entry["ground"]).label)
        for field, named in (("items", "data_items"), ("services", "services"), ("recipients", "recipients")):
            yield in_one_line(words_in(document[named][code]["title"]).text for code in entry[field])


def plain(text: dict[str, Any]) -> str:
    """Return plain or rich text as a reader sees it, in one line."""
    if "html" not in text:
        return " ".join(words_in(text).text.split())
    html = words_in(text["html"], is_html=True).text
    return " ".join(unescape(strip_tags(re.sub(r"</(p|li|t[dhr])>|<br>", r" \g<0>", html))).split())


def aliases_of(kind: str, code: str, entry: Document) -> list[str]:
    """Return a term's reading, the title in other languages, and the code of a data item (phone), for services."""
    texts = next(entry[name] for name in NAMES if name in entry)
    others = [text for text in texts.values() if text != name_of(entry).text]
    return [text for text in (entry.get("reading", ""), *others, code if kind == "data_items" else "") if text]


def place_of(document: Document, kind: str, entry: Document) -> Words:
    """Return the title of the page that an entry is on. Empty for other kinds."""
    nowhere = Words("", "")
    if kind == "sections":
        return words_in(document["pages"][entry["page"]]["title"])
    if kind in ("scenarios", "definitions"):
        return words_in(document["pages"][document["sections"][entry["section"]]["page"]]["title"])
    return nowhere
