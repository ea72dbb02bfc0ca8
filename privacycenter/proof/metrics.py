"""How far the log is behind, and how old the newest checkpoint that its witnesses signed is."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Min
from django.utils import timezone
from prometheus_client.core import GaugeMetricFamily, Metric

from privacycenter.models import OutboxRow
from privacycenter.proof.checkpoint_actions import newest_checkpoint
from privacycenter.proof.queries import served_checkpoint
from privacycenter.proof.store import log_size
from privacycenter.proof.topics import RECORD_GREW


def log_metrics() -> Iterable[Metric]:
    """Yield the size of the log, the rows that wait to be sealed and for how long, and the ages of the newest
    checkpoints, signed and witnessed; -1 without one. Four or five SQL statements."""
    now = timezone.now()
    waiting = OutboxRow.objects.filter(topic=RECORD_GREW.name)
    oldest = waiting.aggregate(oldest=Min("due_at"))["oldest"]
    signed = newest_checkpoint()
    served = served_checkpoint()
    rows = sum(len(payload["rows"]) for payload in waiting.values_list("payload", flat=True)[:10_000])
    return [
        gauge("privacycenter_log_size", "Entries of the log.", log_size()),
        gauge("privacycenter_log_unsealed_rows", "Rows of records that are not in the log yet.", rows),
        gauge("privacycenter_log_lag_seconds", "Age of the oldest of them.", age(oldest, now) if oldest else 0),
        gauge(
            "privacycenter_log_signed_age_seconds",
            "Age of the newest checkpoint.",
            age(signed.signed_at if signed else None, now),
        ),
        gauge(
            "privacycenter_log_witnessed_age_seconds",
            "Age of the newest checkpoint that has the signatures that the policy demands.",
            age(served.signed_at if served else None, now),
        ),
    ]


def age(moment: Any, now: Any) -> float:
    return (now - moment).total_seconds() if moment else -1


def gauge(name: str, says: str, value: float) -> Metric:
    return GaugeMetricFamily(name, says, value=value)
