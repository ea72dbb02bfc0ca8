"""Django's database router: reads go to the replica only where a block says so, and everything else to the primary."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections

REPLICA = "replica"
# Sessions, log-ins, people, limits and the outbox are not in these: they are always read from the primary.
APPS_READ_THERE = frozenset({"disclosures", "consents"})

_is_read_there: ContextVar[bool] = ContextVar("is_read_there", default=False)


@contextmanager
def rows_read_from(*, replica: bool) -> Iterator[None]:
    """Read rows of these apps from the replica, or from the primary, while the block runs, in this thread.

    In a transaction of the primary, and for rows that are locked or about to be written, it is the primary all the
    same. SQL that is written out (``connection.cursor()``, ``Statement``) is not routed: it asks the primary.
    """
    token = _is_read_there.set(replica)
    try:
        yield
    finally:
        _is_read_there.reset(token)


def is_read_there() -> bool:
    return _is_read_there.get()


def begin_reading_there() -> None:
    """Read from the replica for the rest of the block that ``rows_read_from`` opened."""
    _is_read_there.set(True)


def stop_reading_there() -> None:
    """Read from the primary for the rest of the block."""
    _is_read_there.set(False)


class ReplicaRouter:
    """Installed only where ``DATABASE_REPLICA_URL`` is set."""

    def db_for_read(self, model: Any, **hints: Any) -> str:
        if not _is_read_there.get() or model._meta.app_label not in APPS_READ_THERE:
            return DEFAULT_DB_ALIAS
        return DEFAULT_DB_ALIAS if connections[DEFAULT_DB_ALIAS].in_atomic_block else REPLICA

    def db_for_write(self, model: Any, **hints: Any) -> str:
        return DEFAULT_DB_ALIAS

    def allow_relation(self, one: Any, other: Any, **hints: Any) -> bool:
        """Rows of both are rows of one database."""
        return True

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool:
        return db != REPLICA
