"""Public URLs of a document's entries. Pure: no SQL."""

from django.urls import reverse

from disclosures.content.publications import Document
from disclosures.models.content.recipients import HOME_COUNTRY


def address_of(document: Document, kind: str, code: str) -> str:
    """Return the URL of an entry in the active language, with its anchor. Empty if no page shows it."""
    entry = document.get(kind, {}).get(code)
    if entry is None or entry.get("retired"):
        return ""
    match kind:
        case "site":
            return reverse("home")
        case "pages":
            return reverse("page", args=[code])
        case "sections":
            return on_page(entry["page"], code)
        case "definitions" | "scenarios":
            return on_page(document["sections"][entry["section"]]["page"], code)
        case "questions":
            return f"{reverse('faq')}#{code}"
        case "terms":
            return f"{reverse('glossary')}#{code}"
        case "services":
            return reverse("service", args=[code])
        case "recipients":
            return reverse("recipient", args=[code])
        case "data_items":
            return address_of_item(document, code)
        case "countries":
            return address_of_country(document, code)
    return ""


def on_page(page: str, anchor: str) -> str:
    return f"{reverse('page', args=[page])}#{anchor}"


def address_of_item(document: Document, code: str) -> str:
    """Return the URL of the first scenario that provides the item."""
    scenarios = sorted(document["scenarios"].items(), key=lambda pair: (pair[1]["position"], pair[0]))
    found = (one for one, entry in scenarios if code in entry["items"] and not entry["retired"])
    first = next(found, None)
    return address_of(document, "scenarios", first) if first else ""


def address_of_country(document: Document, code: str) -> str:
    """Return the URL of the country's heading among recipients abroad. Empty if no recipient is there."""
    if code == HOME_COUNTRY:
        return reverse("recipient_list")
    recipients = document["recipients"].values()
    if any(entry["country"] == code and not entry["retired"] for entry in recipients):
        return f"{reverse('recipient_list_abroad')}#{code.lower()}"
    return ""
