"""A real replica: what people wrote they see, what was withdrawn holds at once, and it may go away at any time.

The tests start a PostgreSQL, a replica that streams from it, and a site on both. Replaying is paused where a replica
that lags is needed.
"""

import json
import re
import sys
from types import SimpleNamespace
from urllib.parse import urlencode
from urllib.request import Request, urlopen

import psycopg
import pytest

from tests.support.api import QUESTION
from tests.support.browsing import Browser
from tests.support.own_server import in_the_run_on_postgresql, own_servers
from tests.support.processes import wait_until
from tests.support.sites import Site

pytestmark = [
    pytest.mark.concurrency,
    pytest.mark.skipif(sys.platform != "linux", reason="reads /proc"),
    in_the_run_on_postgresql,
]

BEGIN = """
import json
from disclosures.reporters.actions import create_reporter
from tests.support.asking import answer, ask
from tests.support.events import bookings
from tests.support.people import client_of, make_user
reporter, secret = create_reporter(code="travel", title="Travel", services=["jalan", "hotpepper-gourmet"])
hanako = make_user("hanako")
bookings(reporter, 3)
decision = answer(hanako, ask(hanako, reporter), "name", "usage").id
print(json.dumps([reporter.client_id, secret, str(decision), client_of(hanako).cookies["sessionid"].value]))
"""
WITHHOLD = """
from datetime import timedelta
from django.utils import timezone
from disclosures.models import Disclosure, WithholdingGround
from disclosures.officers.withholding_actions import withhold_disclosure
from tests.support.people import make_user
withhold_disclosure(disclosure=Disclosure.objects.get(event_id="booking-1"), ground=WithholdingGround.HARM,
                    until=timezone.now() + timedelta(days=9), reason="an order", by=make_user("officer", is_staff=True))
"""
EXPORT = """
from consents.exports.actions import Wanted, request_export
from consents.models import Export
from privacycenter.models import User
from privacycenter.operation.metrics import _replica_reads
from privacycenter.outbox.working import work_off
hanako = User.objects.with_subject("subject-hanako")
export = request_export(wanted=Wanted("csv", "", "ja", 3), by=hanako)
work_off()
export.refresh_from_db()
print(export.ready_at is not None, _replica_reads.labels("exports", "replica", "")._value.get())
"""


@pytest.fixture(scope="module")
def streaming(django_db_setup):
    with own_servers() as servers:
        primary = servers("wal_level=replica", "max_wal_senders=4", "fsync=off")
        primary.fill()
        replica = servers.replica_of(primary)
        site = Site(primary.url, DATABASE_REPLICA_URL=replica.url, DJANGO_SETTINGS_MODULE="tests.settings")
        *client, decision, session = json.loads(site.script(BEGIN))
        yield SimpleNamespace(
            primary=primary, replica=replica, site=site, url=site.serve(), session=session, decision=decision,
            client=client,
        )  # fmt: skip
        site.stop()


@pytest.fixture
def two(streaming):
    """All of it, with a replica that keeps up, and a browser of hanako's that has written nothing."""
    streaming.browser = Browser(streaming.url, streaming.session)
    wait_until(lambda: keeps_up(streaming))
    yield streaming
    if streaming.replica.process.poll() is None:
        execute(streaming.replica, "SELECT pg_wal_replay_resume()")


def execute(server, statement):
    with psycopg.connect(server.url, autocommit=True) as own:
        return own.execute(statement).fetchone()[0]


def keeps_up(two) -> bool:
    at = execute(two.primary, "SELECT pg_current_wal_flush_lsn()::text")
    return execute(two.replica, f"SELECT pg_last_wal_replay_lsn() >= '{at}'::pg_lsn")


def paused(two) -> None:
    execute(two.replica, "SELECT pg_wal_replay_pause()")
    wait_until(lambda: execute(two.replica, "SELECT pg_get_wal_replay_pause_state()") == "paused")


def metrics(two) -> str:
    with urlopen(f"{two.url}/metrics", timeout=30) as answer:
        return answer.read().decode()


def counted(two, database, reason="") -> float:
    line = f'privacycenter_replica_reads_total{{database="{database}",reader="pages",reason="{reason}"}} '
    found = [each for each in metrics(two).splitlines() if each.startswith(line)]
    return float(found[0].rpartition(" ")[2]) if found else 0.0


def allowed(two) -> bool:
    with urlopen(f"{two.url}/api/v1/token", urlencode({
        "grant_type": "client_credentials", "client_id": two.client[0], "client_secret": two.client[1],
    }).encode(), timeout=30) as answer:  # fmt: skip
        token = json.loads(answer.read())["access_token"]
    question = json.dumps(QUESTION | {"items": ["name"]}).encode()
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    with urlopen(Request(f"{two.url}/api/v1/permission-checks", question, headers), timeout=30) as answer:
        return json.loads(answer.read())["allowed"]


