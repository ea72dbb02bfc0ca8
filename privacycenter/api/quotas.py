"""How often machines may call, counted for all processes together (docs/decisions, limits counted in shares).

A process takes a share of what a window allows from the shared counter and spends it in memory, so that most calls cost
no SQL. What is taken is never more than the limit: at worst a little of it lies unused in another process.
"""

import threading
import time
from dataclasses import dataclass

from django.db import connections, router

from privacycenter.errors import TooManyCalls
from privacycenter.models import CallCount

SHARES_PER_WINDOW = 50
KEPT_SECONDS = 3600
# Above this many keys (addresses without end) the oldest are forgotten; their next call asks the database again.
MOST_SHARES = 10_000


@dataclass(frozen=True)
class Quota:
    """``amount`` units within ``seconds``, in windows that begin at multiples of ``seconds``; 0 units mean no limit."""

    name: str
    amount: int
    seconds: int = 60

    @property
    def share(self) -> int:
        return max(1, self.amount // SHARES_PER_WINDOW)


@dataclass(frozen=True)
class Allowance:
    """What is left of a quota, as this process knows it, and in how many seconds it is whole again."""

    quota: Quota
    left: int
    reset_seconds: int

    def headers(self) -> dict[str, str]:
        """``RateLimit`` and ``RateLimit-Policy`` (IETF draft-ietf-httpapi-ratelimit-headers-10)."""
        name = self.quota.name
        return {
            "RateLimit": f'"{name}";r={self.left};t={self.reset_seconds}',
            "RateLimit-Policy": f'"{name}";q={self.quota.amount};w={self.quota.seconds}',
        }


@dataclass
class Share:
    """What one process took of one key's window. ``rest`` is what nobody had taken by then."""

    window: int
    left: int
    rest: int


_shares: dict[str, Share] = {}
_lock = threading.Lock()


def forget_shares() -> None:
    """As in a process that has just started."""
    with _lock:
        _shares.clear()


def spend(quota: Quota, key: str, cost: int = 1) -> Allowance:
    """Use ``cost`` units of the key's quota. Raises TooManyCalls, with how long to wait, when it is used up.

    No SQL while this process has a share, else one statement (two at the start of a window). A process that found the
    window used up refuses without asking again until the next one.
    """
    if not quota.amount:
        return Allowance(quota, 0, 0)
    now = int(time.time())
    window = now - now % quota.seconds
    reset_seconds = window + quota.seconds - now
    share = spend_from_memory(key, window, cost) or take_share(quota, key, window, cost)
    if share.left < 0:
        raise TooManyCalls(
            f"At most {quota.amount} in {quota.seconds} seconds. Wait {reset_seconds} seconds.",
            allowance=Allowance(quota, 0, reset_seconds),
        )
    return Allowance(quota, share.left + share.rest, reset_seconds)


def spend_from_memory(key: str, window: int, cost: int) -> Share | None:
    """The share after spending; ``left`` is negative if the window is used up. None: ask the database."""
    with _lock:
        share = _shares.get(key)
        if share is None or share.window != window:
            return None
        if share.left >= cost:
            share.left -= cost
        elif share.rest > 0:
            return None
        else:
            return Share(window, -1, 0)
        return Share(window, share.left, share.rest)


def take_share(quota: Quota, key: str, window: int, cost: int) -> Share:
    """Take the next share from the shared counter and spend ``cost`` of it."""
    wanted = max(cost, quota.share)
    used = add_to_count(key, window, wanted)
    if used == wanted:
        CallCount.objects.filter(window__lt=window - KEPT_SECONDS).delete()
    granted = max(0, min(wanted, quota.amount - (used - wanted)))
    rest = max(0, quota.amount - used)
    with _lock:
        before = _shares.get(key)
        kept = before.left if before and before.window == window else 0
        if len(_shares) >= MOST_SHARES and key not in _shares:
            _shares.pop(next(iter(_shares)))
        left = kept + granted - cost
        _shares[key] = Share(window, left if left >= 0 else kept + granted, rest)
        return Share(window, left, rest)


def add_to_count(key: str, window: int, amount: int) -> int:
    """Count in the key's window and return the new sum. A clock that is behind counts into the window under way."""
    table = CallCount._meta.db_table
    with connections[router.db_for_write(CallCount)].cursor() as cursor:
        cursor.execute(
            f'INSERT INTO "{table}" (key, "window", used) VALUES (%s, %s, %s) '  # noqa: S608  the model's own table
            f'ON CONFLICT (key) DO UPDATE SET used = excluded.used + CASE WHEN excluded."window" > "{table}"."window" '
            f'THEN 0 ELSE "{table}".used END, "window" = CASE WHEN excluded."window" > "{table}"."window" '
            f'THEN excluded."window" ELSE "{table}"."window" END RETURNING used',
            [key, window, amount],
        )
        used: int = cursor.fetchone()[0]
        return used
