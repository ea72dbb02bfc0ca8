"""Two machines on one database and one store: one of them is killed in the middle of everything, the other goes on.

Each machine is a server and a worker in processes and folders of their own. What was acknowledged must be there once,
whoever acknowledged it, and nothing may lie on the machine that is gone.
"""

import json
import shutil
import sys
import threading
from contextlib import suppress
from http.client import HTTPException
from itertools import count
from urllib.request import Request, urlopen

import boto3
import pytest
from django.conf import settings
from django.test import override_settings
from django.utils import timezone
from moto.server import ThreadedMotoServer

from consents.exports.actions import HOLD, Wanted, request_export
from consents.models import Decision, Export, Notice, NoticeKind
from disclosures.models import Disclosure, Recipient
from disclosures.publishing.actions import publish_content
from privacycenter.models import OutboxRow
from privacycenter.storage.address import storage_of
from tests.support.api import Api, cloud_event
from tests.support.asking import ask
from tests.support.browsing import Browser
from tests.support.commands import verify
from tests.support.database import address_of_test_database
from tests.support.exports import confirmed
from tests.support.own_server import in_the_run_on_postgresql
from tests.support.people import make_user
from tests.support.processes import wait_until
from tests.support.sites import Site

pytestmark = [
    pytest.mark.concurrency,
    pytest.mark.skipif(sys.platform != "linux", reason="reads /proc"),
    in_the_run_on_postgresql,
]
BATCH_TYPE = "application/cloudevents-batch+json"
PEOPLE, BATCHES = 12, 30


@pytest.fixture
def store():
    """A store that speaks S3, empty."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    address = "127.0.0.1:{1}".format(*server.get_host_and_port())
    keys = {"aws_access_key_id": "key", "aws_secret_access_key": "geheim", "region_name": "us-east-1"}
    client = boto3.client("s3", endpoint_url=f"http://{address}", **keys)
    client.create_bucket(Bucket="machines")
    yield f"s3+http://key:geheim@{address}/machines?region=us-east-1"
    client.close()
    server.stop()


@pytest.fixture
def machines(world, store, tmp_path):
    """Two, each with a folder of its own, on the tests' database."""
    made = []
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        more = {"STORAGE_URL": store, "TMPDIR": str(tmp_path / name), "HOME": str(tmp_path / name)}
        made.append(Site(address_of_test_database(), DJANGO_SETTINGS_MODULE="tests.settings", **more))
    for machine in made:
        machine.url = machine.serve("--threads=4")
    yield made
    for machine in made:
        machine.stop()


class Balancer:
    """Asks one machine after the other, and leaves out the one that is gone."""

    def __init__(self, machines) -> None:
        self.urls, self.turn = [machine.url for machine in machines], count()

    def __call__(self) -> str:
        return self.urls[next(self.turn) % len(self.urls)]


class Service(threading.Thread):
    """Reports one batch after the other. What is not acknowledged it sends again, to the next machine."""

    def __init__(self, balancer, token, name) -> None:
        super().__init__(daemon=True)
        self.balancer, self.token, self.called = balancer, token, name
        self.acknowledged: list[str] = []

    def run(self) -> None:
        for number in range(BATCHES):
            ids = [f"{self.called}-{number}-{n}" for n in range(10)]
            while not self.is_sent(ids):
                pass
            self.acknowledged += ids

    def is_sent(self, ids) -> bool:
        body = json.dumps([cloud_event(id, subject=f"subject-{self.called}") for id in ids]).encode()
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": BATCH_TYPE}
        with suppress(OSError, HTTPException):
            with urlopen(Request(f"{self.balancer()}/api/v1/disclosures", body, headers), timeout=30) as answer:
                results = json.loads(answer.read())["results"]
            return {result["status"] for result in results} <= {"created", "duplicate"}
        return False


class Deciding(threading.Thread):
    """People answer, one after the other: where a machine is gone, they look at the page again on the next one."""

    def __init__(self, balancer, people) -> None:
        super().__init__(daemon=True)
        self.balancer, self.people, self.answered = balancer, people, []

    def run(self) -> None:
        for browser, request in self.people:
            while not self.is_answered(browser, f"/my/requests/{request}/"):
                pass
            self.answered.append(request)

    def is_answered(self, browser, path) -> bool:
        browser.url = self.balancer()
        with suppress(OSError, HTTPException):
            try:
                return (
                    browser.submit(path, f"{path}decisions/", allowed=["name"], valid_days="30", answer="allow")[0]
                    == 302
                )
            except LookupError:
                # The answer arrived, and what was said to it got lost: the page asks no more.
                return True
        return False


