"""What was acknowledged stays, whatever is killed: the server, or the database under it.

The tests kill processes of their own with SIGKILL while batches are under way. For the database they start a PostgreSQL
of their own in a temporary folder. NEGATIVE_CONTROL=1 also runs that test with ``synchronous_commit=off``, where the
database acknowledges what it has not written yet: acknowledged events must then be missing, or the test would prove
nothing.
"""

import json
import os
import subprocess
import sys
import threading
from contextlib import suppress
from http.client import HTTPException
from pathlib import Path
from urllib.request import Request, urlopen

import pytest
from django.conf import settings
from django.db import connection

from disclosures.models import Disclosure
from tests.support.api import Api, cloud_event
from tests.support.database import address_of_test_database
from tests.support.own_server import OwnServer
from tests.support.processes import kill_all, url_of, wait_until

pytestmark = [
    pytest.mark.concurrency,
    pytest.mark.skipif(sys.platform != "linux", reason="reads /proc"),
]
MANAGE = Path(settings.BASE_DIR) / "manage.py"
BATCH_TYPE = "application/cloudevents-batch+json"
ENOUGH_BATCHES = 12


# --- The server -------------------------------------------------------------------------------------------------------


@pytest.fixture
def server(world):
    """``manage.py serve`` on the tests' own database."""
    environment = {**os.environ, "DEMO": "1", "DATABASE_URL": address_of_test_database()}
    process = subprocess.Popen(
        [sys.executable, "-W", "ignore", MANAGE, "serve", "--port=0", "--workers=2"],
        env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip
    yield process
    kill_all(process)
    process.stdout.close()


class Sender(threading.Thread):
    """Sends one batch after the other until the server is gone. Keeps the ids of what was acknowledged."""

    def __init__(self, url, token, name):
        super().__init__(daemon=True)
        self.url, self.token, self.sender_name = f"{url}/api/v1/disclosures", token, name
        self.acknowledged = []

    def run(self):
        number = 0
        with suppress(OSError, HTTPException):
            while True:
                self.acknowledged += self.send([f"{self.sender_name}-{number}-{n}" for n in range(20)])
                number += 1

    def send(self, ids):
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": BATCH_TYPE}
        body = json.dumps([cloud_event(id, subject=f"load-{self.sender_name}") for id in ids]).encode()
        with urlopen(Request(self.url, body, headers), timeout=30) as answer:
            results = json.loads(answer.read())["results"]
        return [result["id"] for result in results if result["status"] == "created"]


def test_every_acknowledged_event_is_there_after_the_server_was_killed(server, reporter):
    url, token = url_of(server), Api(reporter).token
    senders = [Sender(url, token, str(n)) for n in range(3)]
    for sender in senders:
        sender.start()
    wait_until(lambda: sum(len(sender.acknowledged) for sender in senders) >= ENOUGH_BATCHES * 20)
    kill_all(server)
    for sender in senders:
        sender.join()
    acknowledged = {id for sender in senders for id in sender.acknowledged}
    stored = list(Disclosure.objects.values_list("event_id", flat=True))
    assert len(acknowledged) >= ENOUGH_BATCHES * 20
    assert acknowledged <= set(stored)
    assert len(stored) == len(set(stored))


# --- The database -----------------------------------------------------------------------------------------------------

PREPARE = """
import django; django.setup()
from django.core.management import call_command
from disclosures.reporters.actions import create_reporter
for command in ("migrate", "load_content", "publish_content"):
    call_command(command, verbosity=0)
from disclosures.models import Country, Recipient
Recipient.objects.create(code="minato-inn", title="湯宿 みなと", country=Country.objects.get(code="JP"), position=1)
create_reporter(code="load", title="Load", services=["jalan"])
"""
WRITE = """
import django; django.setup()
from itertools import count
from disclosures.ledger.recording import record_disclosures
from disclosures.models import Reporter
from tests.support.events import an_event
reporter = Reporter.objects.get(code="load")
for number in count():
    events = [an_event(f"{number}-{n}", subject="load") for n in range(20)]
    results = record_disclosures(events=events, by=reporter)
    print(" ".join(result.event_id for result in results if result.status == "created"), flush=True)
"""


# It brings its own PostgreSQL, so it is the same test whatever the others run on.
once = pytest.mark.skipif(connection.vendor == "postgresql", reason="is tried once, in the run on SQLite")


def killed_under_load(server: OwnServer) -> tuple[set[str], list[str]]:
    """The events that were acknowledged until the database was killed, and those that are there after its recovery."""
    environment = {**os.environ, "DEMO": "1", "DATABASE_URL": server.url, "DJANGO_SETTINGS_MODULE": "tests.settings"}
    command = [sys.executable, "-W", "ignore", "-c"]
    subprocess.run([*command, PREPARE], env=environment, cwd=settings.BASE_DIR, check=True)
    writer = subprocess.Popen(
        [*command, WRITE], env=environment, cwd=settings.BASE_DIR,
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
    )  # fmt: skip
    acknowledged: set[str] = set()
    for number, line in enumerate(writer.stdout, 1):
        acknowledged |= set(line.split())
        if number == ENOUGH_BATCHES:
            kill_all(server.process)
    writer.wait()
    writer.stdout.close()
    server.start()
    return acknowledged, [id for (id,) in server.rows("SELECT event_id FROM disclosures_disclosure")]


@once
def test_every_acknowledged_event_is_there_after_the_database_was_killed(own_server):
    acknowledged, stored = killed_under_load(own_server())
    assert len(acknowledged) >= ENOUGH_BATCHES * 20
    assert acknowledged <= set(stored)
    assert len(stored) == len(set(stored))


@pytest.mark.skipif(not os.environ.get("NEGATIVE_CONTROL"), reason="set NEGATIVE_CONTROL=1 to see the test above fail")
def test_database_that_acknowledges_too_early_loses_events(own_server):
    """The writer of the log sleeps for ten seconds, so what is acknowledged meanwhile is nowhere but in memory."""
    acknowledged, stored = killed_under_load(own_server("synchronous_commit=off", "wal_writer_delay=10s"))
    assert acknowledged - set(stored)
