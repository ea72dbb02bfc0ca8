"""A summary of a record: its extent, its recipients, and how complete it is."""

from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Count, F, Max, Min

from consents.exports.record.keyset import Entry
from consents.exports.record.record import Record
from consents.overview.recipient_list import LastStep, last_steps
from disclosures.coverage.queries import coverage
from disclosures.models.ledger.events import is_warned
from disclosures.record.filters import condition


@dataclass(frozen=True)
class Extent:
    """The number of disclosures, and the times of the first and the last; None if there is none."""

    disclosure_count: int
    flagged_count: int
    first_at: datetime | None
    last_at: datetime | None


def extent(record: Record) -> Extent:
    """Return the extent of the record. One SQL statement."""
    found = record.disclosures.aggregate(
        count=Count("id"), flagged=Count("id", filter=is_warned()), first=Min("occurred_at"), last=Max("occurred_at")
    )
    return Extent(found["count"], found["flagged"], found["first"], found["last"])


@dataclass
class RecipientTotals:
    """The totals of one recipient. ``reported``: the last step after each withdrawal about it, newest first."""

    code: str
    country: str
    count: int = 0
    flagged_count: int = 0
    first_at: datetime | None = None
    last_at: datetime | None = None
    items: set[str] = field(default_factory=set)
    reported: list[LastStep] = field(default_factory=list)


def recipients(record: Record) -> list[RecipientTotals]:
    """Return the totals of every recipient after corrections, most recent first.

    Two SQL statements, and those of ``condition``.
    """
    keys = {"code": F("recipient__code"), "country": F("recipient__country__code"), "items": F("item_set__codes")}
    counts = {
        "count": Count("id"),
        "flagged": Count("id", filter=is_warned()),
        "first": Min("occurred_at"),
        "last": Max("occurred_at"),
    }
    found: dict[str, RecipientTotals] = {}
    wanted = condition(record.corrected, record.filters, record.names)
    for group, _is_corrected in record.corrected.groups(wanted, keys, counts):
        code = group["code"]
        one = found.setdefault(code, RecipientTotals(code, group["country"]))
        one.count += group["count"]
        one.flagged_count += group["flagged"]
        one.first_at = min(one.first_at or group["first"], group["first"])
        one.last_at = max(one.last_at or group["last"], group["last"])
        one.items |= set(group["items"])
    for code, steps in last_steps(record.person, before=record.made_at).items():
        if code in found:
            found[code].reported = steps
    return sorted(found.values(), key=lambda one: (one.last_at, one.code), reverse=True)


def coverage_entries(record: Record) -> list[Entry]:
    """Return how complete each published service's reports are, in their order, including services that never reported.

    It keeps missing reports from looking like nothing happened. Two SQL statements.
    """
    return [
        {
            "service": one.code,
            "reported_since": one.first_at,
            "last_reported_at": one.last_at,
            "complete_since": one.complete_since,
            "complete_until": one.complete_until,
            "missing_count": one.gap,
        }
        for one in coverage(record.names.document)
    ]
