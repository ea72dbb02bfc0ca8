"""The drill: dump, go on, restore. Whoever was ahead is told so, and what somebody still has comes back."""

import json
import sys
import time

import pytest
from privacycenter_client import Flushed, ReporterClient

from tests.support.api import QUESTION, cloud_event
from tests.support.own_sites import own_site
from tests.support.processes import wait_until
from tests.support.sites import PREPARE

pytestmark = [
    pytest.mark.concurrency,
    pytest.mark.skipif(sys.platform != "linux", reason="reads /proc"),
]
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


@pytest.fixture
def site(db, tmp_path):
    made = own_site(tmp_path)
    yield made
    made.remove()


def report(client, *ids) -> Flushed:
    for id in ids:
        client.report(id, subject="subject-hanako", data=cloud_event()["data"])
    return client.flush()


def follow(client, told, count) -> None:
    """Read until so many entries were told: the worker needs a moment."""
    wait_until(lambda: client.follow(told.append) is not None and len(told) >= count)


def test_nothing_is_lost_by_a_restore_that_somebody_still_has(site, tmp_path):
    client_id, secret = json.loads(site.script(PREPARE))
    client = ReporterClient(site.serve(), client_id, secret, outbox=str(tmp_path / "o.sqlite3"), sleep=time.sleep)
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
    assert told[-1]["number"] == 2 and told[-1]["epoch"] and client.outbox.cursor() == f"{told[-1]['epoch']}.2"
    stored = site.script(
        "from disclosures.models import Disclosure; print(sorted(Disclosure.objects.values_list('event_id', flat=True)))"
    )
    assert stored.strip() == "['a', 'b', 'c', 'd']"
    assert "Everything is as it was written." in site.manage("verify_ledger")
