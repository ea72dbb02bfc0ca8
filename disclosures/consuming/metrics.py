"""Metrics of queues that are read, for /metrics."""

from collections.abc import Iterable

from django.db.models import Count, Q
from django.utils import timezone
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric

from disclosures.models import ConsumedQueue
from disclosures.models.receiving.bulk_uploads import RESULT_STATUSES

LABELS = ["queue", "reporter"]


def queue_metrics() -> Iterable[Metric]:
    """Return, of each queue that was ever read, what came of it, what waits, and when it was last read. One SQL
    statement."""
    messages = CounterMetricFamily("privacycenter_consumed_messages", "Messages read from a queue.", labels=LABELS)
    events = CounterMetricFamily(
        "privacycenter_consumed_events", "Events in messages of a queue.", labels=[*LABELS, "status"]
    )
    waiting = GaugeMetricFamily(
        "privacycenter_queue_waiting_messages", "Messages that wait in a queue, when it was last told.", labels=LABELS
    )
    seen = GaugeMetricFamily(
        "privacycenter_queue_seen_seconds", "Seconds since a queue was last looked at.", labels=LABELS
    )
    refused = GaugeMetricFamily(
        "privacycenter_refused_messages", "Messages that were refused and wait for the operator.", labels=LABELS
    )
    now = timezone.now()
    rows = (
        ConsumedQueue.objects.select_related("reporter")
        .annotate(waiting=Count("refused", filter=Q(refused__settled_at=None)))
        .order_by("pk")
    )
    for row in rows:
        labels = [row.name, row.reporter.code]
        messages.add_metric(labels, row.message_count)
        for status in RESULT_STATUSES:
            events.add_metric([*labels, status], getattr(row, f"{status}_count"))
        if row.waiting_count is not None:
            waiting.add_metric(labels, row.waiting_count)
        seen.add_metric(labels, (now - row.seen_at).total_seconds())
        refused.add_metric(labels, row.waiting)
    return [messages, events, waiting, seen, refused]
