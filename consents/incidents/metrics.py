"""Metrics of incidents, for /metrics."""

from collections.abc import Iterable

from django.utils import timezone
from prometheus_client.core import GaugeMetricFamily, Metric

from consents.incidents.queries import open_rows


def incident_metrics() -> Iterable[Metric]:
    """Return how many incidents are open, and how many hours are left until the next report is due; below 0: overdue.

    Two SQL statements.
    """
    rows, now = open_rows(), timezone.now()
    count = GaugeMetricFamily("privacycenter_open_incidents", "Incidents that are not closed.")
    count.add_metric([], len(rows))
    left = [row.next_clock.due_at - now for row in rows if row.next_clock]
    hours = GaugeMetricFamily(
        "privacycenter_incident_report_hours_left", "Hours until the next report about an incident is due."
    )
    if left:
        hours.add_metric([], min(left).total_seconds() / 3600)
    return [count, hours]
