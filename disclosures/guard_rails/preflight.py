"""What publishing would leave behind: what is dated, and changes without its date."""

from collections.abc import Iterator

from django.utils.dateparse import parse_date
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from disclosures.content.publications import Document
from disclosures.guard_rails.findings import Finding, finding


def dated_findings(published: Document | None, document: Document) -> list[Finding]:
    """Return a finding if what is said of the situations changes and the day on which that was true stays. No SQL."""
    entry, before = (one.get("site", {}).get("site") for one in (document, published or {}))
    if not entry or not before or entry["as_of"] != before["as_of"]:
        return []
    if dict(about_situations(published or {})) == dict(about_situations(document)):
        return []
    day = parse_date(entry["as_of"])
    told = _("What is said of the situations changes, and its date stays %(day)s.")
    message = told % {"day": date_format(day, "DATE_FORMAT") if day else entry["as_of"]}
    return [finding("site", "site", entry, "as_of", message, is_error=False)]


def about_situations(document: Document) -> Iterator[tuple[tuple[str, str], Document]]:
    """Yield the situations, and the sections, definitions and questions of the pages that hold any."""
    sections = document.get("sections", {})
    situations = document.get("scenarios", {})
    pages = {sections[one["section"]]["page"] for one in situations.values() if one["section"] in sections}
    held = {code: section for code, section in sections.items() if section["page"] in pages}
    for kind in ("definitions", "questions"):
        for code, entry in document.get(kind, {}).items():
            if entry["section"] in held:
                yield (kind, code), entry
    yield from ((("scenarios", code), entry) for code, entry in situations.items())
    yield from ((("sections", code), entry) for code, entry in held.items())
