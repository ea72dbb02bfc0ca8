"""The one way rows of append-only tables are ever deleted: at the end of their time, by the purge alone.

The database's triggers refuse DELETE (``privacycenter.database.triggers.refuse_early``) unless the door is
open in the same transaction, and then still refuse every row that is not three years old (a try of a webhook: 90
days). Law: APPI art. 29 and 30, rules 21 and 25.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.db import connection, models
from django.utils import timezone

from privacycenter.database.triggers import SQLITE_DOOR

YEARS_KEPT = 3
BATCH_SIZE = 1000

Key = tuple[int, UUID]


def end_of_time(now: datetime) -> datetime:
    """What was written at this moment or before it has been kept for three years. On 29 February that is the 28th."""
    try:
        return now.replace(year=now.year - YEARS_KEPT)
    except ValueError:
        return now.replace(year=now.year - YEARS_KEPT, day=28)


def database_now() -> datetime:
    """The time by the clock that the triggers ask: one of another machine may be ahead of it."""
    if connection.vendor != "postgresql":
        return timezone.now()
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        now: datetime = cursor.fetchone()[0]
        return now.astimezone(UTC)


@contextmanager
def purge_door() -> Iterator[None]:
    """Let rows be deleted that are old enough. MUST be used in a transaction; it is closed again at the end, and by a
    rollback too."""
    if not connection.in_atomic_block:
        raise RuntimeError("The door opens in a transaction only.")
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT set_config('privacycenter.purge', 'on', true)")
        else:
            cursor.execute(f"INSERT INTO {SQLITE_DOOR} VALUES (1)")  # noqa: S608  a constant
        yield
        if connection.vendor == "postgresql":
            cursor.execute("SELECT set_config('privacycenter.purge', 'off', true)")
        else:
            cursor.execute(f"DELETE FROM {SQLITE_DOOR}")  # noqa: S608  a constant


def delete_rows(rows: models.QuerySet[Any]) -> int:
    """Delete these rows past the manager that refuses. Returns how many; the triggers have the last word."""
    return rows._raw_delete(rows.db) or 0


def delete_keys(model: type[models.Model], keys: Sequence[Key]) -> int:
    """Delete the person-owned rows with just these keys. Returns how many there were."""
    if not keys:
        return 0
    adapt = model._meta.pk_fields[1].get_db_prep_value
    values = [part for person, id in keys for part in (person, adapt(id, connection))]
    places = ", ".join(["(%s, %s)"] * len(keys))
    with connection.cursor() as cursor:
        cursor.execute(
            f"DELETE FROM {connection.ops.quote_name(model._meta.db_table)} "  # noqa: S608  names from the model
            f"WHERE (person_id, id) IN (VALUES {places})",
            values,
        )
        return int(cursor.rowcount)


def walk(rows: Any, *, size: int = BATCH_SIZE) -> Iterator[list[Key]]:
    """The keys of a person-owned table in their order, in batches: one pass over the table, bounded memory, and no
    harm if rows go meanwhile."""
    batch = list(rows.order_by("person_id", "id").values_list("person_id", "id")[:size])
    while batch:
        yield batch
        rest = rows.filter(pk__gt=batch[-1])
        batch = list(rest.order_by("person_id", "id").values_list("person_id", "id")[:size])


def in_batches(rows: Any, *, size: int = BATCH_SIZE) -> Iterator[list[int]]:
    """The same of a table with an ordinary primary key."""
    batch = list(rows.order_by("pk").values_list("pk", flat=True)[:size])
    while batch:
        yield batch
        batch = list(rows.filter(pk__gt=batch[-1]).order_by("pk").values_list("pk", flat=True)[:size])
