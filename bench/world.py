"""A site for measurements: a database that is made, filled, served and dropped again."""

import json
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

ROOT = Path(__file__).resolve().parent.parent
# The PostgreSQL server. It must allow making and dropping databases called bench_….
POSTGRESQL = os.environ.get("BENCH_POSTGRESQL", "postgresql://postgres@127.0.0.1:5432")
ROWS_PER_PERSON = 10
SMALL, MIDDLE, LARGE = 10_000, 100_000, 10_000_000


def sizes(full: bool) -> tuple[int, int]:
    """Return the two sizes of the ledger to compare, in rows."""
    return (MIDDLE, LARGE) if full else (SMALL, MIDDLE)


def engines() -> list[str]:
    """Return the engines in ``BENCH_ENGINES``. PostgreSQL is left out, with a message, if no server responds."""
    wanted = os.environ.get("BENCH_ENGINES", "postgresql,sqlite").split(",")
    if "postgresql" in wanted:
        try:
            psycopg.connect(f"{POSTGRESQL}/postgres", connect_timeout=3).close()
        except psycopg.OperationalError as error:
            print(f"PostgreSQL is left out: {error}", file=sys.stderr)
            wanted.remove("postgresql")
    return wanted


@dataclass
class World:
    """A served site. ``facts``: the output of ``bench.fill``."""

    engine: str
    url: str
    rows: int
    people: int
    address: tuple[str, int]
    environment: dict[str, str]
    facts: dict[str, Any]

    @property
    def name(self) -> str:
        return f"{self.engine} {self.rows:,}"

    def token(self) -> str:
        """Return a token. It is valid for 15 minutes; ask again for each part."""
        body = {
            "grant_type": "client_credentials",
            "client_id": self.facts["client_id"],
            "client_secret": self.facts["client_secret"],
        }
        request = urllib.request.Request(
            f"http://{self.address[0]}:{self.address[1]}/api/v1/token", urllib.parse.urlencode(body).encode()
        )
        with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310
            return json.load(answer)["access_token"]

    def run(self, module: str, *arguments: str) -> str:
        """Run a module in the environment of this site. Return its output; what it logs is shown if it fails."""
        command = [sys.executable, "-m", module, *arguments]
        done = subprocess.run(command, cwd=ROOT, env=self.environment, capture_output=True, text=True)  # noqa: S603
        if done.returncode:
            sys.stderr.write(done.stderr)
            done.check_returncode()
        return done.stdout


def environment_of(url: str, folder: str) -> dict[str, str]:
    """Return the environment of a site that is measured: its database, and a folder for its files."""
    return {
        **os.environ,
        "DATABASE_URL": url,
        "BENCH_STATIC": str(Path(folder, "static")),
        "DJANGO_SETTINGS_MODULE": "bench.service_settings",
        "SECRET_KEY": "only-for-measuring-" * 4,
        "DEMO": "1",
    }


@contextmanager
def world(engine: str, rows: int) -> Iterator[World]:
    """Make, fill and serve a site with this many rows; at the end stop it and drop its database."""
    people = max(rows // ROWS_PER_PERSON, 100)
    with tempfile.TemporaryDirectory(prefix="bench-", dir=os.environ.get("BENCH_DIR")) as folder:
        url = make_database(engine, folder, rows)
        environment = environment_of(url, folder)
        made = World(engine, url, rows, people, ("127.0.0.1", free_port()), environment, {})
        try:
            prepare(made)
            with serving(made):
                yield made
        finally:
            drop_database(engine, url)


def make_database(engine: str, folder: str, rows: int) -> str:
    if engine == "sqlite":
        return f"sqlite:///{folder}/bench.sqlite3"
    name = f"bench_{os.getpid()}_{rows}"
    administer(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)', f'CREATE DATABASE "{name}"')
    return f"{POSTGRESQL}/{name}"


def drop_database(engine: str, url: str) -> None:
    if engine == "postgresql":
        administer(f'DROP DATABASE IF EXISTS "{url.rpartition("/")[2]}" WITH (FORCE)')


def administer(*statements: str) -> None:
    with psycopg.connect(f"{POSTGRESQL}/postgres", autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement)  # type: ignore[arg-type]  a name of our own making


def prepare(made: World) -> None:
    for command in (["migrate"], ["collectstatic", "--noinput"]):
        made.run("manage", *command)
    begun = time.perf_counter()
    made.facts = json.loads(made.run("bench.fill", str(made.rows), str(made.people)).splitlines()[-1])
    print(
        f"[{made.name}] {made.rows:,} rows of {made.people:,} people written in {made.facts['fill_seconds']:.0f} s "
        f"({made.facts['how']}), the whole site in {time.perf_counter() - begun:.0f} s",
        file=sys.stderr,
        flush=True,
    )


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


@contextmanager
def serving(made: World) -> Iterator[None]:
    """Run ``manage.py serve`` with its defaults, including the worker, until the block ends."""
    command = [sys.executable, "manage.py", "serve", "--port", str(made.address[1])]
    log = open(Path(tempfile.gettempdir(), f"bench-serve-{os.getpid()}-{made.address[1]}.log"), "w")  # noqa: SIM115  closed below
    child = subprocess.Popen(command, cwd=ROOT, env=made.environment, stdout=log, stderr=log)  # noqa: S603
    try:
        wait_until_it_answers(made, child)
        yield
    finally:
        child.terminate()
        child.wait(timeout=60)
        log.close()
        os.unlink(log.name)


def wait_until_it_answers(made: World, child: subprocess.Popen) -> None:
    for _try in range(600):
        if child.poll() is not None:
            raise RuntimeError(f"The server ended with status {child.returncode}.")
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{made.address[1]}/healthz", timeout=5).close()
            return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError("The server does not answer.")
