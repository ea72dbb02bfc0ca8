"""The decision feed of one reporter. Never writes."""

from typing import Any

from django.db.models import Max

from disclosures.models import Reporter
from privacycenter.errors import InvalidValue


def feed_after(reporter: Reporter, number: int, limit: int) -> dict[str, Any]:
    """Return the entries after ``number`` about the reporter's current services, in order.

    At most three SQL statements. Raises InvalidValue for a number that was never assigned: continuing from there would
    miss every entry up to it.
    """
    found = list(reporter.feed_entries.filter(number__gt=number).order_by("number")[: limit + 1])
    if number and not found and number > (reporter.feed_entries.aggregate(last=Max("number"))["last"] or 0):
        raise InvalidValue("No answer ever gave this cursor. Begin anew without one.", "after")
    shown = found[:limit]
    own = set(reporter.services.values_list("code", flat=True))
    return {
        "data": [
            {"number": row.number, "happened_at": row.happened_at.isoformat(), **row.event}
            for row in shown
            if row.event["service"] in own
        ],
        "next": str(shown[-1].number if shown else number),
        "has_more": len(found) > limit,
    }
