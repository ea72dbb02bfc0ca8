"""Every public URL for search engines, and the fields of security.txt. Pure: no SQL."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from django.urls import reverse

from disclosures.content.publications import Document
from privacycenter.text.languages import other_languages, site_languages, speaking

# URL names of the pages that always exist.
ALWAYS = (
    "home", "recipient_list", "recipient_list_abroad", "service_list", "faq", "glossary", "change_list", "contact",
)  # fmt: skip
# Kind → URL name of one entry's page.
EACH = {"pages": "page", "services": "service", "recipients": "recipient"}
# Pages for persons, staff and machines, and pages of unlimited number.
CLOSED = ("/my/", "/admin/", "/accounts/", "/search/")
VALID_DAYS, SHORTEST_DAYS = 365, 30


@dataclass(frozen=True)
class SitemapEntry:
    """One page in one language. ``addresses`` maps language → path of this page in that language."""

    address: str
    addresses: dict[str, str]


def sitemap(document: Document, newest: int) -> list[SitemapEntry]:
    """Return all public pages in all languages. ``newest`` is the number of the newest publication."""
    languages = site_languages()
    found = {language: list(paths_in(document, newest, language)) for language in languages}
    pages = [dict(zip(languages, paths, strict=True)) for paths in zip(*found.values(), strict=True)]
    return [SitemapEntry(page[language], page) for page in pages for language in languages]


def paths_in(document: Document, newest: int, language: str) -> Iterator[str]:
    with speaking(language):
        paths = [reverse(name) for name in ALWAYS]
        for kind, name in EACH.items():
            codes = sorted(code for code, entry in document[kind].items() if not entry.get("retired"))
            paths += [reverse(name, args=[code]) for code in codes]
        paths += [reverse("change", args=[number]) for number in range(newest, 0, -1)]
    return iter(dict.fromkeys(paths))


def closed_paths() -> list[str]:
    """Return the path prefixes that search engines should leave alone, in all languages."""
    return ["/api/", *CLOSED, *(f"/{language}{path}" for language in other_languages() for path in CLOSED)]


def security_contact(document: Document) -> str:
    """Return the contact for vulnerability reports as a URI (RFC 9116, 2.5.3). Empty if none is given."""
    contact = "".join(document["site"].get("site", {}).get("security_contact", "").split())
    return contact if not contact or contact.startswith(("https://", "mailto:", "tel:")) else f"mailto:{contact}"


def security_expiry(published_at: datetime, today: date) -> datetime:
    """Return a year after the publication, or 30 days from today if that is later, at the start of the day (UTC).

    RFC 9116 wants less than a year, and never a date in the past. The result stays the same all day.
    """
    day = max(published_at.astimezone(UTC).date() + timedelta(VALID_DAYS - 1), today + timedelta(SHORTEST_DAYS))
    return datetime.combine(day, time.min, UTC)
