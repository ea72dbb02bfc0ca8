"""Inserting rows that may exist already, and learning which were new."""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from django.db import connections, models, router

from privacycenter.database.numbered_cursors import numbered_cursor

# The limit of PostgreSQL's protocol for one statement.
MOST_PARAMETERS = 65_535
# Rows of one statement where there may be any number: SQLite takes 32,766 values.
MOST_APPENDED = 1000
# Batches of so many rows recur and are sent as prepared statements: otherwise the server spends two fifths of their
# time on parsing and planning (measured: 27.6 ms for 1,000 rows, 17.2 prepared). Only these: each takes its memory.
PREPARED_ROWS = frozenset({*range(1, 6), 10, 20, 50, 100, 200, 250, 500, 1000})


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
    fields, keys = model._meta.concrete_fields, model._meta.pk_fields
    places = [fields.index(field) for field in keys]
    ordered = sorted(rows, key=lambda row: tuple(str(row[place]) for place in places))
    written = insert(model, fields, ordered, skips_known=True, returning=keys)
    return {tuple(field.to_python(value) for field, value in zip(keys, row, strict=True)) for row in written}


def insert_numbered(rows: Sequence[models.Model], *, returning: str) -> dict[Any, int]:
    """Insert rows of one model whose key the database numbers, skipping those that a unique constraint refuses.

    Return the value of one column → the key, of those written. One SQL statement, in the order given: two transactions
    with the same rows MUST give them in the same order.
    """
    if not rows:
        return {}
    model, fields, values = numbered_columns(rows)
    returned = next(field for field in fields if field.attname == returning)
    written = insert(model, fields, values, skips_known=True, returning=[returned, model._meta.pk])
    return {returned.to_python(value): number for value, number in written}


def append(rows: Sequence[models.Model]) -> None:
    """Insert rows of one model whose key the database numbers. One SQL statement for each thousand, none without rows.

    As Django's ``bulk_create``, which makes the statement anew each time and reads the keys back.
    """
    for start in range(0, len(rows), MOST_APPENDED):
        insert(*numbered_columns(rows[start : start + MOST_APPENDED]))


def numbered_columns(rows: Sequence[models.Model]) -> tuple[type[models.Model], list[Any], list[tuple[Any, ...]]]:
    """Return the model of the rows, its columns without the key, and their values."""
    fields = [field for field in rows[0]._meta.concrete_fields if not field.primary_key]
    return type(rows[0]), fields, [tuple(getattr(row, field.attname) for field in fields) for row in rows]


def insert(
    model: type[models.Model],
    fields: Sequence[Any],
    rows: Sequence[tuple[Any, ...]],
    *,
    skips_known: bool = False,
    returning: Sequence[Any] = (),
) -> list[tuple[Any, ...]]:
    """Send one ``INSERT … VALUES`` with the values of these columns, and return what it returns."""
    connection = connections[router.db_for_write(model)]
    columns = [
        prepared(field, column, connection) for field, column in zip(fields, zip(*rows, strict=True), strict=True)
    ]
    values = [value for row in zip(*columns, strict=True) for value in row]
    is_numbered = connection.vendor == "postgresql" and len(values) <= MOST_PARAMETERS
    form = Form(
        model._meta.db_table, tuple(field.column for field in fields), skips_known,
        tuple(field.column for field in returning),
    )  # fmt: skip
    is_prepared = len(rows) in PREPARED_ROWS
    with numbered_cursor(connection, is_prepared=is_prepared) if is_numbered else connection.cursor() as cursor:
        cursor.execute(insert_statement(form, len(rows), is_numbered), values)
        return cursor.fetchall() if returning else []


# What PostgreSQL's driver takes as it is.
TAKEN_AS_THEY_ARE = (models.UUIDField, models.CharField, models.BinaryField, models.ForeignKey)


def prepared(field: models.Field[Any, Any], values: Iterable[Any], connection: Any) -> list[Any]:
    """Return one column's values as the database takes them. Equal values are converted once."""
    if connection.vendor == "postgresql" and isinstance(field, TAKEN_AS_THEY_ARE):
        return list(values)
    if isinstance(field, models.JSONField):
        return [field.get_db_prep_save(value, connection) for value in values]
    column = list(values)
    known = {value: field.get_db_prep_save(value, connection) for value in set(column)}
    return [known[value] for value in column]


class Form(NamedTuple):
    """An INSERT, whatever the number of its rows. ``skips_known``: rows that a constraint refuses are left out."""

    table: str
    columns: tuple[str, ...]
    skips_known: bool
    returning: tuple[str, ...]


@lru_cache(maxsize=32)
def insert_statement(form: Form, count: int, is_numbered: bool) -> str:
    """Return the SQL. ``is_numbered``: placeholders $1, $2, … instead of %s."""
    width = len(form.columns)
    marks = [f"${n}" for n in range(1, count * width + 1)] if is_numbered else ["%s"] * (count * width)
    rows = ", ".join(f"({', '.join(marks[start : start + width])})" for start in range(0, count * width, width))
    ending = " ON CONFLICT DO NOTHING" if form.skips_known else ""
    if form.returning:
        ending += f" RETURNING {quoted(form.returning)}"
    return f'INSERT INTO "{form.table}" ({quoted(form.columns)}) VALUES {rows}{ending}'  # noqa: S608  names from models


def quoted(columns: Iterable[str]) -> str:
    return ", ".join(f'"{column}"' for column in columns)
