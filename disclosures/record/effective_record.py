"""The effective record: a corrected disclosure counts with the correct facts of its latest correction.

A retracted disclosure does not count at all. The list still shows what was reported, beside what is right.

Totals are by combination of recipient, service, scenario, items, ground and warnings: 100,000 disclosures of one person
are a few hundred combinations. The database counts each once, starting from the person; all counts by recipient,
scenario or filter are added up from these in Python.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import cached_property, reduce
from operator import or_
from typing import Any
from uuid import UUID

from django.db.models import (
    Count,
    DateTimeField,
    Exists,
    F,
    Func,
    IntegerField,
    Max,
    Min,
    Model,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
)
from django.utils import timezone

from disclosures.models import ItemSet, Recipient, Scenario, Service
from disclosures.models.ledger.corrections import CorrectionQuerySet
from disclosures.models.ledger.events import WARNING, DisclosureQuerySet, Flag, is_warned
from disclosures.models.ledger.withholding import withheld_from
from privacycenter.database.compiled_queries import among
from privacycenter.database.person_queries import PersonQuery
from privacycenter.models import User

# --- What counts -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class CorrectedRecord:
    """A person's disclosures as reported, all their corrections, and the latest correction of each disclosure.

    ``known_at``: only what had been recorded by then. ``shown_at``: as the person saw it at that moment, that is also
    without what the law kept back then, and only that.

    Conditions use columns that disclosures and corrections share: ``recipient``, ``service``, ``scenario``,
    ``item_set``, ``ground``, ``flags``, ``occurred_at``, ``recorded_at``.
    """

    person: User
    known_at: datetime | None = None
    shown_at: datetime | None = None
    only: UUID | None = None

    @property
    def part(self) -> dict[str, Any]:
        """Which record of the person it is."""
        return {"known_at": self.known_at, "shown_at": self.shown_at, "only": self.only}

    @cached_property
    def reported(self) -> DisclosureQuerySet:
        withheld = withheld_from(self.person, self.shown_at)
        found: DisclosureQuerySet = self.known(self.person.disclosures.exclude(id__in=withheld))
        return found.filter(id=self.only) if self.only else found

    @cached_property
    def corrections(self) -> CorrectionQuerySet:
        withheld = withheld_from(self.person, self.shown_at)
        found: CorrectionQuerySet = self.known(self.person.corrections.exclude(disclosure_id__in=withheld))
        return found

    @cached_property
    def latest(self) -> CorrectionQuerySet:
        found = self.corrections.latest_of_each(known_at=self.known_at, person=self.person)
        return found.filter(disclosure_id=self.only) if self.only else found

    def known(self, rows: Any) -> Any:
        return rows.filter(recorded_at__lte=self.known_at) if self.known_at else rows

    def uncorrected(self) -> DisclosureQuerySet:
        """Leave out corrected disclosures.

        A subquery that reads the person's corrections once, by their index, not once per row.
        """
        return self.reported.exclude(self.named_by(self.corrections))

    def grouped(
        self, condition: Q, keys: dict[str, Any], counts: dict[str, Any], looked_up: dict[str, Any] | None = None
    ) -> QuerySet[Any]:
        """Select what counts under this condition, grouped by ``keys``, with ``is_corrected``: whether the group counts
        through corrections.

        A group with both corrected and uncorrected disclosures occurs twice. ``looked_up`` is evaluated once per group.
        """
        parts = (self.uncorrected(), False), (self.latest.with_facts(), True)
        reported, corrected = (
            part.filter(condition)
            .order_by()
            .values(**keys)
            .annotate(**counts)
            # After the counts: before them it would become part of GROUP BY.
            .annotate(**(looked_up or {}), is_corrected=Value(is_corrected))
            for part, is_corrected in parts
        )
        return reported.union(corrected, all=True)

    def groups(
        self, condition: Q, keys: dict[str, Any], counts: dict[str, Any], looked_up: dict[str, Any] | None = None
    ) -> Iterator[tuple[dict[str, Any], bool]]:
        """Yield each group of ``grouped``, and whether it counts through corrections. One SQL statement."""
        for group in self.grouped(condition, keys, counts, looked_up):
            yield dict(group), bool(group["is_corrected"])

    def matching(self, condition: Q, *, has_corrected: bool = True) -> DisclosureQuerySet:
        """Select the disclosures that count under this condition.

        With ``has_corrected`` False, none of them was corrected, so that an index can find a period.
        """
        if not has_corrected:
            return self.uncorrected().filter(condition)
        is_uncorrected = ~self.named_by(self.corrections)
        return self.reported.filter(condition & is_uncorrected | self.corrected(condition))

    def about(self, condition: Q) -> DisclosureQuerySet:
        """Select the disclosures that match the condition either as reported or as corrected."""
        return self.reported.filter(condition | self.corrected(condition))

    def corrected(self, condition: Q) -> Q:
        """Return the condition for disclosures whose corrected facts meet ``condition``."""
        return self.named_by(self.latest.with_facts().filter(condition))

    def named_by(self, corrections: CorrectionQuerySet) -> Q:
        """Return the condition for the disclosures that these corrections are about.

        An event may have been reported about two accounts of a person: both disclosures then have the same id.
        """
        if len(self.person.keys) == 1:
            return Q(id__in=corrections.values("disclosure_id"))
        return Q(pk__in=corrections.values("person_id", "disclosure_id"))


def corrected_record(person: User, *, known_at: datetime | None = None) -> CorrectedRecord:
    """Return the person's record. With ``known_at``, only what had been recorded by then."""
    return CorrectedRecord(person, known_at)


