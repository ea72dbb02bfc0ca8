"""What follows a batch of disclosures and a heartbeat: counting what arrived and what was declared."""

from datetime import datetime, timedelta
from typing import Any

from django.db.models import F, Sum
from django.db.models.functions import Greatest, Least

from disclosures.models import ArrivalCount, DeclaredCount, Heartbeat, ReportCount
from disclosures.models.coverage import TOLERANCE

STEP_MINUTES = 5
# How long arrivals are kept apart by time. An older heartbeat counts all that arrived as having arrived before it.
KEPT_APART = timedelta(days=7)


def count_reports(topic: str, payload: dict[str, Any]) -> None:
    """Add a batch to the counts of its services. Runs in one transaction with the deletion of its outbox row, so a
    batch is counted once however often the work is tried."""
    at = datetime.fromisoformat(payload["at"])
    for service, count in payload["counts"]:
        key: dict[str, Any] = {"service_id": service, "reporter_id": payload["reporter"]}
        count_report(key, at, count)
        count_arrival(key, at, count)


def count_report(key: dict[str, Any], at: datetime, count: int) -> None:
    """One SQL statement but for the very first report."""
    found = ReportCount.objects.filter(**key)
    later = {"disclosure_count": F("disclosure_count") + count, "last_reported_at": Greatest("last_reported_at", at)}
    if not found.update(**later):
        ReportCount.objects.get_or_create(**key, defaults={"first_reported_at": at, "last_reported_at": at})
        found.update(**later)


def count_arrival(key: dict[str, Any], at: datetime, count: int) -> None:
    """One SQL statement but for the first batch of each step."""
    begins_at = at.replace(minute=at.minute - at.minute % STEP_MINUTES, second=0, microsecond=0)
    found = ArrivalCount.objects.filter(**key, begins_at=begins_at)
    if not found.update(disclosure_count=F("disclosure_count") + count):
        ArrivalCount.objects.get_or_create(**key, begins_at=begins_at)
        found.update(disclosure_count=F("disclosure_count") + count)
        ArrivalCount.objects.filter(**key, begins_at__lt=begins_at - KEPT_APART).delete()


def count_heartbeat(topic: str, payload: dict[str, Any]) -> None:
    """Add a heartbeat to what its reporter declared; the first one opens the account.

    What had arrived before the first heartbeat beyond its number is not counted: it speaks of a time of which nobody
    said how much there should be. Runs once, as ``count_reports`` does.
    """
    heartbeat = Heartbeat.objects.get(pk=payload["heartbeat"])
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
    """The account as the first heartbeat opens it.

    It vouches from its ``since`` on; without one from the first report on if its number speaks of all that arrived,
    else from its own time on.
    """
    begins_at = complete_since = heartbeat.since or heartbeat.complete_until
    if heartbeat.since and heartbeat.since >= heartbeat.heard_at - KEPT_APART:
        arrived, declared = arrived_until(heartbeat.since, key), 0
    else:
        # Nobody knows any more what arrived before and after a time so long ago: it speaks of all that arrived.
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
    """A late heartbeat speaks of what had arrived before the account was opened: now that is counted."""
    if heartbeat.since is not None:
        return heartbeat.since < account.complete_since
    return heartbeat.complete_until <= account.complete_since


def arrived_until(moment: datetime, key: dict[str, Any]) -> int:
    total = ReportCount.objects.filter(**key).values_list("disclosure_count", flat=True).first() or 0
    later = ArrivalCount.objects.filter(**key, begins_at__gt=moment + TOLERANCE).aggregate(n=Sum("disclosure_count"))
    return total - (later["n"] or 0)
