"""Metrics of requests to the operator, for /metrics."""

from collections.abc import Iterable

from prometheus_client.core import GaugeMetricFamily, Metric

from disclosures.inquiries.queries import waiting_counts


def inquiry_metrics() -> Iterable[Metric]:
    """Return how many requests wait for an answer, and how many of them are overdue. One SQL statement."""
    waiting, overdue = waiting_counts()
    open_ = GaugeMetricFamily("privacycenter_open_inquiries", "Requests to the operator that wait for an answer.")
    open_.add_metric([], waiting)
    late = GaugeMetricFamily("privacycenter_overdue_inquiries", "Requests to the operator that are overdue.")
    late.add_metric([], overdue)
    return [open_, late]
