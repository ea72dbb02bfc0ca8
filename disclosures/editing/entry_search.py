"""The desk's search: over every kind of entry at once, in a list, and in a field that refers to other entries."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, Model, QuerySet

from disclosures.content.entries import edit_url
from disclosures.content.parts import rows_among
from disclosures.content.working_copy import MODELS, code_of
from disclosures.editing.preview_urls import preview_address
from disclosures.models import SearchText
from disclosures.models.content.bases import Reference
from privacycenter.models import User
from privacycenter.text.folding import folded_text, words_of
from privacycenter.text.words import Words, words_in

PER_KIND, PER_PAGE, MOST_OFFERED = 5, 50, 20
LONGEST_SEARCH = 100


def searched(words: Sequence[str]) -> QuerySet[SearchText]:
    """Select the entries in which every folded word stands, in any language, in the code, or in a reading."""
    found = SearchText.objects.all()
    for word in words:
        found = found.filter(text__contains=word)
    return found


def codes_searched(kind: str, words: Sequence[str]) -> QuerySet[Any]:
    """Select the codes of a kind's entries, for a condition of another statement. No SQL."""
    return searched(words).filter(kind=kind).order_by().values("code")


def counted_entries() -> dict[str, int]:
    """Return kind → how many entries it has. One SQL statement."""
    return dict(SearchText.objects.order_by().values_list("kind").annotate(count=Count("pk")))


# --- Over every kind -------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class EntryHit:
    """One entry that was found. ``preview``: empty for one that has no place of its own."""

    code: str
    title: Words
    address: str
    preview: str
    is_retired: bool


@dataclass(frozen=True)
class KindHits:
    """What was found of one kind: the first few, or a page of them."""

    kind: str
    count: int
    hits: list[EntryHit]

    @property
    def label(self) -> str:
        return str(MODELS[self.kind]._meta.verbose_name_plural)

    @property
    def has_more(self) -> bool:
        return self.count > len(self.hits)


@dataclass(frozen=True)
class SearchPage:
    """``page``: of the one kind that was asked for, None for all kinds."""

    q: str
    kinds: list[KindHits]
    page: "Page[SearchText] | None"

    @property
    def count(self) -> int:
        return sum(kind.count for kind in self.kinds)


def search_page(user: User, q: str, kind: str = "", number: str = "") -> SearchPage:
    """Return what was found among the kinds that this person may see. At most two SQL statements, and three for each
    kind that is shown; the preview's addresses of sections and what is in them take one more."""
    q = " ".join(q.split())[:LONGEST_SEARCH]
    words, seen = words_of(q), kinds_seen_by(user)
    if not words:
        return SearchPage(q, [], None)
    found = searched(words).filter(kind__in=seen)
    if kind in seen:
        page = Paginator(found.filter(kind=kind).order_by("code"), PER_PAGE).get_page(number)
        hits = hits_of(kind, list(page.object_list))
        return SearchPage(q, [KindHits(kind, page.paginator.count, hits)] if hits else [], page)
    counts = dict(found.order_by().values_list("kind").annotate(count=Count("pk")))
    first = {one: list(found.filter(kind=one).order_by("code")[:PER_KIND]) for one in seen if one in counts}
    return SearchPage(q, [KindHits(one, counts[one], hits_of(one, rows)) for one, rows in first.items()], None)


def kinds_seen_by(user: User) -> list[str]:
    return [kind for kind, model in MODELS.items() if user.has_perm(f"disclosures.view_{model._meta.model_name}")]


def hits_of(kind: str, found: Sequence[SearchText]) -> list[EntryHit]:
    rows = {code_of(row): row for row in with_their_page(kind, [one.code for one in found])}
    return [hit_of(kind, one, rows[one.code]) for one in found if one.code in rows]


def with_their_page(kind: str, codes: Sequence[str]) -> QuerySet[Any]:
    found = rows_among(kind, codes).prefetch_related(None)
    return found.select_related("section__page") if kind in ("scenarios", "definitions", "questions") else found


def hit_of(kind: str, found: SearchText, row: Model) -> EntryHit:
    return EntryHit(
        code=found.code,
        title=title_of(found),
        address=edit_url(kind, found.code),
        preview=preview_address(kind, row),
        is_retired=getattr(row, "retired_at", None) is not None,
    )


def title_of(found: SearchText) -> Words:
    """Return the entry's name in the page's language, or its code."""
    # A line of words of several languages has none of its own.
    if "" in found.titles:
        return Words(found.titles[""], "")
    return words_in(found.titles) if found.titles else Words(found.code, "")


# --- To refer to -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Offered:
    """Entries that a field offers while somebody types. ``has_more``: a longer word would find fewer."""

    entries: list[tuple[str, str]]
    has_more: bool


def offered(kind: str, q: str) -> Offered:
    """Return (code, name) of the first entries of a kind that are in use. One SQL statement."""
    words = words_of(q[:LONGEST_SEARCH])
    found = searched(words).filter(kind=kind)
    model: Any = MODELS[kind]
    if issubclass(model, Reference):
        found = found.exclude(code__in=model.objects.filter(retired_at__isnull=False).values("code"))
    rows = list(found.order_by("code")[: MOST_OFFERED + 1]) if words else []
    return Offered([(row.code, title_of(row).text) for row in rows[:MOST_OFFERED]], len(rows) > MOST_OFFERED)


def codes_named(kind: str, name: str) -> list[str]:
    """Return the codes of the entries with exactly this name, in any language. One SQL statement."""
    folded = folded_text(name.strip())
    found = (
        SearchText.objects.filter(kind=kind, text__contains=f"\n{folded}\n") if folded else SearchText.objects.none()
    )
    named = ((row.code, row.titles.values()) for row in found.order_by("code")[:MOST_OFFERED])
    return [code for code, titles in named if any(folded_text(title) == folded for title in titles)]
