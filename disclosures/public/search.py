"""Search in all that one publication shows, in one language. Pure: no SQL.

Texts and queries are folded in the same way (``folding``), so Japanese needs neither blanks nor a dictionary.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import unescape
from typing import Any

from django.utils.html import strip_tags

from disclosures.models import Ground
from disclosures.public.entry_urls import address_of
from disclosures.public.folding import Folded, fold, fold_question, hits, is_latin, stands_in, words_of
from disclosures.publishing.publications import Document
from disclosures.publishing.working_copy import MODELS
from privacycenter.text.languages import interface_language, page_language
from privacycenter.text.words import Words, language_by_script, words_in

LONGEST_QUERY, PER_PAGE = 100, 20
# Characters of an excerpt before its first hit, and in total.
BEFORE_HIT, EXCERPT = 40, 160
# Kinds, in the order for results with equal scores.
KINDS = (
    "pages", "sections", "scenarios", "services", "data_items", "recipients", "countries", "questions", "definitions",
    "terms",
)  # fmt: skip
NAMES = ("title", "term", "question")


# --- The index -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class SearchEntry:
    """One entry that can be found.

    ``place`` names the page it is on, empty if it is a page. ``language`` is the language of its texts. ``aliases`` are
    other spellings of its title.
    """

    kind: str
    code: str
    title: Folded
    body: Folded
    aliases: list[Folded]
    place: Words
    address: str
    language: str
    is_fallback: bool

    @property
    def lang(self) -> str:
        """What the element around its texts must say; empty where the page says it already."""
        return self.language if self.language != interface_language() else ""

    @property
    def names(self) -> list[Folded]:
        return [self.title, *self.aliases]

    @property
    def texts(self) -> list[Folded]:
        return [*self.names, self.body]


@dataclass(frozen=True)
class Index:
    entries: list[SearchEntry]


_held: dict[tuple[str, str], Index] = {}


def index_of(document: Document, sha256: str) -> Index:
    """Return the index in the page's language, built once per document and language.

    Indexes of other documents are dropped.
    """
    key = (sha256, page_language())
    found = _held.get(key)
    if found is None:
        for old in [one for one in list(_held) if one[0] != sha256]:
            _held.pop(old, None)
        found = _held[key] = make_index(document)
    return found


def make_index(document: Document) -> Index:
    """Build the index of every entry that a page shows, in the page's language: by kind, then by position."""
    entries = []
    for kind in KINDS:
        in_order = sorted(document.get(kind, {}).items(), key=lambda pair: (pair[1].get("position", 0), pair[0]))
        for code, entry in in_order:
            address = address_of(document, kind, code)
            if address:
                entries.append(make_entry(document, kind, code, entry, address))
    return Index(entries)


def make_entry(document: Document, kind: str, code: str, entry: Document, address: str) -> SearchEntry:
    title = name_of(entry)
    return SearchEntry(
        kind=kind,
        code=code,
        title=fold(title.text),
        body=fold(" ".join(text for text in body_of(document, kind, entry) if text)),
        aliases=[fold(text) for text in aliases_of(kind, code, entry)],
        place=place_of(document, kind, entry),
        address=address,
        language=title.language,
        is_fallback=title.is_fallback,
    )


def name_of(entry: Document) -> Words:
    return words_in(next(entry[name] for name in NAMES if name in entry))


def body_of(document: Document, kind: str, entry: Document) -> Iterator[str]:
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
            yield between(words_in(document[named][code]["title"]).text for code in entry[field])


def between(names: Iterator[str]) -> str:
    return ("、" if page_language().startswith(("ja", "zh")) else ", ").join(names)


def plain(text: dict[str, Any]) -> str:
    """Return plain or rich text as a reader sees it, in one line."""
    if "html" not in text:
        return " ".join(words_in(text).text.split())
    html = words_in(text["html"], is_html=True).text
    return " ".join(unescape(strip_tags(re.sub(r"</(p|li|t[dhr])>|<br>", r" \g<0>", html))).split())


def aliases_of(kind: str, code: str, entry: Document) -> list[str]:
    """Return a term's reading, the title in all languages, and the code of a data item (phone), which services use."""
    texts = next(entry[name] for name in NAMES if name in entry)
    return [entry.get("reading", ""), *texts.values(), *([code] if kind == "data_items" else [])]


def place_of(document: Document, kind: str, entry: Document) -> Words:
    """Return the title of the page that an entry is on. Empty for other kinds."""
    nowhere = Words("", "")
    if kind == "sections":
        return words_in(document["pages"][entry["page"]]["title"])
    if kind in ("scenarios", "definitions"):
        return words_in(document["pages"][document["sections"][entry["section"]]["page"]]["title"])
    return nowhere


# --- Searching -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Piece:
    """A piece of a text. ``is_hit``: it matches the search."""

    text: str
    is_hit: bool = False


