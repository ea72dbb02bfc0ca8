"""Faults that a verification finds, and reading whole tables in pages."""

import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.db.models import Model

from privacycenter.models import Sealed, broken_seal

PAGE_SIZE = 1000

# Called with how many more rows were verified.
Progress = Callable[[int], None]


@dataclass(frozen=True)
class Fault:
    """One fault: the row, and what is wrong with it.

    ``state`` is the hash of the row as it was found, so that a row that is changed once more has another fault.
    """

    row: str
    what: str
    state: str = ""

    def __str__(self) -> str:
        return f"{self.row}: {self.what}"

    @property
    def digest(self) -> str:
        """SHA-256 over all three, as 64 hexadecimal digits: the same fault of the same row has the same."""
        return hashlib.sha256(json.dumps([self.row, self.what, self.state]).encode()).hexdigest()


def found_in(row: Model, what: str) -> Fault:
    """Return the fault of a row, which MUST have been read with all columns that matter to it."""
    read = {field.attname for field in row._meta.concrete_fields} - row.get_deferred_fields()
    values = {name: getattr(row, name) for name in sorted(read)}
    state = json.dumps(values, default=lambda value: bytes(value).hex() if is_bytes(value) else str(value))
    return Fault(name_of(row), what, hashlib.sha256(state.encode()).hexdigest())


def faults_of(row: Model, *checks: Callable[[], str]) -> Iterator[Fault]:
    """Yield the fault of a row that the first check names; each returns what is wrong, or an empty string.

    A row that a check cannot even read (a code that does not exist, a document of another shape) is a fault like any
    other: the verification goes on.
    """
    for check in checks:
        try:
            what = check()
        except Exception as error:
            what = f"cannot be verified ({type(error).__name__}): one of its columns has a value that is never written"
        if what:
            yield found_in(row, what)
            return


def is_bytes(value: object) -> bool:
    return isinstance(value, (bytes, memoryview))


# A process of the version before may still write for a while after a migration.
GRACE = timedelta(days=1)


def kept_since(app: str, migration: str) -> datetime:
    """Return from when on every row has what this migration added. Raises KeyError for one that was not applied.

    Rows of before may lack it, so taking it out of a newer row would make that look old.
    """
    applied: datetime = MigrationRecorder(connection).applied_migrations()[app, migration].applied
    return applied + GRACE


def fault_of_seal(row: Sealed, written_at: datetime, sealed_since: datetime) -> str:
    """Return what is wrong with the row's fingerprint, or an empty string. ``sealed_since``: see ``kept_since``."""
    if row.seal is None and written_at > sealed_since:
        return "has no fingerprint, although every row that was written then has one"
    return broken_seal(row)


def written_since(rows: Any, column: str, since: datetime | None) -> Any:
    """Return the rows whose time in that column is ``since`` or later; all of them for None."""
    return rows.filter(**{f"{column}__gte": since}) if since else rows


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
