"""Noticing a storm: so many events of cases from one reporter within an hour that its setting must be wrong."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Count
from django.utils import timezone

from disclosures.models import CaseEvent, CaseKind, Reporter, ReporterStep, ReporterStepKind
from disclosures.reporters.pause_actions import hold
from disclosures.reporters.pauses import latest_step

STORM_EVENTS = 200
STORM_WITHIN = timedelta(hours=1)
STANDING = (ReporterStepKind.STORM, ReporterStepKind.PAUSED)


def raise_storms() -> None:
    """Raise one alarm about each reporter with more than ``STORM_EVENTS`` events of cases within the last hour.

    Evidence alone that is missing does not count. The worker asks every few minutes. One SQL statement while there is
    no storm.
    """
    now = timezone.now()
    for reporter, count in event_counts(now - STORM_WITHIN).items():
        if count > STORM_EVENTS:
            raise_storm(reporter=Reporter.objects.get(pk=reporter))


@transaction.atomic
def raise_storm(*, reporter: Reporter) -> ReporterStep | None:
    """Raise an alarm about a reporter, unless one stands or it is paused or stopped. Two workers at once raise one.

    After an officer let it go on, only what came since then counts.
    """
    held, now = hold(reporter), timezone.now()
    latest = latest_step(held)
    if held.stopped_at or (latest and latest.kind in STANDING):
        return None
    since = max(now - STORM_WITHIN, latest.taken_at) if latest else now - STORM_WITHIN
    count = event_counts(since).get(held.pk, 0)
    if count <= STORM_EVENTS:
        return None
    return ReporterStep.objects.create(reporter=held, kind=ReporterStepKind.STORM, event_count=count, taken_at=now)


def event_counts(since: datetime) -> dict[int, int]:
    """Return reporter → how many events of cases came after this moment, by the index of the cases of these days."""
    opened = timezone.localtime(since).replace(hour=0, minute=0, second=0, microsecond=0)
    events = CaseEvent.objects.filter(case__opened_at__gte=opened, recorded_at__gt=since)
    found = events.exclude(case__kind=CaseKind.UNEVIDENCED).order_by().values_list("case__reporter")
    return dict(found.annotate(count=Count("pk")))
