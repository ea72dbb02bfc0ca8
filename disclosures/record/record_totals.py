"""Totals of a record by combination of recipient, service, scenario, items and ground.

100,000 disclosures of one person are a few hundred combinations. The database counts each once, starting from the
person; all counts by recipient, scenario or filter are added up from these in Python.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import BooleanField, Count, ExpressionWrapper, F, Max, Min, Model, OuterRef, Q, Subquery

from disclosures.models import ItemSet, Scenario, Service
from disclosures.record.effective_record import CorrectedRecord


@dataclass(frozen=True)
class Combination:
    """How often one combination occurs.

    ``within_count`` counts those in the requested period, ``new_count`` those recorded since the requested moment.
    ``is_corrected``: it counts through corrections, and its times of recording are theirs.
    """

    recipient_id: int
    service_id: int
    scenario_id: int
    item_set_id: int
    service: str
    scenario: str
    items: tuple[str, ...]
    ground: int
    is_flagged: bool
    is_corrected: bool
    count: int
    within_count: int
    new_count: int
    first_at: datetime
    last_at: datetime
    first_recorded_at: datetime


# Names differ from the columns, because an annotation must not have the name of a field.
KEYS = {
    "recipient_key": F("recipient_id"),
    "service_key": F("service_id"),
    "scenario_key": F("scenario_id"),
    "item_set_key": F("item_set_id"),
    "ground_number": F("ground"),
    "is_flagged": ExpressionWrapper(Q(flags__gt=0), output_field=BooleanField()),
}


def combinations(
    record: CorrectedRecord,
    condition: Q | None = None,
    *,
    start: datetime | None = None,
    end: datetime | None = None,
    new_since: datetime | None = None,
) -> list[Combination]:
    """Return every combination among what counts of a record, in no order. One SQL statement.

    A combination with both corrected and uncorrected disclosures occurs twice.
    """
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
    looked_up = {
        "service_code": named_by(Service, "service_id", "code"),
        "scenario_code": named_by(Scenario, "scenario_id", "code"),
        "item_codes": named_by(ItemSet, "item_set_id", "codes"),
    }
    return [combination_of(*found) for found in record.groups(condition or Q(), KEYS, counts, looked_up)]


def named_by(model: type[Model], key: str, column: str) -> Subquery:
    """Look up a value once per group.

    A join would be made for each row, and texts would be sorted instead of numbers: five times slower at 100,000 rows.
    """
    return Subquery(model._default_manager.filter(pk=OuterRef(key)).order_by().values(column)[:1])


def between(start: datetime | None, end: datetime | None) -> Q:
    """Return the condition: from ``start``, up to but not including ``end``."""
    return (Q(occurred_at__gte=start) if start else Q()) & (Q(occurred_at__lt=end) if end else Q())


def combination_of(group: dict[str, Any], is_corrected: bool) -> Combination:
    return Combination(
        recipient_id=group["recipient_key"],
        service_id=group["service_key"],
        scenario_id=group["scenario_key"],
        item_set_id=group["item_set_key"],
        service=group["service_code"],
        scenario=group["scenario_code"],
        items=tuple(group["item_codes"]),
        ground=group["ground_number"],
        is_flagged=bool(group["is_flagged"]),
        is_corrected=is_corrected,
        count=group["count"],
        within_count=group.get("within_count", group["count"]),
        new_count=group.get("new_count", 0),
        first_at=group["first_at"],
        last_at=group["last_at"],
        first_recorded_at=group["first_recorded_at"],
    )


def newest_first(found: Iterable[Combination]) -> list[Combination]:
    return sorted(found, key=lambda one: one.last_at, reverse=True)
