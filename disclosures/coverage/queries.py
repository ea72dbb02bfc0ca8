"""Completeness of the reports: by service for readers, by reporter for the desk and for alarms."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import BigIntegerField, F, OuterRef, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Cast, Coalesce, Greatest
from django.utils import timezone
from prometheus_client.core import GaugeMetricFamily, Metric

from disclosures.content.publications import Document
from disclosures.models import ArrivalCount, DeclaredCount, ReportCount, Reporter
from disclosures.models.receiving.coverage import TOLERANCE
from disclosures.public.titles import Names
from privacycenter.database.compiled_queries import PageQuery
from privacycenter.text.words import Words

Key = tuple[int, int]  # (service, reporter)


@dataclass(frozen=True)
class ReportBalance:
    """What one reporter declared for one service, and what arrived of it until ``complete_until``."""

    declared_count: int
    arrived_count: int
    complete_since: datetime
    complete_until: datetime
    heard_at: datetime

    @property
    def gap(self) -> int:
        """Number of declared disclosures that did not arrive. An excess of arrivals is no gap."""
        return max(0, self.declared_count - self.arrived_count)


def report_balances() -> dict[Key, ReportBalance]:
    """Return (service, reporter) → balance, for those that ever sent a heartbeat. One SQL statement."""
    return {
        (row.service_id, row.reporter_id): ReportBalance(
            row.declared_count, row.arrived, row.complete_since, row.complete_until, row.heard_at
        )
        for row in declared_rows()
    }


def declared_rows() -> QuerySet[Any]:
    """Select the declared counts, each with ``arrived``: how many of them are here."""
    here = {"service_id": OuterRef("service_id"), "reporter_id": OuterRef("reporter_id")}
    total = ReportCount.objects.filter(**here).values("disclosure_count")
    later = (
        ArrivalCount.objects.filter(**here, begins_at__gt=OuterRef("complete_until") + TOLERANCE)
        .order_by()
        .values("service_id", "reporter_id")
        .annotate(total=Sum("disclosure_count"))
        .values("total")
    )
    return DeclaredCount.objects.annotate(
        arrived=Coalesce(Subquery(total), 0)
        - Coalesce(Subquery(later), 0)
        - Greatest(F("opening_arrived_count") - F("opening_declared_count"), 0)
    )


def arrived_counts() -> dict[Key, int]:
    """Return (service, reporter) → number of disclosures that ever arrived. One SQL statement."""
    rows = ReportCount.objects.values_list("service_id", "reporter_id", "disclosure_count")
    return {(service, reporter): count for service, reporter, count in rows}


# --- For readers -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Coverage:
    """What is known about one service's reports. ``last_at`` is None for a service that never reported.

    ``complete_since`` and ``complete_until`` are None unless all of its reporters send heartbeats; ``gap`` is how many
    declared disclosures of all people are not here: nobody knows whose they are. ``is_warned``: the reader has a record
    or an approval with the service, so that a gap may well be theirs.
    """

    service: Words
    first_at: datetime | None = None
    last_at: datetime | None = None
    complete_since: datetime | None = None
    complete_until: datetime | None = None
    gap: int = 0
    code: str = ""
    is_warned: bool = False


def coverage(document: Document | None) -> list[Coverage]:
    """Return how complete the reports of each service are, so that an empty record does not look like "nothing
    happened".

    One SQL statement. Covers published services.
    """
    by_service: dict[str, list[ReporterStatement]] = {}
    for (service, _reporter), statement in reporter_statements().items():
        by_service.setdefault(service, []).append(statement)
    services = (document or {}).get("services", {})
    in_order = sorted(services, key=lambda code: (services[code]["position"], code))
    names = Names(document)
    return [
        replace(coverage_of(names.service(code), by_service.get(code, [])), code=code)
        for code in in_order
        if code in by_service or not services[code]["retired"]
    ]


def coverage_about(document: Document | None, *, service: str = "", scenario: str = "") -> list[Coverage]:
    """Return the row of this service, or else those services of this scenario that have a gap.

    At most one SQL statement; none if neither is given.
    """
    if not (service or scenario):
        return []
    rows = coverage(document)
    if service:
        return [row for row in rows if row.code == service]
    entry = (document or {}).get("scenarios", {}).get(scenario) or {"services": []}
    return [row for row in with_gap(rows) if row.code in entry["services"]]


def warned(rows: Iterable[Coverage], services: Collection[str]) -> list[Coverage]:
    """Return the rows; gaps of these services, with which the reader has to do, are a warning."""
    return [replace(row, is_warned=bool(row.gap) and row.code in services) for row in rows]


def with_gap(rows: Iterable[Coverage]) -> list[Coverage]:
    return [row for row in rows if row.gap]


@dataclass
class ReporterStatement:
    """What one reporter reported and declared for one service. None where nothing ever came."""

    first_at: datetime | None = None
    last_at: datetime | None = None
    balance: ReportBalance | None = None
    stopped_at: datetime | None = None


def reporter_statements() -> dict[tuple[str, int], ReporterStatement]:
    """Return (service code, reporter) → what it reported and declared.

    One SQL statement.
    """
    found: dict[tuple[str, int], ReporterStatement] = {}
    for code, reporter, stopped_at, first, last, heard_at, declared_count, arrived in STATEMENTS.rows():
        statement = found.setdefault((code, reporter), ReporterStatement(stopped_at=stopped_at))
        if declared_count is None:
            statement.first_at, statement.last_at = first, last
        else:
            statement.balance = ReportBalance(declared_count, arrived, first, last, heard_at)
    return found


def reports_and_declarations() -> QuerySet[Any]:
    """Select both at once, because both tables have the same shape: a row per service and reporter."""
    nothing = Cast(Value(None), BigIntegerField())
    who = ("service__code", "reporter_id", "reporter__stopped_at")
    reports = ReportCount.objects.order_by().values_list(
        *who, "first_reported_at", "last_reported_at", "last_reported_at", nothing, nothing
    )
    declared = (
        declared_rows()
        .order_by()
        .values_list(
            *who, "complete_since", "complete_until", "heard_at",
            Cast("declared_count", BigIntegerField()), Cast("arrived", BigIntegerField()),
        )
    )  # fmt: skip
    return reports.union(declared, all=True)


STATEMENTS = PageQuery(reports_and_declarations)


def coverage_of(service: Words, found: Sequence[ReporterStatement]) -> Coverage:
    balances = [statement.balance for statement in found if statement.balance]
    since, until = complete_period(found)
    return Coverage(
        service=service,
        first_at=min((statement.first_at for statement in found if statement.first_at), default=None),
        last_at=max((statement.last_at for statement in found if statement.last_at), default=None),
        complete_since=since,
        complete_until=until,
        gap=sum(balance.gap for balance in balances),
    )


def complete_period(found: Sequence[ReporterStatement]) -> tuple[datetime | None, datetime | None]:
    """Return the period for which all reporters of a service say how much they sent.

    A stopped reporter can no longer say so; since it was stopped, the others are enough.
    """
    speaking = [statement.balance for statement in found if not statement.stopped_at]
    vouched = [balance for balance in speaking if balance]
    if not vouched or len(vouched) < len(speaking):
        return None, None
    since = max(balance.complete_since for balance in vouched)
    until = min(balance.complete_until for balance in vouched)
    since = max([since, *(statement.stopped_at for statement in found if statement.stopped_at)])
    return (since, until) if since <= until else (None, None)


# --- For the desk and its alarms -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class ReporterCoverage:
    """Reports of one reporter for one service. ``heard_at`` is its latest report or heartbeat, None if nothing ever
    came.

    ``is_silent``: nothing came for ``SILENT_AFTER_HOURS``, counted from the latest report or heartbeat, or from its
    creation.
    """

    reporter: Reporter
    service_code: str
    service: Words
    disclosure_count: int
    first_reported_at: datetime | None
    last_reported_at: datetime | None
    balance: ReportBalance | None
    heard_at: datetime | None
    is_silent: bool

    @property
    def gap(self) -> int:
        return self.balance.gap if self.balance else 0


def reporter_coverage(document: Document | None = None) -> list[ReporterCoverage]:
    """Return every service of every active reporter, those with a gap or silence first. Four SQL statements."""
    reports = {(row.service_id, row.reporter_id): row for row in ReportCount.objects.all()}
    declared = report_balances()
    names = Names(document)
    silent_before = timezone.now() - timedelta(hours=settings.SILENT_AFTER_HOURS)
    rows = []
    for reporter in Reporter.objects.filter(stopped_at__isnull=True).prefetch_related("services"):
        for service in reporter.services.all():
            report = reports.get((service.pk, reporter.pk))
            balance = declared.get((service.pk, reporter.pk))
            heard_at = last_heard(report, balance)
            rows.append(
                ReporterCoverage(
                    reporter=reporter,
                    service_code=service.code,
                    service=names.service(service.code) if document else service.name,
                    disclosure_count=report.disclosure_count if report else 0,
                    first_reported_at=report.first_reported_at if report else None,
                    last_reported_at=report.last_reported_at if report else None,
                    balance=balance,
                    heard_at=heard_at,
                    is_silent=(heard_at or reporter.created_at) <= silent_before,
                )
            )
    return sorted(rows, key=lambda row: (not (row.gap or row.is_silent), row.reporter.code, row.service_code))


def last_heard(report: ReportCount | None, balance: ReportBalance | None) -> datetime | None:
    moments = [report.last_reported_at] if report else []
    moments += [balance.heard_at] if balance else []
    return max(moments, default=None)


def alarm_count(rows: Iterable[ReporterCoverage]) -> int:
    return sum(bool(row.gap or row.is_silent) for row in rows)


LABELS = ("service", "reporter")


def coverage_metrics() -> Iterable[Metric]:
    """Return the coverage metrics, with one sample per service and reporter. Four SQL statements.

    Alarm on ``privacycenter_coverage_silent > 0`` and ``privacycenter_coverage_gap > 0``. An event that never happened
    has no sample for its time.
    """
    gap = GaugeMetricFamily("privacycenter_coverage_gap", "Declared disclosures that did not arrive.", labels=LABELS)
    silent = GaugeMetricFamily(
        "privacycenter_coverage_silent", "1 if neither report nor heartbeat came for too long.", labels=LABELS
    )
    times = {
        name: GaugeMetricFamily(f"privacycenter_coverage_{name}_timestamp_seconds", text, labels=LABELS)
        for name, text in (
            ("last_report", "When the newest disclosure was recorded."),
            ("last_heartbeat", "When the newest heartbeat came."),
            ("complete_until", "Until when the reporter says its reports are complete."),
        )
    }
    for row in reporter_coverage():
        labels = [row.service_code, row.reporter.code]
        gap.add_metric(labels, row.gap)
        silent.add_metric(labels, int(row.is_silent))
        moments = {
            "last_report": row.last_reported_at,
            "last_heartbeat": row.balance and row.balance.heard_at,
            "complete_until": row.balance and row.balance.complete_until,
        }
        for name, moment in moments.items():
            if moment:
                times[name].add_metric(labels, moment.timestamp())
    return [gap, silent, *times.values()]