def record_shown_at(person: User, moment: datetime) -> CorrectedRecord:
    """Return the record as the person saw it at a moment."""
    return CorrectedRecord(person, known_at=moment, shown_at=moment)


# --- Filters ---------------------------------------------------------------------------------------------------------

# Arguments of ``narrowed_to``, as they are given to a compiled query.
Narrowing = dict[str, Any]


def narrowed_to(
    *,
    start: datetime | None,
    end: datetime | None,
    ground: int | None,
    has_warning: bool,
    keys: Mapping[str, Any],
    words: Sequence[Mapping[str, Any]],
) -> Q:
    """Return what filters come to as one condition, by columns alone.

    ``keys``: column → the values that it may have. ``words``: of each, column → the values of which one is enough.
    """
    found = between(start, end)
    if ground is not None:
        found &= Q(ground=ground)
    for column, values in keys.items():
        found &= Q(among(column, values))
    for word in words:
        found &= reduce(or_, (Q(among(column, values)) for column, values in word.items()))
    return found & Q(is_warned()) if has_warning else found


# --- Totals by combination -------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Combination:
    """How often one combination occurs.

    ``within_count`` counts those in the requested period, ``new_count`` those recorded since the requested moment,
    ``month_counts`` those in each requested month. ``is_corrected``: it counts through corrections, and its times of
    recording are theirs. ``is_hidden``: the person hides the recipient from the overview.
    """

    recipient_id: int
    service_id: int
    scenario_id: int
    item_set_id: int
    recipient: str
    service: str
    scenario: str
    items: tuple[str, ...]
    ground: int
    warnings: Flag
    is_hidden: bool
    is_corrected: bool
    count: int
    within_count: int
    new_count: int
    month_counts: tuple[int, ...]
    first_at: datetime
    last_at: datetime
    first_recorded_at: datetime

    @property
    def is_flagged(self) -> bool:
        return bool(self.warnings)


# Names differ from the columns, because an annotation must not have the name of a field.
KEYS = {
    "recipient_key": F("recipient_id"),
    "service_key": F("service_id"),
    "scenario_key": F("scenario_id"),
    "item_set_key": F("item_set_id"),
    "ground_number": F("ground"),
    "warning_bits": F("flags").bitand(int(WARNING)),
}


def combinations(
    record: CorrectedRecord,
    condition: Q | None = None,
    *,
    recipient: int | None = None,
    before: datetime | None = None,
    start: datetime | None = None,
    end: datetime | None = None,
    new_since: datetime | None = None,
    months: Sequence[date] = (),
) -> list[Combination]:
    """Return every combination among what counts of a record, in no order. One SQL statement.

    A combination with both corrected and uncorrected disclosures occurs twice. ``recipient``: only those of this one,
    by its key; ``before``: only what occurred before. ``months``: the first day of each month to count by.
    """
    values: dict[str, Any] = {
        "part": record.part, "recipient": recipient, "before": before, "start": start, "end": end,
        "new_since": new_since, "months": tuple((midnight(day), midnight(month_before(day, -1))) for day in months),
    }  # fmt: skip
    if condition is None:
        found = COMBINATIONS.rows(record.person, **values)
    else:
        found = list(combination_groups(record.person, **values, condition=condition))
    return [combination_of(group, len(months)) for group in found]


def combination_groups(
    person: User,
    *,
    part: dict[str, Any],
    recipient: int | None,
    before: datetime | None,
    start: datetime | None,
    end: datetime | None,
    new_since: datetime | None,
    months: Sequence[tuple[datetime, datetime]],
    condition: Q | None = None,
) -> QuerySet[Any]:
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
    for number, (begins, ends) in enumerate(months):
        counts[f"month_{number}"] = Count("id", filter=between(begins, ends))
    hides = person.hidden_recipients.filter(recipient=OuterRef("recipient_id"))
    looked_up = {
        "recipient_code": named_by(Recipient, "recipient_id", "code"),
        "service_code": named_by(Service, "service_id", "code"),
        "scenario_code": named_by(Scenario, "scenario_id", "code"),
        "item_codes": named_by(ItemSet, "item_set_id", "codes"),
        "is_hidden": Exists(hides),
    }
    wanted = (condition or Q()) & between(None, before)
    if recipient:
        wanted &= Q(recipient_id=recipient)
    return CorrectedRecord(person, **part).grouped(wanted, KEYS, counts, looked_up)


