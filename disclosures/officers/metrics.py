"""Metrics of cases, for /metrics."""

from collections.abc import Iterable

from django.db.models import Count
from prometheus_client.core import GaugeMetricFamily, Metric

from disclosures.models import Case, CaseKind


def case_metrics() -> Iterable[Metric]:
    """Return the number of cases that are not closed, by kind. One SQL statement."""
    found = dict(Case.objects.open().order_by().values_list("kind").annotate(count=Count("pk")))
    cases = GaugeMetricFamily("privacycenter_open_cases", "Cases that are not closed.", labels=["kind"])
    for kind in CaseKind:
        cases.add_metric([kind.name.lower()], found.get(kind.value, 0))
    return [cases]
