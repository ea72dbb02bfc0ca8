"""Names and disclaimer of the site, shown on every page, from the newest publication."""

from dataclasses import dataclass
from datetime import date

from django.http import HttpRequest

from disclosures.models import Publication
from disclosures.publishing.publications import publication_for
from privacycenter.text.words import Words, words_in


@dataclass(frozen=True)
class SiteWords:
    """The site's names and its disclaimer in the reader's language.

    ``accessibility`` is the title of the page with that code, empty if there is none.
    """

    title: Words
    operator: Words
    lead: Words
    disclaimer_title: Words
    disclaimer: Words
    as_of: date
    accessibility: Words


def operator_in(number: int, language: str) -> str:
    """Return the operator's name in one publication. Empty if there is no such publication. One SQL statement."""
    entry = Publication.objects.filter(number=number).values_list("document__site__site__operator", flat=True).first()
    return words_in(entry, language).text if entry else ""


def site_of(request: HttpRequest) -> SiteWords | None:
    """Return the site's names and disclaimer. None while nothing is published."""
    publication = publication_for(request)
    entry = publication.document["site"].get("site") if publication else None
    if publication is None or entry is None:
        return None
    return SiteWords(
        title=words_in(entry["title"]),
        operator=words_in(entry["operator"]),
        lead=words_in(entry["lead"]["html"], is_html=True),
        disclaimer_title=words_in(entry["disclaimer_title"]),
        disclaimer=words_in(entry["disclaimer"]["html"], is_html=True),
        as_of=date.fromisoformat(entry["as_of"]),
        accessibility=words_in(publication.document["pages"].get("accessibility", {}).get("title", {})),
    )
