"""The drill: dump, go on, restore. Whoever was ahead is told so, and what somebody still has comes back."""

import json
import os
import shutil
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import psycopg
import pytest
from django.conf import settings
from django.db import connection

from tests.support.api import QUESTION, cloud_event
from tests.support.database import address_of_test_database
from tests.support.processes import kill_all, url_of, wait_until
from tests.support.reporter_client import example

pytestmark = [
    pytest.mark.concurrency,
    pytest.mark.skipif(sys.platform != "linux", reason="reads /proc"),
]
MANAGE = Path(settings.BASE_DIR) / "manage.py"

BEGIN = """
import django; django.setup()
"""
PREPARE = """
import json
from django.core.management import call_command
from disclosures.reporters.actions import create_reporter
from tests.support.content import load_world
call_command("migrate", verbosity=0)
load_world()
reporter, secret = create_reporter(code="travel", title="Travel", services=["jalan", "hotpepper-gourmet"])
print(json.dumps([reporter.client_id, secret]))
"""
ALLOW = """
from disclosures.models import Reporter
from tests.support.asking import answer, ask
from tests.support.people import make_user
from privacycenter.models import User
hanako = User.objects.with_subject("subject-hanako") or make_user("hanako")
answer(hanako, ask(hanako, Reporter.objects.get()), "name", "usage")
"""
WITHDRAW = """
from consents.asking.decision_actions import withdraw_decision
from consents.models import Decision
given = Decision.objects.filter(withdraws_id=None).get()
withdraw_decision(decision_id=given.id, language="ja", by=given.person)
"""


class Site:
    """One of its own: a database that can be dumped and restored, scripts on it, and a server."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.process = folder, None
        self.address = self.new_database()
        self.environment = {
            **os.environ, "DEMO": "1", "DATABASE_URL": self.address, "DJANGO_SETTINGS_MODULE": "privacycenter.settings",
        }  # fmt: skip

    def new_database(self) -> str:
        raise NotImplementedError

    def script(self, source: str) -> str:
        command = [sys.executable, "-W", "ignore", "-c", BEGIN + source]
        done = subprocess.run(
            command, env=self.environment, cwd=settings.BASE_DIR, check=True, capture_output=True, text=True
        )
        return done.stdout

    def manage(self, *arguments: str) -> str:
        command = [sys.executable, "-W", "ignore", MANAGE, *arguments]
        done = subprocess.run(command, env=self.environment, capture_output=True, text=True)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def serve(self) -> str:
        self.process = subprocess.Popen(
            [sys.executable, "-W", "ignore", MANAGE, "serve", "--port=0", "--workers=1"],
            env=self.environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        )  # fmt: skip
        return f"{url_of(self.process)}/api/v1"

    def stop(self) -> None:
        if self.process:
            kill_all(self.process)
            self.process.stdout.close()
            self.process = None

    def remove(self) -> None:
        self.stop()


class OnSQLite(Site):
    def new_database(self) -> str:
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


class OnPostgreSQL(Site):
    def new_database(self) -> str:
        self.name = f"{connection.settings_dict['NAME']}_restored"
        self.server = address_of_test_database()
        self.owner("DROP DATABASE IF EXISTS {0} WITH (FORCE)", "CREATE DATABASE {0}")
        return f"{self.server.rpartition('/')[0]}/{self.name}"

    def owner(self, *statements: str) -> None:
        with psycopg.connect(f"{self.server.rpartition('/')[0]}/postgres", autocommit=True) as own:
            for statement in statements:
                own.execute(statement.format(f'"{self.name}"'))

    def run(self, program: str, *arguments: str) -> None:
        if not shutil.which(program):
            pytest.skip(f"{program} is not installed")
        subprocess.run([program, *arguments], check=True, capture_output=True)

    def dump(self) -> None:
        self.run("pg_dump", "--format=custom", f"--file={self.folder / 'dump'}", self.address)

    def restore(self) -> None:
        self.owner("DROP DATABASE {0} WITH (FORCE)", "CREATE DATABASE {0}")
        self.run("pg_restore", f"--dbname={self.address}", str(self.folder / "dump"))

    def remove(self) -> None:
        super().remove()
        self.owner("DROP DATABASE IF EXISTS {0} WITH (FORCE)")


@pytest.fixture
def site(db, tmp_path):
    made = (OnPostgreSQL if connection.vendor == "postgresql" else OnSQLite)(tmp_path)
    yield made
    made.remove()


def report(client, *ids) -> "example.Flushed":
    for id in ids:
        client.report(id, subject="subject-hanako", data=cloud_event()["data"])
    return client.flush()


def follow(client, told, count) -> None:
    """Read until so many entries were told: the worker needs a moment."""
    wait_until(lambda: client.follow(told.append) is not None and len(told) >= count)


def test_nothing_is_lost_by_a_restore_that_somebody_still_has(site, tmp_path):
    client_id, secret = json.loads(site.script(PREPARE))
    client = example.ReporterClient(
        site.serve(), client_id, secret, outbox=str(tmp_path / "o.sqlite3"), sleep=time.sleep
    )
    told: list = []

    # What the backup has.
    assert report(client, "a", "b").created == 2
    site.script(ALLOW)
    follow(client, told, 1)
    wait_until(lambda: client.is_allowed(QUESTION | {"items": ["name"]}))
    site.dump()

    # What it has not: two reports that were acknowledged, and a withdrawal that the service was told of.
    assert report(client, "c", "d").created == 2
    site.script(WITHDRAW)
    follow(client, told, 2)
    assert [entry["type"] for entry in told] == ["decision.made", "decision.withdrawn"]
    site.stop()

    site.restore()
    said = site.manage("after_restore")
    assert "travel: its feed goes on after number 1" in said and "jalan: the newest report here came" in said
    client.api, client.token = site.serve(), ""

    # The service notices, keeps to the withdrawal although the operator has lost it, and sends again what is missing.
    assert client.follow(told.append) == 0 and len(told) == 2
    assert [entry["type"] for entry in client.lost()] == ["decision.withdrawn"]
    raw = client.call("POST", "/permission-checks", QUESTION | {"items": ["name"]})
    assert raw["allowed"] is True and not client.is_allowed(QUESTION | {"items": ["name"]})
    flushed = client.flush()
    assert (flushed.created, flushed.duplicates, flushed.conflicts, flushed.rejected) == (2, 2, 0, [])

    # The feed goes on in its new epoch, and the person withdraws again.
    site.script(WITHDRAW)
    follow(client, told, 3)
    assert told[-1]["number"] == 2 and told[-1]["epoch"] and client.cursor() == f"{told[-1]['epoch']}.2"
    stored = site.script(
        "from disclosures.models import Disclosure; print(sorted(Disclosure.objects.values_list('event_id', flat=True)))"
    )
    assert stored.strip() == "['a', 'b', 'c', 'd']"
    assert "Everything is as it was written." in site.manage("verify_ledger")
