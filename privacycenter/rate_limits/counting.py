"""The table of counts. Each change is one SQL statement, so concurrent processes lose nothing."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import connections, router
from django.db.models import F, Q

from privacycenter.models import CacheEntry

# Clocks differ: a row is deleted only when it has expired for every process.
KEPT_SECONDS = 60
REMOVED_AT_ONCE = 1000


@dataclass(frozen=True)
class Count:
    """What was added to one key, and the new count of its window, which ends at ``until`` (Unix seconds)."""

    key: str
    cost: int
    used: int
    until: int


def count(costs: Mapping[str, int], *, now: int, until: int, most: Mapping[str, int] | None = None) -> dict[str, Count]:
    """Add to the count of each key, and return the new counts by key.

    A key without a window under way begins one now, which ends at ``until`` (Unix seconds). ``most``: a key that would
    exceed this is not counted, and is missing in the result. One SQL statement. Rows are locked in the order of their
    keys, so concurrent calls for the same keys never deadlock.
    """
    keys = sorted(costs)
    table = CacheEntry._meta.db_table
    running = f'"{table}".until > %s'
    statement = (
        f'INSERT INTO "{table}" (key, used, value, until) VALUES {", ".join(["(%s, %s, %s, %s)"] * len(keys))} '  # noqa: S608  the model's own table
        f'ON CONFLICT (key) DO UPDATE SET used = excluded.used + CASE WHEN {running} THEN "{table}".used ELSE 0 END, '
        f'until = CASE WHEN {running} THEN "{table}".until ELSE excluded.until END '
    )
    values: list[Any] = [part for key in keys for part in (key, costs[key], "", until)]
    values += [now, now]
    if most is not None:
        allowed = f'CASE "{table}".key {" ".join(["WHEN %s THEN %s"] * len(keys))} END'
        statement += f'WHERE NOT {running} OR "{table}".used + excluded.used <= {allowed} '
        values += [now, *(part for key in keys for part in (key, most[key]))]
    with connections[router.db_for_write(CacheEntry)].cursor() as cursor:
        cursor.execute(statement + "RETURNING key, used, until", values)
        return {key: Count(key, costs[key], used, end) for key, used, end in cursor.fetchall()}


def uncount(counts: Iterable[Count]) -> None:
    """Subtract what was added, unless the window has ended meanwhile. One SQL statement per distinct cost."""
    counts = list(counts)
    for cost in {one.cost for one in counts}:
        same = Q(pk__in=[])
        for one in counts:
            if one.cost == cost:
                same |= Q(pk=one.key, until=one.until)
        written().filter(same, used__gte=cost).update(used=F("used") - cost)


def ends_of(keys: Iterable[str]) -> dict[str, int]:
    """Return the end of each key's window in Unix seconds. One SQL statement."""
    return dict(written().filter(pk__in=list(keys)).values_list("key", "until"))


def written() -> Any:
    """Return the entries of the database that is written to: a replica may lag behind."""
    return CacheEntry.objects.using(router.db_for_write(CacheEntry))


def remove_expired(*, now: int) -> int:
    """Delete expired rows in batches, and return how many. Called by the worker, so no visitor waits for it."""
    over, removed = written().filter(until__lte=now - KEPT_SECONDS), 0
    while keys := list(over.values_list("pk", flat=True)[:REMOVED_AT_ONCE]):
        removed += over.filter(pk__in=keys).delete()[0]
    return removed
