"""Metrics of what services ask, for /metrics."""

from collections.abc import Iterable

from prometheus_client.core import GaugeMetricFamily, Metric

from consents.question_log.queries import recent_spike_count


def spike_metrics() -> Iterable[Metric]:
    """Return how many spikes of refused questions there were today and yesterday. One SQL statement."""
    spikes = GaugeMetricFamily(
        "privacycenter_question_spikes", "Services told no about a recipient far more often than usual, in two days."
    )
    spikes.add_metric([], recent_spike_count())
    return [spikes]
