"""Django's cache, in the table that rate limits are counted in.

allauth counts its limits in Django's cache, and remembers used one-time codes there. Django's memory cache would hold
them for one process only, and both it and the database cache evict live entries once they are full, so strangers could
make room for themselves. Here entries only expire.
"""

import hashlib
import json
import time
from math import ceil
from typing import Any

from django.core.cache.backends.base import DEFAULT_TIMEOUT, BaseCache
from django.db import connections, router

from privacycenter.models import CacheEntry
from privacycenter.rate_limits.counting import written

PREFIX = "cache:"
FOR_EVER = 2**62


class SharedCache(BaseCache):
    """A cache of JSON values. Each call is one SQL statement, so it suits few and small entries."""

    def __init__(self, _location: str, params: dict[str, Any]) -> None:
        super().__init__(params)

    def get(self, key: str, default: Any = None, version: int | None = None) -> Any:
        alive = written().filter(pk=self.stored_key(key, version), until__gt=time.time())
        value = alive.values_list("value", flat=True).first()
        return default if value is None else json.loads(value)

    def set(self, key: str, value: Any, timeout: float | None = DEFAULT_TIMEOUT, version: int | None = None) -> None:
        self.put(key, value, timeout, version, only_if_gone=False)

    def add(self, key: str, value: Any, timeout: float | None = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        """Return whether the key was free. Of concurrent calls exactly one gets True."""
        return self.put(key, value, timeout, version, only_if_gone=True)

    def touch(self, key: str, timeout: float | None = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        alive = written().filter(pk=self.stored_key(key, version), until__gt=time.time())
        return bool(alive.update(until=self.until(timeout)))

    def delete(self, key: str, version: int | None = None) -> bool:
        deleted, _rows = written().filter(pk=self.stored_key(key, version)).delete()
        return bool(deleted)

    def incr(self, key: str, delta: int = 1, version: int | None = None) -> int:
        raise NotImplementedError("Count with privacycenter.rate_limits.limits.")

    def clear(self) -> None:
        """Delete the values. Counts of limits stay."""
        written().filter(pk__startswith=PREFIX).delete()

    def put(self, key: str, value: Any, timeout: float | None, version: int | None, *, only_if_gone: bool) -> bool:
        """Return whether the value was written. One SQL statement."""
        table = CacheEntry._meta.db_table
        values: list[str | int] = [self.stored_key(key, version), json.dumps(value), self.until(timeout)]
        condition = ""
        if only_if_gone:
            condition = f'WHERE "{table}".until <= %s '
            values.append(int(time.time()))
        with connections[router.db_for_write(CacheEntry)].cursor() as cursor:
            cursor.execute(
                f'INSERT INTO "{table}" (key, used, value, until) VALUES (%s, 0, %s, %s) '  # noqa: S608  the model's own table
                f"ON CONFLICT (key) DO UPDATE SET value = excluded.value, until = excluded.until {condition}"
                "RETURNING key",
                values,
            )
            return cursor.fetchone() is not None

    def stored_key(self, key: str, version: int | None) -> str:
        """Return the row's key. Hashed, since keys hold addresses and have any length."""
        return PREFIX + hashlib.sha256(self.make_key(key, version=version).encode()).hexdigest()

    def until(self, timeout: float | None) -> int:
        expires = self.get_backend_timeout(timeout)
        return FOR_EVER if expires is None else ceil(expires)
