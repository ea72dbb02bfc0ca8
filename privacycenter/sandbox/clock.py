"""The clock of a sandbox: the real time, and how far it was put forward. Anywhere else it is the real time.

``timezone.now()`` is where the product takes the time from. In a sandbox, and nowhere else, ``install`` puts this clock
in its place before anything else is imported. How far it is ahead stands in the database (``ClockMove``), the same for
all processes; each reads it before a request, a round of the worker or a command (``reading``). It only goes forward.

What has to do with others' clocks, or with what the database guards itself, goes by ``real_now``: the time in a
webhook's signature, retention, limits, certificates. Imports no models: the settings import it.
"""

import threading
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from django.utils import timezone

# Requests that began before the clock was moved still write the time of before.
STILL_UNDER_WAY = timedelta(minutes=1)


class Reading(NamedTuple):
    """How far the clock is ahead, and when it was put there, in real time. None: never."""

    ahead: timedelta = timedelta()
    moved_at: datetime | None = None


_reading = Reading()
_lock = threading.Lock()
_timezone_now = timezone.now


def install() -> None:
    """Make ``timezone.now()`` this clock, in this process."""
    timezone.now = now


def uninstall() -> None:
    """Give ``timezone.now()`` back, and forget what was read."""
    global _reading
    timezone.now, _reading = _timezone_now, Reading()


def set_to(reading: Reading) -> None:
    """Go by what was read, unless more is known already: two threads may have read in another order."""
    global _reading
    with _lock:
        _reading = max(_reading, reading, key=lambda one: one.ahead)


def real_now() -> datetime:
    return datetime.now(UTC)


def now() -> datetime:
    """What the clock shows, in UTC."""
    return real_now() + _reading.ahead


def ahead() -> timedelta:
    return _reading.ahead


def is_due_by_now(delay: timedelta) -> bool:
    """Whether this much time passed since the clock was put forward: always so where it never was.

    Right after a move, what takes a moment seems to be days late, although nobody had the time to do it.
    """
    moved_at = _reading.moved_at
    return moved_at is None or real_now() - moved_at > delay + STILL_UNDER_WAY


def waited(since: datetime) -> timedelta:
    """How long something waits that could be done since then, by the clock: not longer than since the last move."""
    waiting, moved_at = timezone.now() - since, _reading.moved_at
    return waiting if moved_at is None else min(waiting, max(real_now() - moved_at, timedelta()))
