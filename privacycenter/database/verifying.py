"""Faults that a verification finds, reading whole tables in pages, and verifying the triggers."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import Model

from privacycenter.database.checks import our_models
from privacycenter.database.triggers import trigger_name
from privacycenter.models import AppendOnly, NeverDeleted

PAGE_SIZE = 1000

# Called with how many more rows were verified.
Progress = Callable[[int], None]


@dataclass(frozen=True)
class Fault:
    """One fault: the row, and what is wrong with it."""

    row: str
    what: str

    def __str__(self) -> str:
        return f"{self.row}: {self.what}"


def name_of(row: Model) -> str:
    """Return table and key, as needed to find the row in SQL."""
    key = row.pk
    parts = "/".join(str(part) for part in key) if isinstance(key, tuple) else str(key)
    return f"{row._meta.db_table} {parts}"


def pages(rows: Any) -> Iterator[list[Any]]:
    """Yield the rows of a table in the order of their key, in pages: memory does not grow with the table."""
    order = [field.attname for field in rows.model._meta.pk_fields]
    page = list(rows.order_by(*order)[:PAGE_SIZE])
    while page:
        yield page
        page = list(rows.filter(pk__gt=page[-1].pk).order_by(*order)[:PAGE_SIZE])


def is_there(row: Model) -> bool:
    """Return whether the row still exists: a purge may have removed it, together with what it refers to."""
    return type(row)._default_manager.filter(pk=row.pk).exists()


def verify_triggers(progress: Progress) -> Iterator[Fault]:
    """Yield each append-only table that does not refuse UPDATE and DELETE, and each other that must refuse DELETE."""
    query = (
        "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        if connection.vendor == "sqlite"
        else "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled IN ('O', 'A')"
    )
    with connection.cursor() as cursor:
        cursor.execute(query)
        there = {name for (name,) in cursor.fetchall()}
    for model in our_models():
        if not issubclass(model, NeverDeleted):
            continue
        for event in ("UPDATE", "DELETE") if issubclass(model, AppendOnly) else ("DELETE",):
            name = trigger_name(model._meta.db_table, event)
            if name not in there:
                yield Fault(model._meta.db_table, f"the trigger {name} is missing: {event} is not refused")
        progress(1)
