"""The Python client against a site that is served: a service that is killed loses nothing, and a CI needs no browser."""

import json
import os
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta

import pytest
from django.conf import settings
from privacycenter_client import ReporterClient, Sandbox, ServiceError

from tests.support.api import QUESTION, cloud_event
from tests.support.own_sites import own_site
from tests.support.processes import wait_until
from tests.support.sites import PREPARE

pytestmark = [
    # What is killed is the client.
    pytest.mark.once,
    pytest.mark.skipif(sys.platform != "linux", reason="reads /proc"),
]
BEGIN_SANDBOX = """
from privacycenter.sandbox.actions import begin_or_refuse
begin_or_refuse()
"""
A_SERVICE = """
import itertools, json, sys
from privacycenter_client import ReporterClient
api, client_id, secret, outbox, data = sys.argv[1:]
client = ReporterClient(api, client_id, secret, outbox=outbox, source="https://booking.example/")
for number in itertools.count():
    client.report(f"e{number}", subject="subject-hanako", data=json.loads(data))
    print(number, flush=True)
    if number % 40 == 39:
        client.flush()
"""


@pytest.fixture
def site(db, tmp_path):
    made = own_site(tmp_path)
    yield made
    made.remove()


@pytest.fixture
def sandbox_site(db, tmp_path):
    made = own_site(tmp_path, SANDBOX="1")
    yield made
    made.remove()


def client_of(site, tmp_path, prepare=PREPARE):
    client_id, secret = json.loads(site.script(prepare))
    return ReporterClient(site.serve(), client_id, secret, outbox=str(tmp_path / "o.sqlite3"), sleep=time.sleep)


def test_service_that_is_killed_at_work_loses_no_event(site, tmp_path):
    client = client_of(site, tmp_path)
    kept = set()
    for lines in (30, 95, 50):  # before the first call, and amid later ones
        command = [sys.executable, "-c", A_SERVICE, client.api, client.client_id, client.secret,
                   str(tmp_path / "o.sqlite3"), json.dumps(cloud_event()["data"])]  # fmt: skip
        environment = {**os.environ, "PYTHONPATH": str(settings.BASE_DIR / "clients" / "python")}
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as service:
            for _line in range(lines):
                kept.add(f"e{int(service.stdout.readline())}")
            os.kill(service.pid, signal.SIGKILL)
    client.flush()
    assert client.waiting() == 0
    stored = json.loads(site.script(
        "import json; from disclosures.models import Disclosure\n"
        "print(json.dumps(list(Disclosure.objects.values_list('event_id', flat=True))))"
    ))  # fmt: skip
    assert kept <= set(stored) and len(stored) == len(set(stored))


def test_ci_of_a_service_tries_weeks_in_a_moment(sandbox_site, tmp_path):
    client = client_of(sandbox_site, tmp_path, prepare=BEGIN_SANDBOX + PREPARE)
    sandbox, told = Sandbox(client), []
    sandbox.person("kenji", name="健二", mails="daily")
    about = {**{name: QUESTION[name] for name in ("recipient", "service", "scenario")}, "subject": "kenji"}
    item = {"code": "name", "purpose": "集計のため", "consequence": "なくても利用できます"}

    def ask():
        return client.ask(**about, items=[item], expires_at=client.now() + timedelta(days=14), valid_days=90)

    # Nobody answers: the time runs out.
    first = ask()
    sandbox.forward(days=15)
    assert client.request(first["id"])["state"] == "expired"

    # Asked again, allowed, provided, withdrawn: the case has fourteen days.
    answered = sandbox.answer("kenji", ask()["id"], ["name"])
    assert client.is_allowed({**about, "items": ["name"]})
    data = {name: value for name, value in about.items() if name != "subject"}
    client.report("a", subject="kenji", data={**data, "items": ["name"], "ground": "approval"})
    assert client.flush().created == 1
    sandbox.forward(minutes=1)
    sandbox.withdraw("kenji", answered["decision"])
    assert not client.is_allowed({**about, "items": ["name"]})
    wait_until(lambda: client.follow(told.append) is not None and told and told[-1]["type"] == "decision.withdrawn")
    case = client.report_withdrawal_step(told[-1]["case"], "acknowledged")
    sandbox.forward(days=15)
    assert datetime.fromisoformat(case["due_at"]) < client.now()
    assert client.now() - datetime.now(UTC) > timedelta(days=30)

    # Refused and withdrawn, it is not asked again for ninety days.
    with pytest.raises(ServiceError):
        sandbox.withdraw("kenji", answered["decision"])
    earlier = ask()
    sandbox.forward(days=91)
    assert ask()["id"] != earlier["id"]
    assert all("[sandbox]" in one["subject_line"] for one in sandbox.mails("kenji")) and sandbox.mails("kenji")
    assert "Everything is as it was written." in sandbox_site.manage("verify_ledger")
