"""Inserting rows that may exist already, and learning which were new."""

from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager
from functools import lru_cache
from typing import Any, cast

from django.db import connections, models, router

# The limit of PostgreSQL's protocol for one statement.
MOST_PARAMETERS = 65_535
# Batches of a multiple of this many rows are sent as prepared statements.
PREPARED_ROWS = 50


def insert_new(rows: Sequence[models.Model]) -> set[tuple[Any, ...]]:
    """Insert rows of one model, skipping those whose key is taken. Return the primary keys written."""
    if not rows:
        return set()
    model = type(rows[0])
    names = [field.attname for field in model._meta.concrete_fields]
    return insert_values(model, [tuple(getattr(row, name) for name in names) for row in rows])


def insert_values(model: type[models.Model], rows: Sequence[tuple[Any, ...]]) -> set[tuple[Any, ...]]:
    """Insert tuples with the values of all columns in the model's order. Return the primary keys written.

    A thousand model instances would cost more than writing them. One statement: ``INSERT … VALUES … ON CONFLICT DO
    NOTHING RETURNING``. Django's ``bulk_create`` can ignore conflicts but not say which rows it wrote, and with two
    writers at once only RETURNING knows. Rows go in by primary key, so two transactions with the same rows in another
    order wait for each other instead of deadlocking.
    """
    if not rows:
        return set()
    connection = connections[router.db_for_write(model)]
    fields = model._meta.concrete_fields
    keys = model._meta.pk_fields
    places = [fields.index(field) for field in keys]
    ordered = sorted(rows, key=lambda row: tuple(str(row[place]) for place in places))
    columns = [
        prepared(field, column, connection) for field, column in zip(fields, zip(*ordered, strict=True), strict=True)
    ]
    values = [value for row in zip(*columns, strict=True) for value in row]
    is_numbered = connection.vendor == "postgresql" and len(values) <= MOST_PARAMETERS
    with numbered_cursor(connection, len(rows)) if is_numbered else connection.cursor() as cursor:
        cursor.execute(insert_statement(model, len(rows), is_numbered), values)
        written = cursor.fetchall()
    return {tuple(field.to_python(value) for field, value in zip(keys, row, strict=True)) for row in written}


def insert_numbered(rows: Sequence[models.Model], *, returning: str) -> dict[Any, int]:
    """Insert rows of one model whose key the database numbers, skipping those that a unique constraint refuses.

    Return the value of one column → the key, of those written. One SQL statement, in the order given: two transactions
    with the same rows MUST give them in the same order.
    """
    if not rows:
        return {}
    model = type(rows[0])
    meta, connection = model._meta, connections[router.db_for_write(model)]
    fields = [field for field in meta.concrete_fields if not field.primary_key]
    values = [field.get_db_prep_save(getattr(row, field.attname), connection) for row in rows for field in fields]
    columns = ", ".join(f'"{field.column}"' for field in fields)
    places = ", ".join([f"({', '.join(['%s'] * len(fields))})"] * len(rows))
    returned = next(field for field in fields if field.attname == returning)
    with connection.cursor() as cursor:
        cursor.execute(
            f'INSERT INTO "{meta.db_table}" ({columns}) VALUES {places} '  # noqa: S608  names from the model
            f'ON CONFLICT DO NOTHING RETURNING "{returned.column}", "{meta.pk.column}"',
            values,
        )
        return {returned.to_python(value): number for value, number in cursor.fetchall()}


def prepared(field: models.Field[Any, Any], values: Iterable[Any], connection: Any) -> list[Any]:
    """Return one column's values as the database takes them. Equal values are converted once."""
    if isinstance(field, models.JSONField):
        return [field.get_db_prep_save(value, connection) for value in values]
    column = list(values)
    known = {value: field.get_db_prep_save(value, connection) for value in set(column)}
    return [known[value] for value in column]


@lru_cache(maxsize=16)
def insert_statement(model: type[models.Model], count: int, is_numbered: bool) -> str:
    """Return the SQL. ``is_numbered``: placeholders $1, $2, … instead of %s."""
    meta = model._meta
    width = len(meta.concrete_fields)
    marks = [f"${n}" for n in range(1, count * width + 1)] if is_numbered else ["%s"] * (count * width)
    rows = ", ".join(f"({', '.join(marks[start : start + width])})" for start in range(0, count * width, width))
    columns = ", ".join(f'"{field.column}"' for field in meta.concrete_fields)
    returning = ", ".join(f'"{field.column}"' for field in meta.pk_fields)
    return f'INSERT INTO "{meta.db_table}" ({columns}) VALUES {rows} ON CONFLICT DO NOTHING RETURNING {returning}'  # noqa: S608  names from the model


def numbered_cursor(connection: Any, count: int) -> AbstractContextManager[Any]:
    """Return a cursor for PostgreSQL that sends statement and values as they are.

    psycopg's usual cursors search for every %s by regular expression, which for the 14,000 values of a large batch
    takes longer than all else (measured: 57 ms of processor time a batch, 4 ms with this). Statements for a round
    number of rows recur and are prepared: otherwise the server spends two fifths of their time on parsing and planning
    (measured: 27.6 ms for 1,000 rows, 17.2 prepared). Wrapped as Django wraps its own, so errors, query counts and
    wrappers work as usual.
    """
    from privacycenter.database.prepared_cursor import (  # only where PostgreSQL is used
        MOST_PREPARED,
        PreparedCursor,
        RawCursor,
    )

    connection.ensure_connection()
    connection.connection.prepared_max = MOST_PREPARED
    if connection.queries_logged:
        # A prepared cursor does not report the SQL it ran.
        cursor = connection.make_debug_cursor(RawCursor(connection.connection))
    else:
        kind = PreparedCursor if count % PREPARED_ROWS == 0 else RawCursor
        cursor = connection.make_cursor(kind(connection.connection))
    return cast("AbstractContextManager[Any]", cursor)