@dataclass(frozen=True)
class SearchResult:
    """One result. ``excerpt`` begins near the first hit and is empty if the entry has no text."""

    entry: SearchEntry
    title: list[Piece]
    excerpt: list[Piece]

    @property
    def excerpt_lang(self) -> str:
        """As ``SearchEntry.lang``, but where the entry's other texts fell back and its title did not; else empty."""
        language = language_by_script("".join(piece.text for piece in self.excerpt), self.entry.language)
        return "" if language in ("", self.entry.language) else language

    @property
    def kind_label(self) -> str:
        return str(MODELS[self.entry.kind]._meta.verbose_name)


@dataclass(frozen=True)
class SearchResults:
    """One page of results, best first. ``number`` and ``pages`` count from 1; ``count`` covers all pages."""

    query: str
    count: int
    number: int
    pages: int
    results: list[SearchResult]

    @property
    def newer(self) -> int | None:
        return self.number - 1 if self.number > 1 else None

    @property
    def older(self) -> int | None:
        return self.number + 1 if self.number < self.pages else None


def cleaned(query: str) -> str:
    """Return the query without control characters, with single blanks, cut to 100 characters."""
    shown = "".join(" " if unicodedata.category(letter) in ("Cc", "Cs") else letter for letter in query)
    return " ".join(shown.split())[:LONGEST_QUERY].strip()


def search(index: Index, query: str, number: int = 1) -> SearchResults:
    """Return the entries that contain all words of the query. A page number beyond the last gives the last page."""
    query = cleaned(query)
    words, phrase = words_of(query), fold_question(query)
    found = [entry for entry in index.entries if words and all(stands_in(word, entry.texts) for word in words)]
    found.sort(key=lambda entry: -score(entry, words, phrase))
    pages = max(1, -(-len(found) // PER_PAGE))
    number = min(max(number, 1), pages)
    shown = found[(number - 1) * PER_PAGE : number * PER_PAGE]
    return SearchResults(query, len(found), number, pages, [result_of(entry, words, phrase) for entry in shown])


def score(entry: SearchEntry, words: Sequence[str], phrase: str) -> int:
    """Rate a result: title before text, the whole phrase before single words. Ties keep the order of the index."""
    names = entry.names
    ways = (
        any(phrase == name.text for name in names),
        entry.title.text.startswith(phrase),
        stands_in(phrase, names),
        all(stands_in(word, names) for word in words),
        stands_in(phrase, [entry.body]),
        any(stands_in(word, names) for word in words),
    )
    return next((len(ways) - place for place, holds in enumerate(ways) if holds), 0)


def result_of(entry: SearchEntry, words: Sequence[str], phrase: str) -> SearchResult:
    title = marked(entry.title, hits(entry.title, words), 0, len(entry.title.original))
    spans = hits(entry.body, words)
    first = next(iter(hits(entry.body, [phrase]) or spans), (0, 0))[0]
    return SearchResult(entry, title, excerpt(entry.body, spans, first))


def excerpt(text: Folded, spans: Sequence[tuple[int, int]], first: int) -> list[Piece]:
    """Return the part of the original around its first hit, cut between words, with … where it is cut."""
    original = text.original
    start = 0 if first <= BEFORE_HIT else outside_a_word(original, first - BEFORE_HIT, first)
    end = min(len(original), start + EXCERPT)
    end = max((stop for begin, stop in spans if begin < end < stop), default=end)
    while 0 < end < len(original) and is_latin(original[end - 1]) and is_latin(original[end]):
        end += 1
    pieces = marked(text, spans, start, end)
    before, after = [Piece("…")] if start else [], [Piece("…")] if end < len(original) else []
    return [*before, *pieces, *after]


def outside_a_word(original: str, at: int, limit: int) -> int:
    """Return the first position from ``at``, up to ``limit``, that is not inside a Latin word."""
    while at < limit and is_latin(original[at - 1]) and is_latin(original[at]):
        at += 1
    return at


def marked(text: Folded, spans: Sequence[tuple[int, int]], start: int, end: int) -> list[Piece]:
    pieces, at = [], start
    for begin, stop in spans:
        begin, stop = max(begin, start), min(stop, end)
        if begin < stop:
            pieces += [Piece(text.original[at:begin]), Piece(text.original[begin:stop], is_hit=True)]
            at = stop
    return [piece for piece in (*pieces, Piece(text.original[at:end])) if piece.text]


# --- Examples --------------------------------------------------------------------------------------------------------


def examples(index: Index) -> list[Words]:
    """Return a few published names to search for: services, items, recipients."""
    chosen = []
    for kind, count in (("services", 4), ("data_items", 4), ("recipients", 2)):
        entries = [entry for entry in index.entries if entry.kind == kind and not entry.is_fallback]
        chosen += [Words(entry.title.original, entry.language) for entry in entries[:count]]
    return chosen
