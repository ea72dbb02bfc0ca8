"""What the page of translations shows, and what a file for translators has."""

from collections import Counter
from dataclasses import dataclass

from disclosures.content.entries import title_in
from disclosures.content.publications import Document
from disclosures.content.texts import Place, missing_by_language
from disclosures.models import ConfirmedTranslation
from disclosures.translating.units import Unit, Wanted, selected, units
from disclosures.writing.older_translations import older_counts, older_translations
from privacycenter.text.languages import name_of, other_languages

LATELY = 10


@dataclass(frozen=True)
class LanguageCount:
    """How a language stands: how many texts are missing, how many are older than the Japanese."""

    code: str
    name: str
    missing: int
    older: int


def language_counts(document: Document) -> list[LanguageCount]:
    """Return each language that texts are translated into. One SQL statement."""
    missing: Counter[str] = missing_by_language(document)
    older = older_counts(document)
    return [LanguageCount(one, name_of(one), missing[one], older[one]) for one in other_languages()]


def units_wanted(document: Document, language: str, *, wanted: Wanted, kind: str = "", on_page: str = "") -> list[Unit]:
    """Return the texts of the working copy in one language that stand as wanted. One SQL statement."""
    found = units(document, language, older_translations(language))
    return selected(found, wanted=wanted, kind=kind, on_page=on_page)


@dataclass(frozen=True)
class Confirmation:
    """Who said of which translation that it is still right."""

    title: str
    place: Place
    address: str
    row: ConfirmedTranslation


def latest_confirmations(document: Document, language: str) -> list[Confirmation]:
    """Return the newest of one language, of entries that are there. One SQL statement."""
    rows = ConfirmedTranslation.objects.filter(language=language).select_related("confirmed_by")[:LATELY]
    found = []
    for row in rows:
        place = Place(row.kind, row.code, row.field, row.inside)
        if entry := document.get(row.kind, {}).get(row.code):
            found.append(Confirmation(title_in(entry, row.code), place, place.address(language), row))
    return found
