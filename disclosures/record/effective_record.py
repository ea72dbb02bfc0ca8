"""The effective record: a corrected disclosure counts with the correct facts of its latest correction.

A retracted disclosure does not count at all. The list still shows what was reported, beside what is right.

Totals are by combination of recipient, service, scenario, items, ground and warnings: 100,000 disclosures of one person
are a few hundred combinations. The database counts each once, starting from the person; all counts by recipient,
scenario or filter are added up from these in Python.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.db.models import (
    Case,
    Count,
    Exists,
    F,
    Max,
    Min,
    Model,
    OuterRef,
    Q,
    Subquery,
    Value,
    When,
)
from django.utils import timezone

from disclosures.models import ItemSet, Recipient, Scenario, Service
from disclosures.models.corrections import CorrectionQuerySet
from disclosures.models.ledger import WARNING, DisclosureQuerySet, Flag
from disclosures.models.withholding import withheld_from
from privacycenter.models import User

# --- What counts -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class CorrectedRecord:
    """A person's disclosures as reported, all their corrections, and the latest correction of each disclosure.

    Conditions use columns that disclosures and corrections share: ``recipient``, ``service``, ``scenario``,
    ``item_set``, ``ground``, ``flags``, ``occurred_at``, ``recorded_at``.
    """

    person: User
    reported: DisclosureQuerySet
    corrections: CorrectionQuerySet
    latest: CorrectionQuerySet

    def uncorrected(self) -> DisclosureQuerySet:
        """Leave out corrected disclosures.

        A subquery that reads the person's corrections once, by their index, not once per row.
        """
        return self.reported.exclude(self.named_by(self.corrections))

    def groups(
        self, condition: Q, keys: dict[str, Any], counts: dict[str, Any], looked_up: dict[str, Any] | None = None
    ) -> Iterator[tuple[dict[str, Any], bool]]:
        """Yield what counts under this condition, grouped by ``keys``, and whether the group counts through
        corrections.

        A group with both corrected and uncorrected disclosures occurs twice. ``looked_up`` is evaluated once per group.
        One SQL statement.
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
        for group in reported.union(corrected, all=True):
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
    return record_known_at(person, person.disclosures.shown_to(person), person.corrections.shown_to(person), known_at)


def record_shown_at(person: User, moment: datetime) -> CorrectedRecord:
    """Return the record as the person saw it at a moment: also without what the law kept back then, and only that."""
    withheld = withheld_from(person, moment)
    reported, corrections = (
        person.disclosures.exclude(id__in=withheld), person.corrections.exclude(disclosure_id__in=withheld),
    )  # fmt: skip
    return record_known_at(person, reported, corrections, moment)


def record_known_at(
    person: User, reported: DisclosureQuerySet, corrections: CorrectionQuerySet, known_at: datetime | None
) -> CorrectedRecord:
    if known_at:
        reported = reported.filter(recorded_at__lte=known_at)
        corrections = corrections.filter(recorded_at__lte=known_at)
    return CorrectedRecord(person, reported, corrections, corrections.latest_of_each(known_at=known_at))


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
    start: datetime | None = None,
    end: datetime | None = None,
    new_since: datetime | None = None,
    months: Sequence[date] = (),
) -> list[Combination]:
    """Return every combination among what counts of a record, in no order. One SQL statement.

    A combination with both corrected and uncorrected disclosures occurs twice. ``months``: the first day of each month
    to count by.
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
    for number, begins_on in enumerate(months):
        within = between(midnight(begins_on), midnight(month_before(begins_on, -1)))
        counts[f"month_{number}"] = Count("id", filter=within)
    hides = record.person.hidden_recipients.filter(recipient=OuterRef("recipient_id"))
    looked_up = {
        "recipient_code": named_by(Recipient, "recipient_id", "code"),
        "service_code": named_by(Service, "service_id", "code"),
        "scenario_code": named_by(Scenario, "scenario_id", "code"),
        "item_codes": named_by(ItemSet, "item_set_id", "codes"),
        "is_hidden": Exists(hides),
    }
    found = record.groups(condition or Q(), KEYS, counts, looked_up)
    return [combination_of(group, is_corrected, len(months)) for group, is_corrected in found]


def named_by(model: type[Model], key: str, column: str) -> Subquery:
    """Look up a value once per group.

    A join would be made for each row, and texts would be sorted instead of numbers: five times slower at 100,000 rows.
    """
    return Subquery(model._default_manager.filter(pk=OuterRef(key)).order_by().values(column)[:1])


def combination_of(group: dict[str, Any], is_corrected: bool, month_count: int) -> Combination:
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
        is_corrected=is_corrected,
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


def counts_by_month(record: CorrectedRecord, condition: Q, begins: Sequence[date]) -> Counter[date]:
    """Return first day of a month → number of disclosures that count under this condition. One SQL statement.

    The condition MUST exclude disclosures outside these months. Times are compared with the beginnings of months, which
    is cheap in both engines: to find the month in the site's time zone, SQLite would call Python for each row, a second
    for 100,000.
    """
    if not begins:
        return Counter()
    latest_first = sorted(begins, reverse=True)
    month = Case(*(When(occurred_at__gte=midnight(day), then=Value(n)) for n, day in enumerate(latest_first)))
    counts: Counter[date] = Counter()
    for group, _is_corrected in record.groups(condition, {"month": month}, {"count": Count("id")}):
        counts[latest_first[group["month"]]] += group["count"]
    return counts
