"""Verification that publications are unchanged since they were published."""

from collections.abc import Iterator

from disclosures.models import Publication
from privacycenter.canonical import sha256_of
from privacycenter.database.verifying import Fault, Progress, found_in


def verify_publications(progress: Progress) -> Iterator[Fault]:
    """Yield the faults of all publications. Reads one at a time, because each holds all content."""
    before = 0
    for number in Publication.objects.order_by("number").values_list("number", flat=True):
        row = Publication.objects.get(number=number)
        if number != before + 1:
            yield found_in(row, f"the number before it is missing ({number - 1})")
        if sha256_of(row.document) != row.sha256:
            yield found_in(row, "the hash is not that of its document: it was changed")
        before = number
        progress(1)
