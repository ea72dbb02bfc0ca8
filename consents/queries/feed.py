"""The decision feed of one reporter."""

from typing import Any

from disclosures.models import Reporter


def feed_after(reporter: Reporter, number: int, limit: int) -> dict[str, Any]:
    """Entries with a larger number, in order. One SQL statement."""
    found = list(reporter.feed_entries.filter(number__gt=number).order_by("number")[: limit + 1])
    shown = found[:limit]
    return {
        "data": [{"number": row.number, "happened_at": row.happened_at.isoformat(), **row.event} for row in shown],
        "next": str(shown[-1].number if shown else number),
        "has_more": len(found) > limit,
    }
