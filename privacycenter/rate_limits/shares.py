"""Parts of large limits, kept in this process's memory, so that most calls cost no SQL.

Processes together never take more than the limit. A little of it may stay unused in another process.
"""

import threading
from dataclasses import dataclass

from privacycenter.rate_limits.counting import count

SHARES_PER_WINDOW = 50


@dataclass
class Share:
    """What this process took of one key's window. ``rest``: what no process had taken by then."""

    until: int
    left: int
    rest: int


# As many as there are authenticated callers: strangers can neither add to it nor evict from it.
_shares: dict[str, Share] = {}
_lock = threading.Lock()


def forget_shares() -> None:
    """Start anew, as a fresh process does."""
    with _lock:
        _shares.clear()


def spend(key: str, amount: int, *, cost: int, now: int, until: int) -> Share:
    """Spend ``cost``, and return the share; its ``left`` is negative if the window is used up.

    No SQL while this process has a share, else one statement. A process that found the window used up does not ask
    again until it ends. ``until``: the end of a window that begins now.
    """
    return spend_from_memory(key, cost, now) or take_share(key, amount, cost, now, until)


def spend_from_memory(key: str, cost: int, now: int) -> Share | None:
    """Return the share after spending, or None if the database must be asked."""
    with _lock:
        share = _shares.get(key)
        if share is None or share.until <= now:
            return None
        if share.left >= cost:
            share.left -= cost
        elif share.rest > 0:
            return None
        else:
            return Share(share.until, -1, 0)
        return Share(share.until, share.left, share.rest)


def take_share(key: str, amount: int, cost: int, now: int, until: int) -> Share:
    """Take a share from the table and spend ``cost`` of it."""
    wanted = max(cost, amount // SHARES_PER_WINDOW, 1)
    taken = count({key: wanted}, now=now, until=until)[key]
    granted = max(0, min(wanted, amount - (taken.used - wanted)))
    rest = max(0, amount - taken.used)
    with _lock:
        before = _shares.get(key)
        kept = before.left if before and before.until == taken.until else 0
        left = kept + granted - cost
        _shares[key] = Share(taken.until, left if left >= 0 else kept + granted, rest)
        return Share(taken.until, left, rest)
