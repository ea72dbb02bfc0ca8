"""How requests to the operator are answered, by the month in which they came and by kind."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from math import ceil

from django.utils import timezone
from django.utils.timezone import make_aware

from disclosures.inquiries.laws import Period
from disclosures.models import WAITING, InquiryKind, InquiryStanding
from disclosures.record.charts import TALLEST, Bar, Month, bars

MONTHS_OFFERED = (12, 24, 36)


@dataclass(frozen=True)
class Standing:
    """What the report needs of one request."""

    kind: InquiryKind
    asked_on: date
    answered_on: date | None
    due_on: date
    is_extended: bool
    waits: bool

    def is_overdue(self, today: date) -> bool:
        """Whether it was answered after its day, or waits although that is over."""
        return self.answered_on > self.due_on if self.answered_on else self.waits and self.due_on < today


@dataclass(frozen=True)
class ReportRow:
    """One line. ``kind``: None for all of the month; ``month``: None for the sum of a kind over all months.

    ``median_days`` and ``most_days``: within how many days half, and 90 of 100, were answered or declined; None if none
    was. ``overdue``: answered after their day, or waiting although that is over.
    """

    month: date | None
    kind: InquiryKind | None
    received: int
    answered: int
    median_days: float | None
    most_days: int | None
    extended: int
    overdue: int


@dataclass(frozen=True)
class MonthBar:
    """One month of the chart: all that came, and above the line as much of it as is or was overdue."""

    bar: Bar
    late: int
    late_y: str
    late_height: str


@dataclass(frozen=True)
class Report:
    """``rows``: newest month first, each with its kinds and then their sum. ``totals``: the kinds over all months."""

    months: int
    rows: list[ReportRow]
    totals: list[ReportRow]
    chart: list[MonthBar]

    @property
    def sums(self) -> list[ReportRow]:
        """The sums of the months."""
        return [row for row in self.rows if row.kind is None]


def inquiry_report(months: int) -> Report:
    """Return the report of so many months, this one included. One SQL statement."""
    today = timezone.localdate()
    begins = month_begins(today, months)
    found = standings_since(begins[0])
    by_month: dict[date, list[Standing]] = {month: [] for month in begins}
    for one in found:
        by_month[one.asked_on.replace(day=1)].append(one)
    rows = [row for month in reversed(begins) for row in rows_of(month, by_month[month], today)]
    return Report(months, rows, rows_of(None, found, today), chart_of(by_month, today))


def month_begins(today: date, months: int) -> list[date]:
    """Return the first days of so many months, oldest first, the last of them this month's."""
    first = Period(months=-(months - 1)).after(today.replace(day=1))
    return [Period(months=number).after(first) for number in range(months)]


def standings_since(day: date) -> list[Standing]:
    columns = ("kind", "asked_at", "answered_at", "due_on", "first_due_on", "status")
    found = InquiryStanding.objects.filter(asked_at__gte=make_aware(datetime(day.year, day.month, day.day)))
    return [
        Standing(
            kind=InquiryKind(kind),
            asked_on=timezone.localdate(asked_at),
            answered_on=timezone.localdate(answered_at) if answered_at else None,
            due_on=due_on,
            is_extended=due_on > first_due_on,
            waits=status in WAITING,
        )
        for kind, asked_at, answered_at, due_on, first_due_on, status in found.values_list(*columns)
    ]


def rows_of(month: date | None, found: Sequence[Standing], today: date) -> list[ReportRow]:
    """Return a line for each kind that came, and one for all of them; none if nothing came."""
    kinds = [kind for kind in InquiryKind if any(one.kind == kind for one in found)]
    lines = [row_of(month, kind, [one for one in found if one.kind == kind], today) for kind in kinds]
    return [*lines, row_of(month, None, found, today)] if lines else []


def row_of(month: date | None, kind: InquiryKind | None, found: Sequence[Standing], today: date) -> ReportRow:
    days = sorted((one.answered_on - one.asked_on).days for one in found if one.answered_on)
    return ReportRow(
        month=month,
        kind=kind,
        received=len(found),
        answered=len(days),
        median_days=median(days),
        most_days=within(days, 90),
        extended=sum(one.is_extended for one in found),
        overdue=sum(one.is_overdue(today) for one in found),
    )


def median(days: Sequence[int]) -> float | None:
    """Return the middle of sorted numbers, or the middle between the two in the middle."""
    if not days:
        return None
    return (days[(len(days) - 1) // 2] + days[len(days) // 2]) / 2


def within(days: Sequence[int], share: int) -> int | None:
    """Return the smallest of sorted numbers that at least so many of 100 do not exceed (the nearest rank)."""
    return days[ceil(len(days) * share / 100) - 1] if days else None


def chart_of(by_month: dict[date, list[Standing]], today: date) -> list[MonthBar]:
    drawn = bars([Month(month, len(found)) for month, found in by_month.items()])
    late = [sum(one.is_overdue(today) for one in found) for found in by_month.values()]
    tallest = max((bar.count for bar in drawn), default=0) or 1
    return [late_bar(bar, count, TALLEST * count / tallest) for bar, count in zip(drawn, late, strict=True)]


def late_bar(bar: Bar, count: int, height: float) -> MonthBar:
    bottom = float(bar.y) + float(bar.height)
    return MonthBar(bar, count, f"{bottom - height:.2f}", f"{height:.2f}")


def table_lines(rows: Iterable[ReportRow]) -> Iterable[list[str]]:
    """Yield the lines of the report as a table for programs: codes and plain numbers, the names of columns first."""
    yield ["month", "kind", "received", "answered", "median_days", "days_of_90_percent", "extended", "overdue"]
    for row in rows:
        yield [
            f"{row.month:%Y-%m}" if row.month else "all",
            row.kind.code if row.kind else "all",
            str(row.received),
            str(row.answered),
            "" if row.median_days is None else f"{row.median_days:g}",
            "" if row.most_days is None else str(row.most_days),
            str(row.extended),
            str(row.overdue),
        ]
