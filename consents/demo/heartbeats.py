"""The heartbeats of the made-up world's reporters."""

from datetime import datetime

from consents.demo.clock import clock_at
from disclosures.coverage.actions import HeartbeatReport, record_heartbeat
from disclosures.coverage.queries import arrived_counts, report_balances
from disclosures.models import Reporter

# Service → how many of its disclosures were lost on the way.
LOST = {"suumo": 2}


def send_heartbeats(*, reporters: dict[str, Reporter], since: datetime, now: datetime) -> int:
    """Send a heartbeat for each service that reported, complete until the last full hour. Return how many were new.

    The counts must be up to date: followers have worked off the outbox before.
    """
    hour = now.replace(minute=0, second=0, microsecond=0)
    arrived, declared = arrived_counts(), report_balances()
    new = 0
    for code, reporter in sorted(reporters.items()):
        service = reporter.services.get(code=code)
        key = (service.pk, reporter.pk)
        balance = declared.get(key)
        if key not in arrived or (balance and balance.complete_until >= hour):
            continue
        said = balance.declared_count if balance else 0
        count = max(0, arrived[key] + LOST.get(code, 0) - said)
        with clock_at(now):
            _heartbeat, is_new = record_heartbeat(
                report=HeartbeatReport(code, complete_until=hour, event_count=count, since=None if balance else since),
                by=reporter,
            )
        new += is_new
    return new
