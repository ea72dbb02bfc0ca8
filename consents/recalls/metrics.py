"""Metrics of recalls, for /metrics."""

from collections.abc import Iterable

from prometheus_client.core import GaugeMetricFamily, Metric

from consents.models import RecallCase


def recall_metrics() -> Iterable[Metric]:
    """Return how many cases are open, and how many of them are overdue. Two SQL statements."""
    cases = GaugeMetricFamily("privacycenter_open_recall_cases", "Cases of recalls that are not closed.")
    cases.add_metric([], RecallCase.objects.open().count())
    overdue = GaugeMetricFamily("privacycenter_overdue_recall_cases", "Cases of recalls that are overdue.")
    overdue.add_metric([], RecallCase.objects.overdue().count())
    return [cases, overdue]
