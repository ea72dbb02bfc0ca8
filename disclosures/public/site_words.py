"""Names and disclaimer of the site, shown on every page, from the newest publication."""

from dataclasses import dataclass
from datetime import date, datetime

from django.http import HttpRequest

from disclosures.content.publications import Document, publication_for
from disclosures.models import Publication
from disclosures.public.menus import Menus, menus_before_publishing, menus_of
from disclosures.public.pages import way_to_situations
from disclosures.public.rich_texts import NO_TEXT, rich
from privacycenter.text.languages import page_language
from privacycenter.text.words import Words, words_in


@dataclass(frozen=True)
class SiteWords:
    """The site's names, notice and disclaimer in the reader's language.

    ``notice``, and ``leaving``, which is the title of the page with this code, are empty if there is none. ``as_of``:
    when what a page says of the situations was true. ``published_at``: None in the preview. ``situations``: the path of
    the page with the situations, empty if there is none.
    """

    title: Words
    operator: Words
    lead: Words
    notice: Words
    disclaimer_title: Words
    disclaimer: Words
    as_of: date
    published_at: datetime | None
    leaving: Words
    representative: Words
    situations: str


@dataclass(frozen=True)
class OperatorFacts:
    """What the law wants said of the operator (APPI art. 32(1)). What is not stated is empty."""

    name: Words
    address: Words
    representative: Words
    purposes: Words
    complaint_contact: Words
    fees: Words
    security_measures: Words


def operator_facts(document: Document, language: str = "") -> OperatorFacts:
    """Return what a publication says of the operator, in this language or that of the page."""
    site = document.get("site", {}).get("site", {})

    def said(name: str) -> Words:
        return words_in(site.get(name, {}), language)

    def rich_in(name: str) -> Words:
        return rich(document, site.get(name, NO_TEXT), language)

    return OperatorFacts(
        name=said("operator"),
        address=said("operator_address"),
        representative=said("operator_representative"),
        purposes=rich_in("purposes"),
        complaint_contact=said("complaint_contact"),
        fees=said("fees"),
        security_measures=rich_in("security_measures"),
    )


def operator_in(number: int, language: str) -> OperatorFacts:
    """Return what one publication says of the operator, all empty if it does not exist. One SQL statement."""
    entry = Publication.objects.filter(number=number).values_list("document__site", flat=True).first()
    return operator_facts({"site": entry or {}}, language)


def site_of(request: HttpRequest) -> SiteWords | None:
    """Return the site's names and disclaimer. None while nothing is published."""
    publication = publication_for(request)
    entry = publication.document["site"].get("site") if publication else None
    if publication is None or entry is None:
        return None
    pages = publication.document["pages"]
    return SiteWords(
        title=words_in(entry["title"]),
        operator=words_in(entry["operator"]),
        lead=rich(publication.document, entry["lead"]),
        notice=rich(publication.document, entry.get("notice", NO_TEXT)),
        disclaimer_title=words_in(entry["disclaimer_title"]),
        disclaimer=rich(publication.document, entry["disclaimer"]),
        as_of=date.fromisoformat(entry["as_of"]),
        published_at=publication.published_at,
        leaving=words_in(pages.get("leaving", {}).get("title", {})),
        representative=words_in(entry.get("operator_representative", {})),
        situations=way_to_situations(publication.document),
    )


def menus_for(publication: Publication | None) -> Menus:
    """Return the menu and footer of a publication, made once for each language while a process holds it."""
    if publication is None:
        return menus_before_publishing()
    made: dict[str, Menus] = vars(publication).setdefault("_menus", {})
    language = page_language()
    if language not in made:
        made[language] = menus_of(publication.document)
    return made[language]