def leases_are_over(killed_at) -> None:
    """As a minute or two later: what the killed worker held comes back.

    The other worker takes what is free, one after the other: when nothing is, what it held before is done.
    """
    OutboxRow.objects.filter(leased_until__isnull=False).update(leased_until=None)
    wait_until(lambda: not Export.objects.being_made().filter(held_until=None).exists())
    Export.objects.filter(held_until__lte=killed_at + HOLD).update(held_until=None)


def session_of(person) -> str:
    """The key of a session in which the password was just asked for once more."""
    return confirmed(person).cookies["sessionid"].value


def feed_of(url, token) -> list[dict]:
    with urlopen(
        Request(f"{url}/api/v1/decisions", headers={"Authorization": f"Bearer {token}"}), timeout=30
    ) as answer:
        return json.loads(answer.read())["data"]


def test_nothing_is_lost_and_nothing_twice_when_one_of_two_machines_is_killed(machines, reporter, tmp_path, store):
    people = [make_user(f"person-{n}") for n in range(PEOPLE)]
    browsers = [Browser("", session_of(person)) for person in people]
    requests = [str(ask(person, reporter).id) for person in people]
    exports = [request_export(wanted=Wanted("json", "", "ja", 0), by=person) for person in people]
    token, balancer = Api(reporter).token, Balancer(machines)
    services = [Service(balancer, token, name) for name in ("a", "b")]
    deciding = Deciding(balancer, zip(browsers, requests, strict=True))
    for thread in (*services, deciding):
        thread.start()
    wait_until(lambda: len(deciding.answered) >= 2 and all(len(service.acknowledged) >= 50 for service in services))

    machines[0].stop()
    killed_at = timezone.now()
    shutil.rmtree(tmp_path / "one")
    balancer.urls.remove(machines[0].url)
    for thread in (*services, deciding):
        thread.join()
    leases_are_over(killed_at)
    wait_until(lambda: not Export.objects.being_made().exists())
    wait_until(lambda: not OutboxRow.objects.filter(due_at__lte=timezone.now()).exists())

    # Each report once, each answer once and in the order of one feed, each file once and told once.
    acknowledged = [id for service in services for id in service.acknowledged]
    assert sorted(Disclosure.objects.values_list("event_id", flat=True)) == sorted(acknowledged)
    assert sorted(str(one.request_id) for one in Decision.objects.all()) == sorted(requests)
    assert [entry["number"] for entry in feed_of(machines[1].url, token)] == list(range(1, PEOPLE + 1))
    assert Notice.objects.filter(kind=NoticeKind.EXPORT_READY).count() == PEOPLE
    # The other machine hands over every file, whichever of them made it.
    for browser, export in zip(browsers, exports, strict=True):
        browser.url = machines[1].url
        status, body = browser.submit(f"/my/export/{export.id}/", f"/my/export/{export.id}/file/")
        assert status == 200 and json.loads(body)
    with override_settings(STORAGES={**settings.STORAGES, "kept": storage_of(store, is_production=False)}):
        assert "Everything is as it was written." in verify()


def test_what_one_machine_changes_the_other_shows_at_once(machines, reporter, hanako):
    one, two = (Browser(machine.url, session_of(hanako)) for machine in machines)
    page = "/recipients/abroad/"
    assert [one.open(page)[0], two.open(page)[0], two.open(page)[0]] == [200, 200, 200]
    # A page that both have in memory, published anew; an answer; and the end of a session.
    Recipient.objects.filter(code="northwind-analytics").update(title="北風アナリティクス")
    publish_content(by=None, reason="renamed")
    assert all("北風アナリティクス" in browser.open(page)[1] for browser in (one, two, one))
    request = f"/my/requests/{ask(hanako, reporter).id}/"
    assert one.submit(request, f"{request}decisions/", allowed=["name"], valid_days="30", answer="allow")[0] == 302
    with pytest.raises(LookupError):
        two.submit(request, f"{request}decisions/")
    two.cookies["sessionid"] = one.cookies["sessionid"]
    assert two.open("/my/")[0] == 200
    one.submit("/accounts/logout/", "/accounts/logout/")
    assert two.open("/my/")[0] == 302
