"""Names and disclaimer of the site, shown on every page, from the newest publication."""

from dataclasses import dataclass
from datetime import date, datetime

from django.http import HttpRequest

from disclosures.models import Publication
from disclosures.public.reader import Reader
from disclosures.public.shown_entries import LinkView
from disclosures.publishing.publications import Document, publication_for
from privacycenter.text.words import Words, words_in

# Code of the link to the operator's privacy policy. A site without one has none in its footer.
POLICY = "privacy-policy"


@dataclass(frozen=True)
class SiteWords:
    """The site's names, notice and disclaimer in the reader's language.

    ``notice``, and ``accessibility`` and ``leaving``, which are the titles of the pages with these codes, are empty if
    there is none. ``policy``: the link with the code ``privacy-policy``, if there is one. ``as_of``: when what a page
    says of the situations was true. ``published_at``: None in the preview.
    """

    title: Words
    operator: Words
    lead: Words
    notice: Words
    disclaimer_title: Words
    disclaimer: Words
    as_of: date
    published_at: datetime | None
    accessibility: Words
    leaving: Words
    representative: Words
    policy: LinkView | None


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

    def rich(name: str) -> Words:
        return words_in(site.get(name, {}).get("html", {}), language, is_html=True)

    return OperatorFacts(
        name=said("operator"),
        address=said("operator_address"),
        representative=said("operator_representative"),
        purposes=rich("purposes"),
        complaint_contact=said("complaint_contact"),
        fees=said("fees"),
        security_measures=rich("security_measures"),
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
        lead=words_in(entry["lead"]["html"], is_html=True),
        notice=words_in(entry.get("notice", {}).get("html", {}), is_html=True),
        disclaimer_title=words_in(entry["disclaimer_title"]),
        disclaimer=words_in(entry["disclaimer"]["html"], is_html=True),
        as_of=date.fromisoformat(entry["as_of"]),
        published_at=publication.published_at,
        accessibility=words_in(pages.get("accessibility", {}).get("title", {})),
        leaving=words_in(pages.get("leaving", {}).get("title", {})),
        representative=words_in(entry.get("operator_representative", {})),
        policy=Reader(publication.document).link(POLICY) if POLICY in publication.document["links"] else None,
    )
