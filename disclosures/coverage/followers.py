"""Followers that count what arrived, after each batch of disclosures, and what was declared, after each heartbeat."""

from datetime import datetime, timedelta
from typing import Any

from django.db.models import F, Sum
from django.db.models.functions import Greatest, Least

from disclosures.coverage.topics import HEARTBEAT_RECEIVED, HeartbeatReceived
from disclosures.ledger.topics import DISCLOSURES_RECORDED, DisclosuresRecorded
from disclosures.models import ArrivalCount, DeclaredCount, Heartbeat, ReportCount
from disclosures.models.receiving.coverage import TOLERANCE
from privacycenter.outbox.followers import Follower

STEP_MINUTES = 5
# How long arrivals are kept by time. For an older first heartbeat, everything counts as having arrived before it.
KEPT_APART = timedelta(days=7)

coverage = Follower("coverage")
heartbeats = Follower("heartbeats")


@coverage.follows(DISCLOSURES_RECORDED)
def count_reports(recorded: DisclosuresRecorded) -> None:
    """Add a batch to the counts of its services.

    Runs in the transaction that deletes its outbox row, so a batch is counted once, however often the work is retried.
    """
    for service, count in recorded.counts:
        key: dict[str, Any] = {"service_id": service, "reporter_id": recorded.reporter}
        count_report(key, recorded.at, count)
        count_arrival(key, recorded.at, count)


def count_report(key: dict[str, Any], at: datetime, count: int) -> None:
    """Update the total and the times. One SQL statement, except for the very first report."""
    found = ReportCount.objects.filter(**key)
    later = {"disclosure_count": F("disclosure_count") + count, "last_reported_at": Greatest("last_reported_at", at)}
    if not found.update(**later):
        ReportCount.objects.get_or_create(**key, defaults={"first_reported_at": at, "last_reported_at": at})
        found.update(**later)


def count_arrival(key: dict[str, Any], at: datetime, count: int) -> None:
    """Update the count of arrivals by time. One SQL statement, except for the first batch of each step."""
    begins_at = at.replace(minute=at.minute - at.minute % STEP_MINUTES, second=0, microsecond=0)
    found = ArrivalCount.objects.filter(**key, begins_at=begins_at)
    if not found.update(disclosure_count=F("disclosure_count") + count):
        ArrivalCount.objects.get_or_create(**key, begins_at=begins_at)
        found.update(disclosure_count=F("disclosure_count") + count)
        ArrivalCount.objects.filter(**key, begins_at__lt=begins_at - KEPT_APART).delete()


@heartbeats.follows(HEARTBEAT_RECEIVED)
def count_heartbeat(received: HeartbeatReceived) -> None:
    """Add a heartbeat to what its reporter declared. The first one creates the row.

    If more had arrived before the first heartbeat than it declares, the excess is not counted: nobody declared how many
    to expect for that time. Runs once, as ``count_reports`` does.
    """
    heartbeat = Heartbeat.objects.get(pk=received.heartbeat)
    key: dict[str, Any] = {"service_id": heartbeat.service_id, "reporter_id": heartbeat.reporter_id}
    row, is_new = DeclaredCount.objects.get_or_create(**key, defaults=opening(heartbeat, key))
    if not is_new and reaches_before_opening(heartbeat, row):
        DeclaredCount.objects.filter(pk=row.pk).update(
            opening_declared_count=F("opening_declared_count") + heartbeat.declared_change,
            complete_since=Least("complete_since", heartbeat.since or heartbeat.complete_until),
        )
    DeclaredCount.objects.filter(pk=row.pk).update(
        declared_count=F("declared_count") + heartbeat.declared_change,
        complete_until=Greatest("complete_until", heartbeat.complete_until),
        heard_at=Greatest("heard_at", heartbeat.heard_at),
    )


def opening(heartbeat: Heartbeat, key: dict[str, Any]) -> dict[str, Any]:
    """Return the values of the row that the first heartbeat creates.

    Reports count as complete from its ``since``. Without ``since``, they count as complete from the first report if the
    heartbeat declares everything that arrived, and otherwise from ``complete_until``.
    """
    begins_at = complete_since = heartbeat.since or heartbeat.complete_until
    if heartbeat.since and heartbeat.since >= heartbeat.heard_at - KEPT_APART:
        arrived, declared = arrived_until(heartbeat.since, key), 0
    else:
        # Arrivals so long ago are no longer kept by time, so the heartbeat is taken to cover all of them.
        arrived, declared = arrived_until(heartbeat.complete_until, key), heartbeat.event_count
    if not heartbeat.since and 0 < arrived <= declared:
        first = ReportCount.objects.filter(**key).values_list("first_reported_at", flat=True).get()
        complete_since = min(first, begins_at)
    return {
        "opening_arrived_count": arrived,
        "opening_declared_count": declared,
        "complete_since": complete_since,
        "complete_until": heartbeat.complete_until,
        "heard_at": heartbeat.heard_at,
    }


def reaches_before_opening(heartbeat: Heartbeat, account: DeclaredCount) -> bool:
    """Return whether a late heartbeat covers arrivals from before the row was created, which then count."""
    if heartbeat.since is not None:
        return heartbeat.since < account.complete_since
    return heartbeat.complete_until <= account.complete_since


def arrived_until(moment: datetime, key: dict[str, Any]) -> int:
    total = ReportCount.objects.filter(**key).values_list("disclosure_count", flat=True).first() or 0
    later = ArrivalCount.objects.filter(**key, begins_at__gt=moment + TOLERANCE).aggregate(n=Sum("disclosure_count"))
    return total - (later["n"] or 0)
