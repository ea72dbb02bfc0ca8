"""Insert rows that may be there already, and learn which ones were new."""

from collections.abc import Sequence

from django.db import connections, models, router


def insert_new(rows: Sequence[models.Model]) -> set[tuple]:
    """Insert rows of one model; skip those whose key is taken. Returns the primary keys that were written.

    One statement: ``INSERT … VALUES … ON CONFLICT DO NOTHING RETURNING``. Django's ``bulk_create`` can ignore
    conflicts but not say which rows it wrote, and with two writers at once only RETURNING knows. Rows go in by
    primary key, so two transactions with the same rows in another order wait for each other instead of deadlocking.
    """
    if not rows:
        return set()
    model = type(rows[0])
    connection = connections[router.db_for_write(model)]
    fields = model._meta.concrete_fields
    ordered = sorted(rows, key=lambda row: tuple(str(part) for part in row.pk))
    values = [field.get_db_prep_save(getattr(row, field.attname), connection) for row in ordered for field in fields]
    quote = connection.ops.quote_name
    columns = ", ".join(quote(str(field.column)) for field in fields)
    placeholders = ", ".join([f"({', '.join(['%s'] * len(fields))})"] * len(ordered))
    keys = model._meta.pk_fields
    returning = ", ".join(quote(str(field.column)) for field in keys)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {quote(model._meta.db_table)} ({columns}) VALUES {placeholders} "  # noqa: S608  names from the model
            f"ON CONFLICT DO NOTHING RETURNING {returning}",
            values,
        )
        written = cursor.fetchall()
    return {tuple(field.to_python(value) for field, value in zip(keys, row, strict=True)) for row in written}
