"""Metrics of the content, for /metrics."""

from collections.abc import Iterable

from django.utils import timezone
from prometheus_client.core import GaugeMetricFamily, Metric

from disclosures.models import Publication


def publication_metrics() -> Iterable[Metric]:
    """Return number and age of the newest publication; no samples while nothing is published. One SQL statement."""
    newest = Publication.objects.order_by("-number").values_list("number", "published_at").first()
    number = GaugeMetricFamily("privacycenter_publication_number", "Number of the newest publication.")
    age = GaugeMetricFamily("privacycenter_publication_age_seconds", "Time since the newest publication.")
    if newest:
        number.add_metric([], newest[0])
        age.add_metric([], (timezone.now() - newest[1]).total_seconds())
    return [number, age]
