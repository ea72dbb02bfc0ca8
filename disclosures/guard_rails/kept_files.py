"""Whether the bytes of pictures and documents are there: asked before they are published."""

from django.utils.translation import gettext as _

from disclosures.content.publications import Document
from disclosures.guard_rails.findings import Finding, finding
from disclosures.site_files.queries import not_kept


def file_findings(published: Document | None, document: Document) -> list[Finding]:
    """Return an error for each picture or document whose bytes are not kept. One SQL statement, none without files."""
    files = document.get("files", {})
    missing = not_kept(entry["sha256"] for entry in files.values())
    message = _("Its content is not kept here (any more). Choose the file again.")
    return [
        finding("files", code, entry, "sha256", message) for code, entry in files.items() if entry["sha256"] in missing
    ]
