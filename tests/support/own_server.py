"""PostgreSQL servers that a test starts in temporary folders, and replicas of them.

Works as root on Debian, whose programs are not in PATH. Where they are missing the test is skipped, by name; with
CI=true it fails.
"""

import os
import pwd
import shutil
import subprocess
import tempfile
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import quote

import psycopg
import pytest
from django.db import connection

from tests.support.database import address_of_test_database
from tests.support.processes import kill_all, wait_until
from tests.support.sites import FILL, Site

# Each brings its own PostgreSQL, so it is the same test whatever the others run on: once is enough.
in_the_run_on_postgresql = pytest.mark.skipif(
    connection.vendor != "postgresql", reason="is tried once, in the run on PostgreSQL"
)


def missing(reason):
    """Without PostgreSQL's programs this cannot be tried: skipped here, a failure where everything has to be there."""
    (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(reason)


def programs() -> Path:
    """The folder of initdb and postgres: Debian keeps them out of PATH."""
    found = [Path(path) for path in [shutil.which("initdb")] if path]
    found = [*found, *sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), reverse=True)]
    folders = [path.resolve().parent for path in found if (path.resolve().parent / "postgres").exists()]
    return folders[0] if folders else missing("initdb is not installed (PostgreSQL's server programs)")


def server_user() -> str | None:
    """PostgreSQL does not run as root."""
    if os.getuid():
        return None
    for name in ("postgres", "nobody"):
        with suppress(KeyError):
            return pwd.getpwnam(name).pw_name
    return missing("there is no user but root to run PostgreSQL as")


class OwnServer:
    """A PostgreSQL in a temporary folder, reached by a socket there. ``options``: its settings."""

    def __init__(self, folder: Path, *options: str) -> None:
        self.bin, self.user, self.folder, self.options = programs(), server_user(), folder, options
        if self.user:
            shutil.chown(folder, self.user)
        self.run("initdb", "-D", folder / "data", "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-locale", "-N")
        self.url = f"postgresql://postgres@{quote(str(folder), safe='')}/postgres"
        self.start()

    def run(self, program, *arguments):
        command = [self.bin / program, *arguments]
        subprocess.run(command, check=True, capture_output=True, user=self.user, cwd=self.folder)

    def start(self) -> None:
        settings_ = ["listen_addresses=", f"unix_socket_directories={self.folder}", *self.options]
        command = [self.bin / "postgres", "-D", self.folder / "data", *(f"-c{one}" for one in settings_)]
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(command, stdout=log, stderr=log, user=self.user, cwd=self.folder)
        wait_until(self.answers)

    def answers(self) -> bool:
        with suppress(psycopg.OperationalError), psycopg.connect(self.url, connect_timeout=2):
            return True
        assert self.process.poll() is None, (self.folder / "log").read_text()
        return False

    def rows(self, query: str) -> list[tuple]:
        with psycopg.connect(self.url) as own:
            return own.execute(query).fetchall()

    def fill(self) -> None:
        """With what every test begins with: copied from this run's database, which is quicker than making it again."""
        copy = ["--no-sync", "--format=custom", f"--file={self.folder / 'world'}", address_of_test_database()]
        try:
            self.run("pg_dump", *copy)
            self.run("pg_restore", f"--dbname={self.url}", self.folder / "world")
        except subprocess.CalledProcessError:
            # These programs are older than that database's.
            Site(self.url).script(FILL)

    def stop(self) -> None:
        """As if its machine were switched off."""
        kill_all(self.process)

    def copied_to(self, folder: Path) -> "OwnServer":
        """A replica that follows this one, by ``pg_basebackup`` and streaming."""
        made = object.__new__(OwnServer)
        made.bin, made.user, made.folder, made.options = self.bin, self.user, folder, ()
        if self.user:
            shutil.chown(folder, self.user)
        made.url = f"postgresql://postgres@{quote(str(folder), safe='')}/postgres"
        made.run(
            "pg_basebackup", "-h", self.folder, "-U", "postgres", "-D", folder / "data", "-R", "-c", "fast", "--no-sync"
        )
        made.start()
        return made


class OwnServers:
    """Starts servers, each in a folder of its own with a short name: a socket's path is at most 107 bytes long."""

    def __init__(self) -> None:
        self.folders, self.started = [], []

    def folder(self) -> Path:
        self.folders.append(Path(tempfile.mkdtemp(prefix="pg-")))
        return self.folders[-1]

    def __call__(self, *options: str) -> OwnServer:
        self.started.append(OwnServer(self.folder(), *options))
        return self.started[-1]

    def replica_of(self, primary: OwnServer) -> OwnServer:
        self.started.append(primary.copied_to(self.folder()))
        return self.started[-1]


@contextmanager
def own_servers():
    servers = OwnServers()
    try:
        yield servers
    finally:
        for server in servers.started:
            server.stop()
        for folder in servers.folders:
            shutil.rmtree(folder, ignore_errors=True)
