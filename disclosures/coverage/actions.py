"""Action that records heartbeats: statements of reporters about the completeness of their reports."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet, Sum
from django.utils import timezone

from disclosures.coverage.topics import HEARTBEAT_RECEIVED, HeartbeatReceived
from disclosures.ledger.events import CLOCK_TOLERANCE
from disclosures.models import Heartbeat, Reporter, Service
from privacycenter.errors import ForeignService, InvalidValue, TimeInFuture
from privacycenter.outbox.leaving import leave

LARGEST_COUNT = 10**12


@dataclass(frozen=True)
class HeartbeatReport:
    """One heartbeat as sent. Times have a time zone; ``since`` None means since the preceding heartbeat."""

    service: str
    complete_until: datetime
    event_count: int
    since: datetime | None = None


@transaction.atomic
def record_heartbeat(*, report: HeartbeatReport, by: Reporter) -> tuple[Heartbeat, bool]:
    """Record a heartbeat. Returns it and whether it is new; repeating the latest statement returns the existing row.

    A different count for the same time replaces the earlier one; with ``since``, it replaces all counts since then.
    Both rows stay. Heartbeats may come in any order. Raises ForeignService, InvalidValue, or TimeInFuture.
    """
    now = timezone.now()
    service = by.services.filter(code=report.service).first()
    if service is None:
        raise ForeignService(f"“{report.service}” is not one of your services.", "service")
    refuse_impossible(report, now)
    # One heartbeat of a reporter at a time, so that two concurrent ones never replace the same row.
    Reporter.objects.select_for_update().get(pk=by.pk)
    latest = said_of(service, by).filter(complete_until=report.complete_until).order_by("-pk").first()
    if latest and (latest.event_count, latest.since) == (report.event_count, report.since):
        return latest, False
    heartbeat = Heartbeat.objects.create(
        service=service,
        reporter=by,
        since=report.since,
        complete_until=report.complete_until,
        event_count=report.event_count,
        declared_change=report.event_count - declared_before(report, service, by),
        heard_at=now,
    )
    leave(HEARTBEAT_RECEIVED, HeartbeatReceived(heartbeat=heartbeat.pk))
    return heartbeat, True


def refuse_impossible(report: HeartbeatReport, now: datetime) -> None:
    if report.complete_until > now + CLOCK_TOLERANCE:
        raise TimeInFuture("Reports cannot be complete until a time that has not come.", "complete_until")
    if report.since is not None and report.since >= report.complete_until:
        raise InvalidValue("Must lie before complete_until.", "since")
    if not 0 <= report.event_count <= LARGEST_COUNT:
        raise InvalidValue(f"Must be a number from 0 to {LARGEST_COUNT}.", "events_since_last")


def said_of(service: Service, reporter: Reporter) -> QuerySet[Heartbeat]:
    return Heartbeat.objects.filter(service=service, reporter=reporter)


def declared_before(report: HeartbeatReport, service: Service, reporter: Reporter) -> int:
    """Return what earlier rows declared for the time that this heartbeat covers."""
    earlier = said_of(service, reporter)
    if report.since is None:
        earlier = earlier.filter(complete_until=report.complete_until)
    else:
        earlier = earlier.filter(complete_until__gt=report.since, complete_until__lte=report.complete_until)
    return earlier.aggregate(total=Sum("declared_change"))["total"] or 0
