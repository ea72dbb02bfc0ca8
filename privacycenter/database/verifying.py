"""Faults that a verification finds, and reading whole tables in pages."""

import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.db.models import Model
from django.utils import timezone

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


@dataclass(frozen=True)
class Window:
    """What is verified: the rows written at ``since`` or later and before ``until``. None: no such bound."""

    since: datetime | None = None
    until: datetime | None = None

    def rows(self, rows: Any, column: str) -> Any:
        """Return those of the rows whose time in that column lies in the window."""
        after = rows.filter(**{f"{column}__gte": self.since}) if self.since else rows
        return after.filter(**{f"{column}__lt": self.until}) if self.until else after

    def has(self, moment: datetime) -> bool:
        return (self.since is None or self.since <= moment) and (self.until is None or moment < self.until)

    def hours(self) -> Iterator["Window"]:
        """Yield it in pieces of an hour: those between two full hours, and one at each end."""
        began, end = self.since, self.until or timezone.now()
        while began and end - began > SLICE:
            yield Window(began, began + SLICE)
            began += SLICE
        yield Window(began, self.until)


EVERYTHING = Window()
# A piece of a window is read in one go: the rows of an hour lie side by side.
SLICE = timedelta(hours=1)
# The tables whose rows of a time are found by a block range index on PostgreSQL, with that column.
FOUND_BY_TIME = {"disclosures_disclosure": "recorded_at", "privacycenter_logentry": "written_at"}


def pages_written(rows: Any, column: str, window: Window) -> Iterator[list[Any]]:
    """Yield the rows of a window in pages, in bounded memory.

    In the order of their key, as ``pages``: that reads all of a table, however short the window. The largest tables on
    PostgreSQL are therefore read hour by hour, in the order in which the rows lie.
    """
    is_found_by_time = FOUND_BY_TIME.get(rows.model._meta.db_table) == column
    if window.since is None or not is_found_by_time or connection.vendor != "postgresql":
        yield from pages(window.rows(rows, column))
        return
    for hour in window.hours():
        read = hour.rows(rows.order_by(), column).iterator(chunk_size=PAGE_SIZE)
        while page := list(islice(read, PAGE_SIZE)):
            yield page


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
