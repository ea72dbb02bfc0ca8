"""The database of the tests: made once, with its tables and the content, and copied for each process that runs tests.

A test that commits is followed by the same copying. On SQLite what was made stays in ``var/`` until something that it
was made by changes; on PostgreSQL it goes with the run.
"""

import fcntl
import hashlib
import os
import sqlite3
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
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
    with lock_of_the_engine().open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@contextmanager
def it_stays() -> Iterator[None]:
    """Nobody makes or removes a prepared database; others may copy it at the same time."""
    with lock_of_the_engine().open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_SH)
        yield


def lock_of_the_engine() -> Path:
    """The runs on both engines go on side by side, and neither waits for what the other makes."""
    return VAR / f"prepared-{connection.vendor}.lock"


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


def make(name: str, once_it_has_tables: Callable[[], None] = lambda: None) -> None:
    connection.settings_dict["TEST"]["NAME"] = name
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    connection.close()
    once_it_has_tables()
    load_world()
    connection.close()


def use(name: str) -> None:
    connection.close()
    settings.DATABASES["default"]["NAME"] = connection.settings_dict["NAME"] = name


def prepared_database(run: str, process: str) -> "PreparedFile | PreparedTemplate | PreparedOnCitus":
    """``run``: what all processes of this run of the tests share. ``process``: the name of this one in it."""
    if os.environ.get("ON_CITUS"):
        return PreparedOnCitus(run, process)
    return (PreparedFile if connection.vendor == "sqlite" else PreparedTemplate)(run, process)


def copy_database(source: Path, target: Path) -> None:
    with closing(sqlite3.connect(source)) as here, closing(sqlite3.connect(target)) as there:
        here.backup(there)


def copy_tables(target: Path) -> bool:
    """Make an SQLite database with all tables and no content, for a program that a test starts. False, and nothing, in
    a run on another engine: migrate it then.
    """
    if connection.vendor != "sqlite":
        return False
    with it_stays():
        copy_database(VAR / f"prepared-{fingerprint()}.tables", target)
    return True


def copy_world(target: Path | str) -> None:
    """Make a database with what every test begins with, for a program that a test starts.

    ``target``: a file on SQLite, on PostgreSQL the name of a database, which goes if it is there.
    """
    with it_stays():
        if connection.vendor == "sqlite":
            copy_database(VAR / f"prepared-{fingerprint()}.sqlite3", Path(target))
        else:
            copy_template(connection.settings_dict["NAME"].rpartition("_")[0], str(target))


def on_the_server(sql: str, values: list[str] | None = None) -> list[tuple]:
    """PostgreSQL, from a database that is nobody's."""
    with connection.creation._nodb_cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall() if cursor.description else []


def copy_template(source: str, target: str) -> None:
    on_the_server(f'DROP DATABASE IF EXISTS "{target}" WITH (FORCE)')
    on_the_server(f'CREATE DATABASE "{target}" TEMPLATE "{source}"')


class PreparedFile:
    """SQLite: a file that is copied page by page, into a database that others may have open at the time."""

    def __init__(self, run: str, process: str) -> None:
        self.prepared, self.own = VAR / f"prepared-{fingerprint()}.sqlite3", VAR / f"test-{run}-{process}.sqlite3"

    def open(self) -> None:
        with one_at_a_time():
            if not (self.prepared.exists() and self.prepared.with_suffix(".tables").exists()):
                self.make()
            with closing(sqlite3.connect(self.prepared)) as prepared:
                self.pristine = sqlite3.connect(":memory:", check_same_thread=False)
                prepared.backup(self.pristine)
        use(str(self.own))
        self.restore()

    def make(self) -> None:
        unfinished, tables = self.prepared.with_suffix(".new"), self.prepared.with_suffix(".tables")
        make(str(unfinished), lambda: copy_database(unfinished, tables.with_suffix(".new-tables")))
        for outdated in [*VAR.glob("prepared-*.sqlite3"), *VAR.glob("prepared-*.tables")]:
            outdated.unlink()
        tables.with_suffix(".new-tables").rename(tables)
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
        copy_template(self.prepared, self.own)

    def close(self) -> None:
        connection.close()
        with one_at_a_time():
            on_the_server(f'DROP DATABASE IF EXISTS "{self.own}" WITH (FORCE)')
            if self.databases_like(f"{self.prepared}%") == [self.prepared]:
                on_the_server(f'DROP DATABASE "{self.prepared}"')

    def databases_like(self, pattern: str) -> list[str]:
        return [name for (name,) in on_the_server("SELECT datname FROM pg_database WHERE datname LIKE %s", [pattern])]


class PreparedOnCitus:
    """PostgreSQL with Citus (``TEST_CITUS_URL``): a database of each process, whose tables are spread after migrating.

    One that is spread cannot be the template of another, so it is made each time, and emptied and filled after a test
    that commits. All parts lie on the server itself.
    """

    def __init__(self, run: str, process: str) -> None:
        self.own = f"test_{connection.settings_dict['NAME']}"[:40] + f"_{run[:8]}_{process}"
        self.main = connection.settings_dict["NAME"]

    def open(self) -> None:
        with one_at_a_time():
            make(self.own, spread)
        use(self.own)

    def restore(self) -> None:
        call_command("flush", interactive=False, verbosity=0)
        load_world()

    def close(self) -> None:
        connection.close()
        with connection.creation._nodb_cursor() as cursor:
            cursor.execute(f'DROP DATABASE IF EXISTS "{self.own}" WITH (FORCE)')


def spread() -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE EXTENSION IF NOT EXISTS citus")
    call_command("distribute", single_node=True, verbosity=0)
    connection.close()


Prepared = PreparedFile | PreparedTemplate | PreparedOnCitus


def another_database(run: str, process: str, fill: Callable[[], None]) -> Prepared:
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
