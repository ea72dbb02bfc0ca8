"""Deleting rows of append-only tables at the end of their retention. Nothing else ever deletes them.

The database's triggers refuse DELETE (``privacycenter.database.triggers.refuse_early``) unless the door is open in the
same transaction, and even then refuse every row that is not three years old (an attempt of a webhook: 90 days). Law:
APPI art. 29 and 30, rules 21 and 25.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.db import connection, models

from privacycenter.database.triggers import SQLITE_DOOR
from privacycenter.sandbox import clock

YEARS_KEPT = 3
BATCH_SIZE = 1000

Key = tuple[int, UUID]


def end_of_time(now: datetime) -> datetime:
    """Return the time three years before now: what was written then or earlier was kept long enough.

    On 29 February that is the 28th.
    """
    try:
        return now.replace(year=now.year - YEARS_KEPT)
    except ValueError:
        return now.replace(year=now.year - YEARS_KEPT, day=28)


def database_now() -> datetime:
    """Return the time by the database's clock, which the triggers use: this machine's may be ahead of it."""
    if connection.vendor != "postgresql":
        return clock.real_now()
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        now: datetime = cursor.fetchone()[0]
        return now.astimezone(UTC)


@contextmanager
def purge_door() -> Iterator[None]:
    """Allow rows to be deleted that are old enough. MUST be used in a transaction.

    The door closes at the end, and on a rollback too. Raises RuntimeError outside a transaction.
    """
    with door("privacycenter.purge", "on", 1):
        yield


@contextmanager
def erasing_door(person: int) -> Iterator[None]:
    """Allow the rows of this person to be deleted at any age where the law does not demand them. As ``purge_door``."""
    with door("privacycenter.erased", str(person), -person):
        yield


@contextmanager
def door(setting: str, value: str, row: int) -> Iterator[None]:
    """Open a door that the triggers look for: a setting of the transaction on PostgreSQL, a row on SQLite."""
    if not connection.in_atomic_block:
        raise RuntimeError("The door opens in a transaction only.")
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            # SET and no function: where tables are spread over machines, those hear of it too. Without Citus the first
            # is a name that nothing reads.
            cursor.execute("SET LOCAL citus.propagate_set_commands = 'local'")
            cursor.execute(f"SET LOCAL {setting} = '{value}'")
        else:
            cursor.execute(f"INSERT INTO {SQLITE_DOOR} VALUES (%s)", [row])  # noqa: S608  a constant
        yield
        if connection.vendor == "postgresql":
            cursor.execute(f"SET LOCAL {setting} = ''")
        else:
            cursor.execute(f"DELETE FROM {SQLITE_DOOR}")  # noqa: S608  a constant


def delete_rows(rows: models.QuerySet[Any]) -> int:
    """Delete these rows, bypassing the manager that refuses. Return how many. The triggers still apply."""
    return rows._raw_delete(rows.db) or 0


def delete_keys(model: type[models.Model], keys: Sequence[Key]) -> int:
    """Delete the person-owned rows with exactly these keys. Return how many there were."""
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
    """Yield the keys of a person-owned table in order, in batches: one pass over the table in bounded memory.

    Rows may be deleted meanwhile.
    """
    batch = list(rows.order_by("person_id", "id").values_list("person_id", "id")[:size])
    while batch:
        yield batch
        rest = rows.filter(pk__gt=batch[-1])
        batch = list(rest.order_by("person_id", "id").values_list("person_id", "id")[:size])


def in_batches(rows: Any, *, size: int = BATCH_SIZE) -> Iterator[list[Any]]:
    """Do the same for a table with an ordinary primary key."""
    batch = list(rows.order_by("pk").values_list("pk", flat=True)[:size])
    while batch:
        yield batch
        batch = list(rows.filter(pk__gt=batch[-1]).order_by("pk").values_list("pk", flat=True)[:size])
