"""A record counted by its combinations of recipient, service, scene, items and ground.

100,000 disclosures of one person are a few hundred combinations: the database counts each once, starting from the
person, and everything that is counted by recipient, by scene or by filter is put together from these in Python.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import BooleanField, Count, ExpressionWrapper, Max, Min, Q

from disclosures.models.ledger import DisclosureQuerySet


@dataclass(frozen=True)
class Combination:
    """How often one combination occurs. ``within_count``: of these, the ones in the period that was asked for;
    ``new_count``: the ones recorded since the moment that was asked for."""

    recipient_id: int
    service: str
    scenario: str
    items: tuple[str, ...]
    ground: int
    is_flagged: bool
    count: int
    within_count: int
    new_count: int
    first_at: datetime
    last_at: datetime
    first_recorded_at: datetime


def combinations(
    disclosures: DisclosureQuerySet,
    *,
    start: datetime | None = None,
    end: datetime | None = None,
    new_since: datetime | None = None,
) -> list[Combination]:
    """Every combination among these disclosures, in no order. One SQL statement."""
    counts: dict[str, Any] = {
        "count": Count("id"),
        "first_at": Min("occurred_at"),
        "last_at": Max("occurred_at"),
        "first_recorded_at": Min("recorded_at"),
    }
    if start or end:
        counts["within_count"] = Count("id", filter=between(start, end))
    if new_since:
        counts["new_count"] = Count("id", filter=Q(recorded_at__gte=new_since))
    is_flagged = ExpressionWrapper(Q(flags__gt=0), output_field=BooleanField())
    groups = (
        disclosures.values(
            "recipient_id", "ground", "service__code", "scenario__code", "item_set__codes", is_flagged=is_flagged
        )
        .annotate(**counts)
        .order_by()
    )
    return [combination_of(group) for group in groups]


def between(start: datetime | None, end: datetime | None) -> Q:
    """From ``start`` on, up to but not including ``end``."""
    return (Q(occurred_at__gte=start) if start else Q()) & (Q(occurred_at__lt=end) if end else Q())


def combination_of(group: dict[str, Any]) -> Combination:
    return Combination(
        recipient_id=group["recipient_id"],
        service=group["service__code"],
        scenario=group["scenario__code"],
        items=tuple(group["item_set__codes"]),
        ground=group["ground"],
        is_flagged=bool(group["is_flagged"]),
        count=group["count"],
        within_count=group.get("within_count", group["count"]),
        new_count=group.get("new_count", 0),
        first_at=group["first_at"],
        last_at=group["last_at"],
        first_recorded_at=group["first_recorded_at"],
    )


def newest_first(found: Iterable[Combination]) -> list[Combination]:
    return sorted(found, key=lambda one: one.last_at, reverse=True)
