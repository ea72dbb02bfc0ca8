"""The database of the tests: made once, with its tables and the content, and copied for each process that runs tests.

A test that commits is followed by the same copying. On SQLite what was made stays in ``var/`` until something that it
was made by changes; on PostgreSQL it goes with the run.
"""

import fcntl
import hashlib
import sqlite3
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager

from django.conf import settings
from django.db import connection

from privacycenter.text.languages import site_languages
from tests.support.content import ROOT, load_world

VAR = ROOT / "var"
MADE_BY = (
    "privacycenter", "disclosures", "consents", "locale", "requirements", "tests/settings.py",
    "tests/support/content.py", "tests/support/prepared.py",
)  # fmt: skip


@contextmanager
def one_at_a_time() -> Iterator[None]:
    """No two processes make or remove a prepared database at the same time, and none while one is copied."""
    with (VAR / "prepared.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@contextmanager
def it_stays() -> Iterator[None]:
    """Nobody makes or removes a prepared database; others may copy it at the same time."""
    with (VAR / "prepared.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_SH)
        yield


def fingerprint() -> str:
    """Of all that decides what is in the database: shipped files and whether their English counts, the tests' own, the
    Python."""
    digest = hashlib.sha256(repr(("en" in site_languages(), sys.version)).encode())
    for place in MADE_BY:
        files = [ROOT / place] if (ROOT / place).is_file() else sorted((ROOT / place).rglob("*"))
        for path in files:
            if path.is_file() and path.suffix != ".pyc":
                digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def make(name: str) -> None:
    connection.settings_dict["TEST"]["NAME"] = name
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    load_world()
    connection.close()


def use(name: str) -> None:
    connection.close()
    settings.DATABASES["default"]["NAME"] = connection.settings_dict["NAME"] = name


def prepared_database(run: str, process: str) -> "PreparedFile | PreparedTemplate":
    """``run``: what all processes of this run of the tests share. ``process``: the name of this one in it."""
    return (PreparedFile if connection.vendor == "sqlite" else PreparedTemplate)(run, process)


class PreparedFile:
    """SQLite: a file that is copied page by page, into a database that others may have open at the time."""

    def __init__(self, run: str, process: str) -> None:
        self.prepared, self.own = VAR / f"prepared-{fingerprint()}.sqlite3", VAR / f"test-{run}-{process}.sqlite3"

    def open(self) -> None:
        with one_at_a_time():
            if not self.prepared.exists():
                self.make()
            with closing(sqlite3.connect(self.prepared)) as prepared:
                self.pristine = sqlite3.connect(":memory:", check_same_thread=False)
                prepared.backup(self.pristine)
        use(str(self.own))
        self.restore()

    def make(self) -> None:
        unfinished = self.prepared.with_suffix(".new")
        make(str(unfinished))
        for outdated in VAR.glob("prepared-*.sqlite3"):
            outdated.unlink()
        unfinished.rename(self.prepared)

    def restore(self) -> None:
        connection.ensure_connection()
        self.pristine.backup(connection.connection)

    def close(self) -> None:
        connection.close()
        for path in VAR.glob(f"{self.own.name}*"):
            path.unlink()


class PreparedTemplate:
    """PostgreSQL: a database of this run, the template of each process's own."""

    def __init__(self, run: str, process: str) -> None:
        # A name has 63 characters at most.
        self.prepared = f"test_{connection.settings_dict['NAME']}"[:40] + f"_{run[:8]}"
        self.own = f"{self.prepared}_{process}"

    def open(self) -> None:
        with one_at_a_time():
            if not self.databases_like(self.prepared):
                make(self.prepared)
            # In the same turn: between making and copying it nobody takes it away.
            connection.close()
            self.copy()
        use(self.own)

    def restore(self) -> None:
        connection.close()
        # A process that ends meanwhile must not find the template without a copy, and take it away as the last one.
        with it_stays():
            self.copy()

    def copy(self) -> None:
        self.execute(f'DROP DATABASE IF EXISTS "{self.own}" WITH (FORCE)')
        self.execute(f'CREATE DATABASE "{self.own}" TEMPLATE "{self.prepared}"')

    def close(self) -> None:
        connection.close()
        with one_at_a_time():
            self.execute(f'DROP DATABASE IF EXISTS "{self.own}" WITH (FORCE)')
            if self.databases_like(f"{self.prepared}%") == [self.prepared]:
                self.execute(f'DROP DATABASE "{self.prepared}"')

    def databases_like(self, pattern: str) -> list[str]:
        return [name for (name,) in self.execute("SELECT datname FROM pg_database WHERE datname LIKE %s", [pattern])]

    def execute(self, sql: str, values: list[str] | None = None) -> list[tuple]:
        with connection.creation._nodb_cursor() as cursor:
            cursor.execute(sql, values)
            return cursor.fetchall() if cursor.description else []


def another_database(run: str, process: str, fill: Callable[[], None]) -> PreparedFile | PreparedTemplate:
    """One more copy, for a server that a test starts, which commits as it likes. To be closed.

    ``fill`` is called while it is in use.
    """
    main = connection.settings_dict["NAME"]
    beside = prepared_database(run, process)
    beside.open()
    try:
        fill()
    finally:
        use(main)
    return beside
