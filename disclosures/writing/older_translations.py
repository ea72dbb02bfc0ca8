"""Translations that are older than their Japanese text, as noted with each change."""

from collections import Counter
from collections.abc import Collection, Iterable

from django.db.models import Count

from disclosures.content.publications import Document
from disclosures.content.texts import Place
from disclosures.models import OlderTranslation
from privacycenter.text.languages import other_languages

# Of each by its place and language.
Older = dict[tuple[Place, str], OlderTranslation]


def place_of(row: OlderTranslation) -> Place:
    return Place(row.kind, row.code, row.field, row.inside)


def older_translations(language: str) -> Older:
    """Return all of one language. One SQL statement."""
    return by_place(OlderTranslation.objects.filter(language=language))


def older_among(codes: Collection[str]) -> Older:
    """Return those of the entries with one of these codes, of whatever kind. One SQL statement; none for no code."""
    return by_place(OlderTranslation.objects.filter(code__in=codes)) if codes else {}


def by_place(rows: Iterable[OlderTranslation]) -> Older:
    return {(place_of(row), row.language): row for row in rows}


def older_counts(document: Document) -> Counter[str]:
    """Return language → how many of its translations are older, in the entries of this document that are in use.

    One SQL statement.
    """
    rows = OlderTranslation.objects.filter(language__in=other_languages()).order_by()
    found: Counter[str] = Counter()
    for kind, code, language, number in rows.values_list("kind", "code", "language").annotate(Count("pk")):
        entry = document.get(kind, {}).get(code)
        if entry and not entry.get("retired"):
            found[language] += number
    return found
