"""Verification that publications are unchanged since they were published."""

from collections.abc import Iterator

from disclosures.models import Publication
from privacycenter.canonical import sha256_of
from privacycenter.database.verifying import Fault, Progress, name_of


def verify_publications(progress: Progress) -> Iterator[Fault]:
    """Yield the faults of all publications. Reads one at a time, because each holds all content."""
    for expected, number in enumerate(Publication.objects.order_by("number").values_list("number", flat=True), 1):
        row = Publication.objects.get(number=number)
        if number != expected:
            yield Fault(name_of(row), f"the number before it is missing ({expected})")
            return
        if sha256_of(row.document) != row.sha256:
            yield Fault(name_of(row), "the hash is not that of its document: it was changed")
        progress(1)
