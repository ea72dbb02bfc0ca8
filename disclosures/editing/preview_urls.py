"""URLs of the preview, which shows the working copy before it is published."""

from typing import Any
from urllib.parse import urlsplit

from django.urls import reverse

from disclosures.content.publications import Document
from disclosures.models.content.entries import CONTROL_GROUPS

# The home page has an empty path, which is taken by the page with the frames. No page's code has a full stop.
HOME = "index.html"


def address_in_preview(public_path: str) -> str:
    """Return the preview URL of a public page.

    ``public_path`` begins with / and has no language prefix: the active language is used.
    """
    parts = urlsplit(public_path)
    address = reverse("admin:preview_page", args=[parts.path.lstrip("/") or HOME])
    return parts._replace(path=address).geturl()


def public_path_of(kind: str, row: Any) -> str:
    """Return the public path of an entry without language prefix. Empty for an entry without a place of its own."""
    if kind == "site":
        return "/"
    if getattr(row, "retired_at", None):
        return ""
    if kind == "pages":
        return f"/{row.code}/"
    if kind in ("recipients", "services"):
        return f"/{kind}/{row.code}/"
    if kind == "sections":
        return f"/{row.page.code}/#{row.code}"
    if kind in ("scenarios", "definitions", "questions"):
        return f"/{row.section.page.code}/#{row.code}"
    return ""


def preview_address(kind: str, row: Any) -> str:
    """Return the preview URL of an entry. Empty for an entry without a place of its own."""
    path = public_path_of(kind, row)
    return address_in_preview(path) if path else ""


# URL name of a page → the kinds whose entries have their code as anchor there. ``ON_OTHER_PAGES`` is for all others.
LISTED = {
    "glossary": ("terms", "definitions"),
    "recipient_list": ("recipients",),
    "recipient_list_abroad": ("recipients",),
    "service_list": ("services",),
}
ON_OTHER_PAGES = ("sections", "scenarios", "definitions", "questions")


def edit_targets(document: Document, page: str) -> dict[str, tuple[str, str, str]]:
    """Return anchor on a public page → kind and code of the entry there, and its field (empty: the whole entry).

    ``page`` is the name of its URL. Pure.
    """
    targets: dict[str, tuple[str, str, str]] = {}
    for kind in LISTED.get(page, ON_OTHER_PAGES):
        for code in document.get(kind, {}):
            targets.setdefault(code, (kind, code, ""))
    if page == "page":
        targets |= {f"by-{group}": ("site", "site", f"{group}_title") for group in CONTROL_GROUPS}
    if page == "glossary":
        targets |= {f"definition-{code}": ("definitions", code, "") for code in document["definitions"]}
    if page == "recipient_list":
        targets |= {f"kind-{code}": ("scenarios", code, "recipient_kinds") for code in document["scenarios"]}
    if page == "recipient_list_abroad":
        targets |= {code.lower(): ("countries", code, "") for code in document["countries"]}
    return targets
