"""All that keeps a document from being published."""

from disclosures.content.publications import Document
from disclosures.guard_rails.findings import Finding, errors
from disclosures.guard_rails.held_at_once import held_findings
from disclosures.guard_rails.kept_files import file_findings
from disclosures.guard_rails.references import reference_findings


def errors_of(document: Document) -> list[Finding]:
    """Return all that keeps a document from being published. One SQL statement; one more if it has files, and one if an
    entry is missing."""
    return [
        *errors(document),
        *held_findings(None, document),
        *reference_findings(document),
        *file_findings(None, document),
    ]
