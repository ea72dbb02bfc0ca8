"""What a night verifies: what is new, and one piece of all that is older, so that in so many nights all of it was.

Reads alone; ``window_actions`` writes down how far it got.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.migrations.recorder import MigrationRecorder
from django.db.models import Min
from django.utils import timezone
from prometheus_client.core import GaugeMetricFamily, Metric

from privacycenter.database.verifying import EVERYTHING, Window
from privacycenter.models import Verification

# What commits late may have an earlier time than what was verified already.
OVERLAP = timedelta(hours=1)


@dataclass(frozen=True)
class Night:
    """What one night verifies. ``piece`` of ``pieces``, from 0; the last one verifies the counters, too."""

    began_at: datetime
    round_began_at: datetime
    windows: tuple[Window, ...]
    piece: int
    pieces: int

    @property
    def is_last(self) -> bool:
        return self.piece + 1 == self.pieces

    @property
    def reached(self) -> datetime:
        """Until when the rows were written that this round has verified after it."""
        return self.windows[0].until or self.round_began_at


def progress_now() -> Verification:
    """Return how far it got, as a row that may not be stored yet. One SQL statement."""
    return Verification.objects.filter(pk=1).first() or Verification(pk=1)


def night(nights: int, now: datetime, got: Verification) -> Night:
    """Return what is verified now. A round that is under way keeps its own number of nights."""
    began = got.round_began_at or now
    pieces, done = (got.nights, got.nights_done) if got.round_began_at else (nights, 0)
    left = pieces - done
    start = got.reached or beginning()
    until = began if left == 1 else start + (began - start) / left
    # Of the first piece nothing is too old.
    windows = [Window(got.reached if done else None, until)]
    if got.newest_until:
        windows.append(Window(got.newest_until - OVERLAP, now))
    return Night(now, began, tuple(windows), done, pieces)


def whole(now: datetime) -> Night:
    """Return a night that verifies everything."""
    return Night(now, now, (EVERYTHING,), 0, 1)


def beginning() -> datetime:
    """Return when this site was set up. Nothing that it wrote is older; one SQL statement."""
    first: datetime = MigrationRecorder.Migration.objects.aggregate(first=Min("applied"))["first"]
    return first


def verification_metrics() -> Iterable[Metric]:
    """Yield how old the oldest row is that was never verified, and when all of them were. Two SQL statements."""
    got, now = progress_now(), timezone.now()
    # Until the first round is over, what is older than the newest was verified in part.
    verified_until = got.newest_until if got.whole_began_at else got.reached
    first_left = verified_until or beginning()
    found: list[Metric] = [
        GaugeMetricFamily(
            "privacycenter_ledger_unverified_seconds", "Age of the oldest row that was never verified, at most.",
            value=max((now - first_left).total_seconds(), 0),
        )
    ]  # fmt: skip
    if got.whole_began_at:
        found.append(
            GaugeMetricFamily(
                "privacycenter_ledger_verified_seconds", "Within so long every row older than that was verified.",
                value=(now - got.whole_began_at).total_seconds(),
            )
        )  # fmt: skip
    return found
