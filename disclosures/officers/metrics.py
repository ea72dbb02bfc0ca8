"""Metrics of cases and of reporters whose reports are a storm of them, for /metrics."""

from collections.abc import Iterable

from django.db.models import Count
from prometheus_client.core import GaugeMetricFamily, Metric

from disclosures.models import Case, CaseKind
from disclosures.reporters.pauses import paused_count, storms


def case_metrics() -> Iterable[Metric]:
    """Return the number of cases that are not closed, by kind, how many of them are overdue, and reporters in a storm
    and paused. Four SQL statements."""
    found = dict(Case.objects.open().order_by().values_list("kind").annotate(count=Count("pk")))
    cases = GaugeMetricFamily("privacycenter_open_cases", "Cases that are not closed.", labels=["kind"])
    for kind in CaseKind:
        cases.add_metric([kind.name.lower()], found.get(kind.value, 0))
    overdue = GaugeMetricFamily("privacycenter_overdue_cases", "Open cases whose day is over.")
    overdue.add_metric([], Case.objects.overdue().count())
    alarms = GaugeMetricFamily("privacycenter_report_storms", "Reporters about which an alarm stands.")
    alarms.add_metric([], len(storms()))
    paused = GaugeMetricFamily("privacycenter_paused_reporters", "Reporters that an officer has paused.")
    paused.add_metric([], paused_count())
    return [cases, overdue, alarms, paused]
