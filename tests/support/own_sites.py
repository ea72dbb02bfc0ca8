"""A site of a test's own: a database that can be dumped and restored, scripts on it, and a server."""

import shutil
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

import psycopg
import pytest
from django.db import connection

from tests.support.database import address_of_test_database
from tests.support.prepared import copy_world
from tests.support.sites import Site


class OwnSite(Site):
    """One whose database begins with the world of the tests, and can be dumped and restored."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        super().__init__(self.new_database())

    def new_database(self) -> str:
        raise NotImplementedError

    def serve(self, *arguments: str) -> str:
        """Start the server and its worker. Return where its API is."""
        return f"{super().serve(*arguments)}/api/v1"


class OnSQLite(OwnSite):
    def new_database(self) -> str:
        copy_world(self.folder / "db.sqlite3")
        return f"sqlite:///{self.folder / 'db.sqlite3'}"

    def dump(self) -> None:
        """While it runs, as docs/operate.md says."""
        with (
            closing(sqlite3.connect(self.folder / "db.sqlite3")) as here,
            closing(sqlite3.connect(self.folder / "dump.sqlite3")) as there,
        ):
            here.backup(there)

    def restore(self) -> None:
        for leftover in ("db.sqlite3-wal", "db.sqlite3-shm"):
            (self.folder / leftover).unlink(missing_ok=True)
        shutil.copy(self.folder / "dump.sqlite3", self.folder / "db.sqlite3")


class OnPostgreSQL(OwnSite):
    def new_database(self) -> str:
        self.name = f"{connection.settings_dict['NAME']}_restored"
        self.server = address_of_test_database()
        copy_world(self.name)
        return f"{self.server.rpartition('/')[0]}/{self.name}"

    def owner(self, *statements: str) -> None:
        with psycopg.connect(f"{self.server.rpartition('/')[0]}/postgres", autocommit=True) as own:
            for statement in statements:
                own.execute(statement.format(f'"{self.name}"'))

    def run(self, program: str, *arguments: str) -> None:
        if not shutil.which(program):
            pytest.skip(f"{program} is not installed")
        done = subprocess.run([program, *arguments], capture_output=True, text=True)
        assert done.returncode == 0, done.stderr

    def dump(self) -> None:
        self.run("pg_dump", "--format=custom", f"--file={self.folder / 'dump'}", self.address)

    def restore(self) -> None:
        self.owner("DROP DATABASE {0} WITH (FORCE)", "CREATE DATABASE {0}")
        self.run("pg_restore", f"--dbname={self.address}", str(self.folder / "dump"))

    def remove(self) -> None:
        super().remove()
        self.owner("DROP DATABASE IF EXISTS {0} WITH (FORCE)")


def own_site(folder: Path, **environment: str) -> OwnSite:
    """One on the engine of the tests. ``environment``: settings of its own. Remove it at the end."""
    made = (OnPostgreSQL if connection.vendor == "postgresql" else OnSQLite)(folder)
    made.environment |= environment
    return made
