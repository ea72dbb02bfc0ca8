"""What a list of affected people is narrowed by, and the rows of the ledger that are meant."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from django.db import connection, models
from django.db.models import Exists, OuterRef, Q

from disclosures.ledger.events import CLOCK_TOLERANCE
from disclosures.models import Correction, DataItem, Disclosure, ItemSet, Recipient, Reporter, Scenario, Service
from privacycenter.errors import UnknownCode

# Keys in one list, and by how many the keys between those of a range may be more than they are themselves.
MOST_LISTED, MOST_BETWEEN = 100, 4

# Name → the table whose codes it takes.
CODES: dict[str, type[models.Model]] = {
    "recipient": Recipient, "service": Service, "scenario": Scenario, "reporter": Reporter,
}  # fmt: skip


# The days between which a list can be narrowed.
FIRST_DAY, LAST_DAY = date(1970, 1, 1), date(2999, 12, 31)


class UtcDay(models.Func):
    """The day in UTC of a time, written as the index of recipients and days has it. PostgreSQL alone."""

    template = "((%(expressions)s AT TIME ZONE 'UTC')::date)"
    output_field = models.DateField()


@dataclass(frozen=True)
class AffectedFilters:
    """``since``, ``until``: when it was provided; from, and up to but not including. Empty codes narrow nothing.

    ``items``: at least one of these was among what was provided.
    """

    since: datetime
    until: datetime
    recipient: str = ""
    service: str = ""
    scenario: str = ""
    reporter: str = ""
    items: tuple[str, ...] = ()

    @property
    def codes(self) -> list[str]:
        """What it is narrowed by, as codes."""
        return [*filter(None, (getattr(self, name) for name in CODES)), *self.items]

    @property
    def stored(self) -> dict[str, Any]:
        """The same for ``AffectedList.filters``."""
        codes = {name: code for name in CODES if (code := getattr(self, name))}
        items = {"items": list(self.items)} if self.items else {}
        return {**codes, **items, "since": in_utc(self.since), "until": in_utc(self.until)}


def in_utc(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat()


def filters_of(stored: Mapping[str, Any]) -> AffectedFilters:
    return AffectedFilters(
        since=datetime.fromisoformat(stored["since"]),
        until=datetime.fromisoformat(stored["until"]),
        items=tuple(stored.get("items", ())),
        **{name: stored.get(name, "") for name in CODES},
    )


@dataclass(frozen=True)
class Matching:
    """The rows that are meant: disclosures that count as they were reported, and corrections by which others count.

    Both have the columns that disclosures and corrections share.
    """

    reported: models.QuerySet[Any]
    corrected: models.QuerySet[Any]

    def of_people(self, people: Sequence[int]) -> "Matching":
        return Matching(self.reported.filter(person_id__in=people), self.corrected.filter(person_id__in=people))


def around(column: str, keys: Sequence[int]) -> Q:
    """Return a condition for these keys. Many, with few others between them, are a range, which takes in the others: a
    list of a thousand keys costs more to send and to plan than they do."""
    if len(keys) > MOST_LISTED and max(keys) - min(keys) < MOST_BETWEEN * len(keys):
        return Q(**{f"{column}__gte": min(keys), f"{column}__lte": max(keys)})
    return Q(**{f"{column}__in": keys})


def refuse_unknown_codes(filters: AffectedFilters) -> None:
    """Raises UnknownCode for a code that does not exist. At most five SQL statements."""
    for name, model in CODES.items():
        code = getattr(filters, name)
        if code and not model._default_manager.filter(code=code).exists():
            raise UnknownCode(f"There is no {name} “{code}”.", name)
    known = set(DataItem.objects.filter(code__in=filters.items).values_list("code", flat=True))
    for code in filters.items:
        if code not in known:
            raise UnknownCode(f"There is no item “{code}”.", "items")


def matching(filters: AffectedFilters, known_at: datetime) -> Matching:
    """Return the rows that match, as far as they were recorded by ``known_at``: none for a code that does not exist.

    At most four SQL statements, for the codes.
    """
    reported, corrected = parts_of(filters, known_at)
    corrections = Correction.objects.filter(recorded_at__lte=known_at)
    is_corrected = Exists(corrections.filter(person=OuterRef("person"), disclosure_id=OuterRef("id")))
    return Matching(reported.filter(~is_corrected), corrected.latest_of_each(known_at=known_at))


def parts_of(filters: AffectedFilters, known_at: datetime) -> tuple[models.QuerySet[Any], Any]:
    condition = condition_of(filters)
    reported = narrowed(Disclosure.objects.filter(condition, recorded_at__lte=known_at), filters)
    corrected = Correction.objects.filter(condition, recorded_at__lte=known_at).with_facts()
    return reported.order_by(), corrected.order_by()


def condition_of(filters: AffectedFilters) -> Q:
    """Return the condition on columns that disclosures and corrections share. Keys are looked up, not joined: an index
    is chosen by them."""
    condition = Q(occurred_at__gte=filters.since, occurred_at__lt=filters.until)
    for name, model in CODES.items():
        if code := getattr(filters, name):
            key = model._default_manager.filter(code=code).values_list("pk", flat=True).first()
            condition &= Q(**{f"{name}_id": key or 0})
    if filters.items:
        condition &= Q(item_set_id__in=ItemSet.objects.filter(items__code__in=filters.items).values("pk"))
    return condition


def narrowed(rows: models.QuerySet[Any], filters: AffectedFilters) -> models.QuerySet[Any]:
    """Add conditions that follow from the others, and that an index serves.

    What happened since a moment was recorded since then, give or take the clocks: PostgreSQL's block range index knows
    where that begins. With a recipient, its index of recipients and days leads to the rows.
    """
    rows = rows.filter(recorded_at__gte=filters.since - CLOCK_TOLERANCE)
    if filters.recipient and connection.vendor == "postgresql":
        first, last = filters.since.astimezone(UTC).date(), filters.until.astimezone(UTC).date()
        rows = rows.alias(utc_day=UtcDay("occurred_at")).filter(utc_day__gte=first, utc_day__lte=last)
    return rows
