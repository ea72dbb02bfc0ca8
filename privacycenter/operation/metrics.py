"""Metrics at /metrics, in Prometheus's text format (docs/operate.md, docs/decisions/0009-metrics-from-the-database.md).

Metrics from the database are read at each scrape, by the functions in ``settings.METRICS``: they are the same in every
process and survive a restart. Requests and their durations are counted by each process and added up, in one folder that
``manage.py serve`` makes, or in this process if there is no such folder.
"""

import logging
import os
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any

from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.db.models import Count, Min, Q
from django.utils import timezone
from django.utils.module_loading import import_string
from prometheus_client import CollectorRegistry, Counter, Histogram, disable_created_metrics, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from privacycenter.models import OutboxRow
from privacycenter.outbox.followers import Lane, all_followers
from privacycenter.outbox.working import LONGEST_PAUSE

SHARED_FOLDER = "PROMETHEUS_MULTIPROC_DIR"
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")

log = logging.getLogger(__name__)

disable_created_metrics()
_this_process = CollectorRegistry()
_requests = Counter(
    "privacycenter_requests", "Requests answered.", ["route", "method", "status"], registry=_this_process
)
_seconds = Histogram(
    "privacycenter_request_seconds", "How long requests took.", ["route"], registry=_this_process,
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)  # fmt: skip
_replica_reads = Counter(
    "privacycenter_replica_reads", "Pages and long reads by where they were read from, and why not from the replica.",
    ["reader", "database", "reason"], registry=_this_process,
)  # fmt: skip


def count_request(route: str, method: str, status: int, seconds: float) -> None:
    """Count a request. There are as many routes as URL patterns; an unusual method counts as ``other``."""
    requests_counter(route, method if method in METHODS else "other", status).inc()
    _seconds.labels(route).observe(seconds)


def count_kept_page(method: str, status: int) -> None:
    """Count a public page sent from memory. Its duration is not measured: that would cost a good part of it."""
    requests_counter("published-page", method, status).inc()


def count_refused(method: str) -> None:
    """Count a request that the front gate refused."""
    requests_counter("refused", method if method in METHODS else "other", 400).inc()


def count_replica_reads(reader: str, database: str, reason: str) -> None:
    """Count one page, or one long read, as read from ``replica`` or ``primary``, and if the primary, why."""
    _replica_reads.labels(reader, database, reason).inc()


@cache
def requests_counter(route: str, method: str, status: int) -> Counter:
    return _requests.labels(route, method, str(status))


def exposition() -> bytes:
    """Return all metrics in the text format. A part that fails is left out, counted and logged."""
    registry = CollectorRegistry()
    registry.register(Gathered())
    if os.environ.get(SHARED_FOLDER):
        MultiProcessCollector(registry)
        return generate_latest(registry)
    return generate_latest(registry) + generate_latest(_this_process)


class Gathered(Collector):
    """The metrics from the functions in ``settings.METRICS``.

    Once the database did not answer, the remaining parts are skipped: the scraper gives up after ten seconds and would
    not even learn that the database is gone.
    """

    def collect(self) -> Iterator[Metric]:
        failed = GaugeMetricFamily(
            "privacycenter_metrics_failed", "1 for a part of this page that could not be asked.", labels=["part"]
        )
        is_away = False
        for name in settings.METRICS:
            found = None if is_away else self.ask(name)
            is_away = is_away or isinstance(found, (OperationalError, InterfaceError))
            failed.add_metric([name.rpartition(".")[2]], int(not isinstance(found, list)))
            if isinstance(found, list):
                yield from found
        yield failed

    def ask(self, name: str) -> list[Metric] | Exception:
        try:
            return list(import_string(name)())
        except Exception as error:
            log.exception("%s failed", name)
            return error


def outbox_metrics() -> Iterable[Metric]:
    """Yield, per follower, the due rows, the age of the oldest, and the rows that failed. One SQL statement.

    Rows due later are not counted: a request leaves one for its expiry, weeks ahead.
    """
    due = GaugeMetricFamily("privacycenter_outbox_due_rows", "Outbox rows that are due.", labels=["follower", "lane"])
    lag = GaugeMetricFamily(
        "privacycenter_outbox_lag_seconds", "Age of the oldest due outbox row.", labels=["follower", "lane"]
    )
    failing = GaugeMetricFamily(
        "privacycenter_outbox_failing_rows", "Outbox rows whose last try failed.", labels=["follower", "lane"]
    )
    now = timezone.now()
    found: dict[str, Any] = {
        row["follower"]: row
        for row in OutboxRow.objects.filter(due_at__lte=now + LONGEST_PAUSE)
        .values("follower")
        .annotate(
            due=Count("pk", filter=Q(due_at__lte=now)),
            oldest=Min("due_at", filter=Q(due_at__lte=now)),
            failing=Count("pk", filter=~Q(last_error="")),
        )
    }
    lanes = {name: Lane.INSIDE for name in found} | {follower.name: follower.lane for follower in all_followers()}
    for follower, lane in sorted(lanes.items()):
        row = found.get(follower, {"due": 0, "oldest": None, "failing": 0})
        labels = [follower, lane.value]
        due.add_metric(labels, row["due"])
        lag.add_metric(labels, (now - row["oldest"]).total_seconds() if row["oldest"] else 0)
        failing.add_metric(labels, row["failing"])
    return [due, lag, failing]