COMBINATIONS = PersonQuery(combination_groups)


def named_by(model: type[Model], key: str, column: str) -> Subquery:
    """Look up a value once per group.

    A join would be made for each row, and texts would be sorted instead of numbers: five times slower at 100,000 rows.
    """
    return Subquery(model._default_manager.filter(pk=OuterRef(key)).order_by().values(column)[:1])


def combination_of(group: dict[str, Any], month_count: int) -> Combination:
    return Combination(
        recipient_id=group["recipient_key"],
        service_id=group["service_key"],
        scenario_id=group["scenario_key"],
        item_set_id=group["item_set_key"],
        recipient=group["recipient_code"],
        service=group["service_code"],
        scenario=group["scenario_code"],
        items=tuple(group["item_codes"]),
        ground=group["ground_number"],
        warnings=Flag(group["warning_bits"]),
        is_hidden=bool(group["is_hidden"]),
        is_corrected=bool(group["is_corrected"]),
        count=group["count"],
        within_count=group.get("within_count", group["count"]),
        new_count=group.get("new_count", 0),
        month_counts=tuple(group[f"month_{number}"] for number in range(month_count)),
        first_at=group["first_at"],
        last_at=group["last_at"],
        first_recorded_at=group["first_recorded_at"],
    )


def newest_first(found: Iterable[Combination]) -> list[Combination]:
    return sorted(found, key=lambda one: one.last_at, reverse=True)


# --- Days and months, in the site's time zone ------------------------------------------------------------------------


def midnight(day: date) -> datetime:
    """Return the moment at which this day begins."""
    return timezone.make_aware(datetime.combine(day, time.min))


def between(start: datetime | None, end: datetime | None) -> Q:
    """Return the condition: from ``start``, up to but not including ``end``."""
    return (Q(occurred_at__gte=start) if start else Q()) & (Q(occurred_at__lt=end) if end else Q())


def month_before(today: date, distance: int) -> date:
    """Return the first day of the month ``distance`` months before today's."""
    index = today.year * 12 + today.month - 1 - distance
    return date(index // 12, index % 12 + 1, 1)


def months_between(first: datetime, last: datetime) -> list[date]:
    """Return the first day of each month from that of ``first`` to that of ``last``."""
    day, end = timezone.localdate(first).replace(day=1), timezone.localdate(last)
    distance = (end.year - day.year) * 12 + end.month - day.month
    return [month_before(end, number) for number in reversed(range(distance + 1))]


def counts_by_month(record: CorrectedRecord, narrowing: Narrowing | None, begins: Sequence[date]) -> Counter[date]:
    """Return first day of a month → number of disclosures that count and are left by the filters. One SQL statement.

    None of them MUST lie outside these months.
    """
    if not begins:
        return Counter()
    days = sorted(begins)
    query = NARROWED_MONTHS if narrowing else MONTHS
    starts = tuple(midnight(day) for day in days)
    found = query.rows(record.person, part=record.part, starts=starts, narrowing=narrowing)
    counts: Counter[date] = Counter()
    for group in found:
        counts[days[group["month"] - 1]] += group["count"]
    return counts


def month_groups(
    person: User, *, part: dict[str, Any], starts: tuple[datetime, ...], narrowing: Narrowing | None
) -> QuerySet[Any]:
    month, count = NumberBegun("occurred_at", *starts), Count("id")
    condition = narrowed_to(**narrowing) if narrowing else Q()
    return CorrectedRecord(person, **part).grouped(condition, {"month": month}, {"count": count})


MONTHS = PersonQuery(month_groups)
NARROWED_MONTHS = PersonQuery(month_groups, is_prepared=False)


class NumberBegun(Func):
    """How many of these moments, in their order, a time is at or after.

    Compared with moments it is cheap in both engines: to find the month in the site's time zone, SQLite would call
    Python for each row, a second for 100,000.
    """

    output_field = IntegerField()

    def __init__(self, time: str, *moments: Any) -> None:
        super().__init__(time, *(one if hasattr(one, "as_sql") else Value(one, DateTimeField()) for one in moments))

    def as_postgresql(self, compiler: Any, connection: Any, **_more: Any) -> Any:
        (time, values), *moments = (compiler.compile(one) for one in self.get_source_expressions())
        places = ", ".join(sql for sql, _values in moments)
        return f"width_bucket({time}, ARRAY[{places}]::timestamptz[])", [
            *values,
            *(one for _sql, some in moments for one in some),
        ]

    def as_sqlite(self, compiler: Any, connection: Any, **_more: Any) -> Any:
        (time, values), *moments = (compiler.compile(one) for one in self.get_source_expressions())
        arms = [
            (f"WHEN {time} >= {sql} THEN {number}", [*values, *some])
            for number, (sql, some) in reversed([*enumerate(moments, start=1)])
        ]
        return f"CASE {' '.join(arm for arm, _ in arms)} ELSE 0 END", [one for _arm, some in arms for one in some]