HIDING = ("/my/recipients/minato-inn/", "/my/recipients/minato-inn/visibility/")


def hide(browser, hidden) -> int:
    return browser.submit(*HIDING, hidden=hidden)[0]


def test_pages_are_read_from_the_replica_and_what_was_written_is_seen_although_it_lags(two):
    before = counted(two, "replica")
    assert two.browser.open("/my/disclosures/")[0] == 200
    assert counted(two, "replica") == before + 1
    _status, shown = two.browser.open("/my/recipients/minato-inn/")
    paused(two)
    assert hide(two.browser, "1") == 302 and "seen" in two.browser.cookies
    behind = counted(two, "primary", "behind")
    assert two.browser.open("/my/recipients/minato-inn/")[1] != shown
    assert counted(two, "primary", "behind") == behind + 1
    # The replica still says what was: another browser of hers, which has written nothing, reads it there.
    assert form_of(two.browser.as_stranger_to_its_writes().open("/my/recipients/minato-inn/")[1]) == form_of(shown)


def form_of(page) -> str:
    return re.search(r'id="visibility".*?</form>', re.sub(r'value="[^"]{30,}"', "", page), re.S).group(0)


def test_browser_goes_back_to_the_replica_once_that_has_what_it_wrote(two):
    hide(two.browser, "0")
    wait_until(lambda: keeps_up(two))
    before = counted(two, "replica")
    two.browser.open("/my/")
    assert counted(two, "replica") == before + 1


def test_what_the_replica_does_not_know_yet_is_looked_for_on_the_primary(two):
    paused(two)
    new = two.site.script(
        "from disclosures.models import Reporter; from privacycenter.models import User; from tests.support.asking import ask\n"
        "print(ask(User.objects.with_subject('subject-hanako'), Reporter.objects.get()).id)"
    ).strip()
    assert two.browser.open(f"/my/requests/{new}/")[0] == 200
    assert two.browser.open("/my/requests/01a20000-0000-7000-8000-000000000000/")[0] == 404


def test_withdrawal_holds_in_the_next_check_although_the_replica_lags(two):
    assert allowed(two)
    paused(two)
    decision = f"/my/decisions/{two.decision}/"
    assert two.browser.submit(decision, f"{decision}withdrawals/")[0] == 302
    assert not allowed(two)


def test_file_to_take_home_and_verification_are_read_from_the_replica(two):
    assert two.site.script(EXPORT).split() == ["True", "1.0"]
    said = two.site.manage("verify_ledger")
    assert "Read from the replica" in said and "Everything is as it was written." in said


def test_replica_that_stops_is_left_alone_and_read_again_when_it_is_back(two):
    two.browser.open("/my/")
    two.replica.stop()
    assert {two.browser.open("/my/disclosures/")[0] for _ in range(5)} == {200}
    assert counted(two, "primary", "away") >= 4
    assert "privacycenter_replica_up 0.0" in metrics(two)
    assert sum("The replica is not read until it is back" in line for line in two.site.said) == 1
    with urlopen(f"{two.url}/readyz", timeout=30) as answer:
        assert answer.status == 200
    two.replica.start()
    wait_until(lambda: "privacycenter_replica_up 1.0" in metrics(two))
    before = counted(two, "replica")
    assert two.browser.open("/my/disclosures/")[0] == 200
    assert counted(two, "replica") == before + 1 and "privacycenter_replica_lag_bytes" in metrics(two)


def test_what_is_withheld_is_nowhere_at_once_although_the_replica_lags(two):
    shown = disclosures_on(two.browser.open("/my/disclosures/")[1])
    paused(two)
    two.site.script(WITHHOLD)
    assert len(disclosures_on(two.browser.open("/my/disclosures/")[1])) == len(shown) - 1
    execute(two.replica, "SELECT pg_wal_replay_resume()")
    wait_until(lambda: keeps_up(two))
    # Of her nothing is read from the replica any more, also when that knows of it.
    wait_until(lambda: two.browser.open("/my/disclosures/")[0] == 200 and counted(two, "primary", "exempt") > 0)


def disclosures_on(page) -> set[str]:
    return set(re.findall(r"/my/disclosures/([0-9a-f-]{36})/", page))


def test_database_that_is_no_replica_is_not_read(two):
    lone = Site(two.primary.url, DATABASE_REPLICA_URL=two.primary.url)
    said = lone.script("from privacycenter.replica.state import replica; print(replica.why_not())")
    assert said.split()[-1] == "away"
