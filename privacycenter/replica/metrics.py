"""How far the replica is behind, as metrics. Nothing where there is none."""

from collections.abc import Iterable

from django.db import connections
from prometheus_client.core import GaugeMetricFamily, Metric

from privacycenter.replica.router import REPLICA
from privacycenter.replica.state import AWAY, position_now, replica


def replica_metrics() -> Iterable[Metric]:
    """Yield whether the replica is read, and how far it is behind. At most three SQL statements, none if it is away."""
    if REPLICA not in connections:
        return []
    reason = AWAY if replica.is_away else replica.why_not(position_now())
    found: list[Metric] = [
        GaugeMetricFamily("privacycenter_replica_up", "1 while the replica answers.", value=0 if reason == AWAY else 1)
    ]
    if reason != AWAY:
        found.append(
            GaugeMetricFamily(
                "privacycenter_replica_lag_bytes", "Log that the replica has not replayed.", value=replica.lag_bytes
            )
        )
        found.append(
            GaugeMetricFamily(
                "privacycenter_replica_lag_seconds", "Age of what the replica shows.", value=replica.lag_seconds
            )
        )
    return found
