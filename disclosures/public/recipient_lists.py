"""The public lists of recipients: by where they are, by situation and by what somebody searches, a page at a time."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from threading import Lock
from typing import Any

from django.core.paginator import Page, Paginator

from disclosures.content.publications import Document
from disclosures.models.content.recipients import HOME_COUNTRY
from disclosures.public.reader import Reader, plain
from disclosures.public.shown_entries import CountryView, RecipientView
from privacycenter.text.folding import folded_text, words_of
from privacycenter.text.words import Words

PER_PAGE, ABROAD_PER_PAGE = 50, 25
# What of a recipient is searched, with its code.
SEARCHED = ("title", "business", "address")
Pairs = list[tuple[str, Document]]


@dataclass(frozen=True)
class RecipientList:
    """One page of recipients. ``scenario``: the title of the situation that names them, None for all recipients.

    ``is_long``: whether there are more than one page has, so that a search helps.
    """

    page: "Page[RecipientView]"
    scenario: Words | None
    q: str
    is_long: bool


@dataclass(frozen=True)
class CountryGroup:
    country: CountryView
    recipients: list[RecipientView]


@dataclass(frozen=True)
class AbroadList:
    """One page of the recipients abroad, by country, with what APPI art. 28(2) wants said of each country."""

    page: "Page[RecipientView]"
    q: str
    is_long: bool

    @property
    def groups(self) -> list[CountryGroup]:
        by_country = groupby(self.page.object_list, lambda view: view.country.code)
        found = [list(views) for _code, views in by_country]
        return [CountryGroup(views[0].country, views) for views in found]


def recipient_list(
    document: Document, sha256: str, *, q: str = "", scenario: str = "", number: str = ""
) -> RecipientList:
    """Return one page of the recipients in Japan, or, wherever they are, of those that a situation names."""
    reader = Reader(document)
    entry = document["scenarios"].get(scenario)
    found = reader.in_order("recipients")
    named = set(entry["recipients"]) if entry else set()
    found = [(code, one) for code, one in found if (code in named if entry else one["country"] == HOME_COUNTRY)]
    page = page_of(reader, matching(found, q, sha256), PER_PAGE, number)
    return RecipientList(page, plain(entry["title"]) if entry else None, q, len(found) > PER_PAGE)


def abroad_list(document: Document, sha256: str, *, q: str = "", number: str = "") -> AbroadList:
    reader = Reader(document)
    found = [pair for pair in reader.in_order("recipients") if pair[1]["country"] != HOME_COUNTRY]
    found.sort(key=lambda pair: pair[1]["country"])
    page = page_of(reader, matching(found, q, sha256), ABROAD_PER_PAGE, number)
    return AbroadList(page, q, len(found) > ABROAD_PER_PAGE)


def page_of(reader: Reader, found: Pairs, per_page: int, number: str) -> "Page[RecipientView]":
    shown: Page[Any] = Paginator(found, per_page).get_page(number)
    shown.object_list = [reader.recipient(code) for code, _entry in shown.object_list]
    return shown


def matching(found: Pairs, q: str, sha256: str) -> Pairs:
    """Return those in which every word of a search stands, in any language."""
    words = words_of(q)
    if not words:
        return found
    texts = texts_searched(found, sha256)
    return [pair for pair in found if all(word in texts[pair[0]] for word in words)]


# Of one publication: its hash, and code → what is searched. Folding ten thousand names takes longer than all the rest.
_folded: tuple[str, dict[str, str]] = ("", {})
_lock = Lock()


def texts_searched(found: Sequence[tuple[str, Document]], sha256: str) -> dict[str, str]:
    """Return code → folded text of at least these recipients."""
    global _folded
    with _lock:
        known = _folded[1] if _folded[0] == sha256 and sha256 else {}
        missing = {code: text_of(code, entry) for code, entry in found if code not in known}
        if missing or not known:
            known = {**known, **missing}
            _folded = sha256, known
        return known


def text_of(code: str, entry: Document) -> str:
    said = [code, *(text for name in SEARCHED for text in entry[name].values())]
    return "\n".join(map(folded_text, said))
