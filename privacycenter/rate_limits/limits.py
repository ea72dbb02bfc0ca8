"""Rate limits: declaring them and spending from them (docs/decisions/0010-limits-in-one-table.md)."""

import hashlib
import time
from dataclasses import dataclass, replace

from privacycenter.errors import TooManyCalls
from privacycenter.rate_limits import shares
from privacycenter.rate_limits.counting import Count, count, ends_of, uncount


@dataclass(frozen=True)
class RateLimit:
    """``amount`` units within ``seconds``; 0 units mean no limit. ``name``: unique, at most 30 characters.

    A window begins with the first unit, or ``by_clock`` at multiples of ``seconds``. ``in_shares``: each process takes
    a fiftieth of the amount at a time, so that most units cost no SQL. Use it only for few, authenticated callers and
    large amounts: what a process took and does not spend is lost. Without it, counting is exact.
    """

    name: str
    amount: int
    seconds: int = 60
    by_clock: bool = False
    in_shares: bool = False

    def end_of_window(self, now: int) -> int:
        return now - now % self.seconds + self.seconds if self.by_clock else now + self.seconds


@dataclass(frozen=True)
class Counted:
    """Whom or what a unit is counted for: a ``person``, ``session``, ``address``, ``key``, ….

    ``times``: multiple of the amount that is allowed, for an address that several callers share.
    """

    kind: str
    value: str
    times: int = 1

    def key(self, limit: RateLimit) -> str:
        """Return the key of the row. The value is hashed, so that the table holds no addresses."""
        return f"{limit.name}:{self.kind}:{hashlib.sha256(self.value.encode(errors='replace')).hexdigest()}"


@dataclass(frozen=True)
class Allowance:
    """What is left of a limit, and in how many seconds it resets. ``counts``: what was counted for it."""

    limit: RateLimit
    left: int
    reset_seconds: int
    counts: tuple[Count, ...] = ()

    def headers(self) -> dict[str, str]:
        """``RateLimit`` and ``RateLimit-Policy`` (IETF draft-ietf-httpapi-ratelimit-headers-10)."""
        name = self.limit.name
        return {
            "RateLimit": f'"{name}";r={self.left};t={self.reset_seconds}',
            "RateLimit-Policy": f'"{name}";q={self.limit.amount};w={self.limit.seconds}',
        }


def spend(limit: RateLimit, *who: Counted, cost: int = 1) -> Allowance:
    """Spend ``cost`` units of each of ``who``, and return the allowance of the one with the least left.

    Raises TooManyCalls if one of them has fewer left, and has then spent nothing. One SQL statement, up to three when
    refused. A limit ``in_shares`` takes one of ``who`` and needs no SQL while this process has a share.
    """
    now = int(time.time())
    if not limit.amount:
        return Allowance(limit, 0, 0)
    if limit.in_shares:
        return spend_share(limit, *who, cost=cost, now=now)
    keys = {one.key(limit): limit.amount * one.times for one in who}
    counted: dict[str, Count] = {}
    if cost <= min(keys.values()):
        counted = count(dict.fromkeys(keys, cost), now=now, until=limit.end_of_window(now), most=keys)
    if refused := keys.keys() - counted.keys():
        uncount(counted.values())
        raise too_many(limit, {key: keys[key] for key in refused}, now)
    left, key = min((keys[key] - one.used, key) for key, one in counted.items())
    return Allowance(replace(limit, amount=keys[key]), left, counted[key].until - now, tuple(counted.values()))


def spend_share(limit: RateLimit, who: Counted, *, cost: int, now: int) -> Allowance:
    share = shares.spend(who.key(limit), limit.amount, cost=cost, now=now, until=limit.end_of_window(now))
    if share.left < 0:
        raise refusal(limit, share.until - now)
    return Allowance(limit, share.left + share.rest, share.until - now)


def give_back(allowance: Allowance) -> None:
    """Undo a spending that came to nothing. At most one SQL statement."""
    uncount(allowance.counts)


def too_many(limit: RateLimit, refused: dict[str, int], now: int) -> TooManyCalls:
    """Return the refusal whose wait lasts until all refused keys have reset. ``refused``: key → its amount."""
    ends = ends_of(refused)
    key = max(refused, key=lambda one: ends.get(one, 0))
    return refusal(replace(limit, amount=refused[key]), max(ends.get(key, now) - now, 1))


def refusal(limit: RateLimit, reset_seconds: int) -> TooManyCalls:
    return TooManyCalls(
        f"At most {limit.amount} in {limit.seconds} seconds. Wait {reset_seconds} seconds.",
        allowance=Allowance(limit, 0, reset_seconds),
    )
