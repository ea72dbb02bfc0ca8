"""Actions that create sources of events."""

from collections.abc import Mapping, Set

from disclosures.models import EventSource


def ensure_sources(*, texts: Set[str], known: Mapping[str, int]) -> dict[str, int]:
    """Return text → key of its source, creating missing ones. No SQL statement if ``known`` holds all, else two."""
    found = dict(known)
    if new := texts - found.keys():
        # In a fixed order, so that two batches cannot deadlock; both then read the same rows.
        EventSource.objects.bulk_create([EventSource(text=text) for text in sorted(new)], ignore_conflicts=True)
        found |= dict(EventSource.objects.filter(text__in=new).values_list("text", "pk"))
    return found
