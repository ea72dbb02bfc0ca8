"""The Python client against the live server, and against one that fails in between: no event is lost."""

import io
import json
import sqlite3
import threading
import urllib.error
import urllib.request
from datetime import UTC, datetime, timedelta
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from django.test import Client
from privacycenter_client import (
    Flushed,
    Kept,
    NoAnswer,
    ProofError,
    ReporterClient,
    ServiceError,
    check_proof,
)
from privacycenter_client import client as client_module
from privacycenter_client.calling import backoff, now_text
from privacycenter_client.proofs import decoded

from consents.asking.decision_actions import withdraw_decision
from consents.feed.restoring_actions import begin_after_restore
from consents.models import FeedEntry, RecallKind
from consents.recalls.about import EVERYTHING
from consents.recalls.actions import file_recall, take_back_recall
from disclosures.models import Disclosure
from disclosures.reporters.actions import create_reporter, stop_reporter
from privacycenter.log.note import encoded
from privacycenter.log.opening import check_opening
from privacycenter.log.record import trust_in
from privacycenter.outbox.working import work_off
from tests.support.api import QUESTION, approval_question, cloud_event
from tests.support.asking import answer, ask
from tests.support.clock import clock_at
from tests.support.database import tamper
from tests.support.log import seal_and_sign
from tests.support.memory_log import LOG

pytestmark = pytest.mark.django_db

FORM = "application/x-www-form-urlencoded"


class Slept(list):
    def __call__(self, seconds):
        self.append(seconds)


class InThisProcess(ReporterClient):
    """The client with its wire replaced: calls reach the API in the test's own transaction, and fail as planned."""

    plan: list[str] = []

    def open(self, request):
        plan = self.plan.pop(0) if self.plan and "/token" not in request.full_url else "pass"
        if plan == "drop before":
            raise ConnectionResetError
        if plan.isdigit():
            raise error_of(request, int(plan), {"Retry-After": "7"} if plan in ("429", "503") else {}, b"{}")
        found = Client().generic(
            request.get_method(), request.selector, request.data or b"", request.get_header("Content-type", FORM),
            headers={name: value for name, value in request.header_items() if name != "Content-type"},
        )  # fmt: skip
        if found.status_code >= 400:
            raise error_of(request, found.status_code, dict(found.items()), found.content)
        if plan == "drop after":
            raise ConnectionResetError
        return json.loads(found.content[: len(found.content) // 2] if plan == "half" else found.content)


def error_of(request, status, headers, body):
    message = Message()
    for name, value in headers.items():
        message[name] = value
    return urllib.error.HTTPError(request.full_url, status, "", message, io.BytesIO(body))


API = "http://127.0.0.1/api/v1"


@pytest.fixture
def live(reporter):
    return reporter, API


@pytest.fixture
def client(live, tmp_path):
    reporter, api = live
    return make(api, reporter, tmp_path)


def make(api, reporter, tmp_path, kind=InThisProcess, **more):
    made = kind(
        api, reporter.client_id, reporter.secret, outbox=str(tmp_path / "outbox.sqlite3"), sleep=Slept(), **more
    )
    made.plan = []
    return made


def report(client, *ids, **data):
    for id in ids:
        client.report(id, subject="subject-hanako", data={**cloud_event()["data"], **data})


def test_events_are_kept_until_acknowledged(client, tmp_path, live):
    report(client, "a", "b", "a")
    assert client.waiting() == 2
    again = make(live[1], live[0], tmp_path)  # the process died; its file did not
    assert again.flush() == Flushed(2, 0, 0, [])
    assert (again.waiting(), Disclosure.objects.count()) == (0, 2)


def test_rejected_event_stays_and_does_not_stop_the_others(client):
    report(client, "a")
    report(client, "b", recipient="nobody")
    report(client, "c")
    flushed = client.flush()
    assert (flushed.created, [(id, problem["field"]) for id, problem in flushed.rejected]) == (
        2,
        [("b", "data.recipient")],
    )
    assert client.waiting() == 0
    client.retry_rejected()
    assert client.waiting() == 1


def test_batches_stay_within_the_limits(client, monkeypatch):
    monkeypatch.setattr(client_module, "LARGEST_BATCH", 3)
    report(client, *map(str, range(7)))
    assert client.flush().created == 7
    monkeypatch.setattr(client_module, "LARGEST_BATCH", 1000)
    monkeypatch.setattr(client_module, "LARGEST_BODY_BYTES", 900)
    report(client, *map(str, range(10, 15)))
    assert len(list(client.next_batch())) < 5
    assert client.flush().created == 5


def test_client_asks_and_takes_only_a_clear_yes(client, hanako, live):
    client.call("POST", "/approval-requests", approval_question())
    question = {**QUESTION, "items": ["name"]}
    assert client.is_allowed(question) is False
    answer(hanako, hanako.approval_requests.get(), "name")
    assert client.are_allowed([question, {**question, "recipient": "nobody"}]) == [True, False]
    stop_reporter(reporter=live[0])
    assert client.is_allowed(question) is False


def test_check_that_is_not_answered_is_soon_a_no(client):
    client.plan = ["503"] * 8
    assert client.is_allowed({**QUESTION, "items": ["name"]}) is False
    assert len(client.sleep) == 1


def test_event_that_no_call_could_carry_is_refused_and_stops_no_other(client):
    with pytest.raises(ValueError, match="larger"):
        report(client, "a", items=["name"] * 200_000)
    report(client, "b")
    assert client.flush().created == 1


def test_token_that_ended_is_replaced(client):
    report(client, "a")
    client.current_token()
    client.token = "ended"
    assert client.flush().created == 1


@pytest.mark.parametrize(
    ("plan", "outcome"),
    [
        (["drop before"], (3, 0)), (["drop after"], (0, 3)), (["half"], (0, 3)), (["500", "502"], (3, 0)),
        (["429", "503"], (3, 0)), (["drop after", "500", "half", "429"], (0, 3)),
    ],
    ids=str,
)  # fmt: skip
def test_server_that_fails_in_between_loses_no_event(client, plan, outcome):
    report(client, "a", "b", "c")
    client.plan = list(plan)
    flushed = client.flush()
    assert (flushed.created, flushed.duplicates, client.waiting()) == (*outcome, 0)
    assert Disclosure.objects.count() == 3
    assert len(client.sleep) == len(plan)
    assert client.sleep.count(7.0) == sum(one in ("429", "503") for one in plan)


def test_server_that_never_answers_leaves_the_events_in_the_file(live, tmp_path):
    client = make(API, live[0], tmp_path, tries=3)
    report(client, "a")
    client.plan = ["500"] * 3
    with pytest.raises(NoAnswer):
        client.flush()
    assert client.waiting() == 1
    client.plan = ["drop before"] * 3
    assert client.is_allowed({**QUESTION, "items": ["name"]}) is False
    assert client.flush().created == 1


def test_wrong_secret_is_said_at_once(live, tmp_path):
    live[0].secret = "wrong"
    client = make(live[1], live[0], tmp_path)
    report(client, "a")
    with pytest.raises(ServiceError, match="401"):
        client.flush()
    assert (client.waiting(), list(client.sleep)) == (1, [])


def test_waits_grow_and_end_at_a_minute():
    assert 0.25 <= backoff(0) <= 0.5
    assert 30 <= backoff(20) <= 60


# --- What was kept ----------------------------------------------------------------------------------------------------


@pytest.fixture
def kept(client, hanako):
    """Three events that were acknowledged, and sealed, a quarter of an hour ago."""
    client.report("a", subject=hanako.subject, data=cloud_event()["data"], act="R-1")
    client.report("b", subject=hanako.subject, data=cloud_event()["data"], order="secret-1")
    report(client, "c")
    assert client.check_kept() == Kept(0, []), "nothing was acknowledged"
    client.flush()
    seal_and_sign()
    client.outbox.execute("UPDATE event SET acknowledged_at = ?", (now_text(timedelta(minutes=-15)),))
    return client


def test_what_was_created_is_checked_later_and_its_proof_kept(kept, client):
    assert client.check_kept() == Kept(3, [])
    assert client.check_kept() == Kept(0, []), "each once"
    proof = client.proof("a")
    assert check_opening(proof, trust_in(proof)).event["event_id"] == "a"
    assert client.proof("nothing") is None


def test_what_is_on_its_way_is_not_asked_for(client):
    report(client, "a")
    client.flush()
    assert client.check_kept() == Kept(0, [])


@pytest.mark.parametrize(
    ("sql", "says"),
    [
        ("DELETE FROM disclosures_disclosure WHERE event_id = 'c'", "is not there"),
        ("UPDATE disclosures_disclosure SET ground = 2 WHERE event_id = 'c'", "ground"),
        ("UPDATE disclosures_disclosure SET flags = flags + 1 WHERE event_id = 'c'", "not what is in the log"),
    ],
)
def test_report_that_was_dropped_or_changed_is_noticed(kept, client, sql, says):
    tamper(sql)
    found = client.check_kept()
    assert (found.proved, [id for id, _why in found.wrong]) == (2, ["c"]) and says in found.wrong[0][1]


def test_report_that_was_not_sealed_is_noticed(client):
    report(client, "a")
    client.flush()
    client.outbox.execute("UPDATE event SET acknowledged_at = ?", (now_text(timedelta(minutes=-15)),))
    assert client.check_kept().wrong == [("a", "it is not sealed in the log")]


def test_another_key_than_the_first_is_noticed(kept, client):
    client.log_key(str(LOG.verifier))
    assert len(client.check_kept().wrong) == 3


def test_signature_is_checked_as_others_check_it(kept, client):
    client.check_kept()
    proof = client.proof("a")
    event = json.loads(client.outbox.execute("SELECT body FROM event WHERE id = 'a'").fetchone()[0])
    check_proof(proof, event, proof["log_key"])
    text, _gap, line = proof["checkpoint"].rpartition("\n\n")
    signature = bytearray(decoded(line.split()[2]))
    for at in (4, 40, 67):
        wrong = bytearray(signature)
        wrong[at] ^= 1
        note = f"{text}\n\n— {line.split()[1]} {encoded(bytes(wrong))}\n"
        with pytest.raises(ProofError):
            check_proof({**proof, "checkpoint": note}, event, proof["log_key"])
    for name, value in (("index", 0), ("path", []), ("salt", "AAAA"), ("label", None), ("event", {})):
        with pytest.raises(ProofError):
            check_proof({**proof, name: value}, event, proof["log_key"])


# --- The feed, and a restore ------------------------------------------------------------------------------------------


def test_acknowledged_event_can_be_sent_again_as_long_as_it_is_kept(live, tmp_path):
    client = make(live[1], live[0], tmp_path, keep_days=3)
    report(client, "a")
    client.flush()
    assert client.send_again(datetime.now(UTC) + timedelta(minutes=1)) == 0
    assert client.send_again(datetime.now(UTC) - timedelta(minutes=1)) == 1
    assert (client.waiting(), client.flush().duplicates, client.waiting()) == (1, 1, 0)
    with clock_at(datetime.now(UTC) + timedelta(days=4)):
        client.flush()
    assert client.send_again(datetime(2020, 1, 1, tzinfo=UTC)) == 0


def test_file_of_before_is_taken_over(live, tmp_path):
    old = sqlite3.connect(tmp_path / "outbox.sqlite3")
    old.execute("CREATE TABLE event (number INTEGER PRIMARY KEY, id TEXT UNIQUE, body TEXT, problem TEXT)")
    old.close()
    client = make(live[1], live[0], tmp_path)
    report(client, "a")
    assert (client.flush().created, client.waiting()) == (1, 0)


@pytest.fixture
def allowed(hanako, live):
    """hanako allowed two items; the worker has told."""
    given = answer(hanako, ask(hanako, live[0]), "name", "usage")
    work_off()
    return given


def test_feed_is_followed_in_order_and_once(client, hanako, allowed):
    told = []
    assert (client.follow(told.append), client.follow(told.append)) == (1, 0)
    withdraw_decision(decision_id=allowed.id, language="ja", by=hanako)
    work_off()
    assert client.follow(told.append) == 1
    assert [entry["type"] for entry in told] == ["decision.made", "decision.withdrawn"]


def test_entry_that_could_not_be_handled_comes_again(client, allowed):
    with pytest.raises(ZeroDivisionError):
        client.follow(lambda entry: 1 / 0)
    told = []
    assert client.follow(told.append) == 1 and told[0]["decision"] == str(allowed.id)


NAME = {**QUESTION, "items": ["name"]}


@pytest.fixture
def restored(client, hanako, allowed):
    """The service reported and was told of a withdrawal; both are lost by a restore."""
    report(client, "a")
    client.flush()
    withdraw_decision(decision_id=allowed.id, language="ja", by=hanako)
    work_off()
    assert client.follow(lambda entry: None) == 2
    tamper("DELETE FROM disclosures_disclosure")
    tamper("DELETE FROM consents_decision WHERE withdraws_id IS NOT NULL")
    FeedEntry.objects.filter(number=2).delete()
    begin_after_restore()
    client.token = ""


def test_restore_is_noticed_and_what_was_lost_is_sent_again(client, restored):
    assert client.follow(lambda entry: None) == 0
    assert client.waiting() == 1 and client.flush().created == 1
    assert [entry["type"] for entry in client.lost()] == ["decision.withdrawn"]


def test_withdrawal_that_was_lost_is_kept_to_until_the_person_decides_anew(client, live, hanako, restored):
    client.follow(lambda entry: None)
    assert client.call("POST", "/permission-checks", NAME)["allowed"] is True
    assert client.is_allowed(NAME) is False
    answer(hanako, ask(hanako, live[0], items=("name",)), "name")
    work_off()
    assert client.follow(lambda entry: None) == 1
    assert client.is_allowed(NAME) is True and client.is_allowed({**QUESTION, "items": ["usage"]}) is False


def test_other_refusal_of_the_feed_is_raised(client, allowed):
    client.outbox.go_on_after("no place in the feed")
    with pytest.raises(ServiceError, match="422"):
        client.follow(lambda entry: None)


# --- Over the wire ----------------------------------------------------------------------------------------------------


class Failing(BaseHTTPRequestHandler):
    """Stands before the live server and fails as its plan says: before or after the server has worked, or half-way."""

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        plan = self.server.plan.pop(0) if self.server.plan and "token" not in self.path else "pass"
        if plan == "drop before":
            self.connection.close()
            return
        if plan.isdigit():
            self.say(int(plan), b"{}", {"Retry-After": "7"} if plan in ("429", "503") else {})
            return
        # The site answers at its own port alone.
        headers = {name: value for name, value in self.headers.items() if name.lower() != "host"}
        request = urllib.request.Request(self.server.behind + self.path, body, headers)
        with urllib.request.urlopen(request) as found:
            status, answered = found.status, found.read()
        if plan == "drop after":
            self.connection.close()
            return
        if plan == "half":
            self.say(status, answered[: len(answered) // 2], {})
            return
        self.say(status, answered, {})

    def say(self, status, body, headers):
        self.send_response(status)
        for name, value in {**headers, "Content-Length": str(len(body)), "Content-Type": "application/json"}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        pass


@pytest.fixture
def failing(live_server):
    server = ThreadingHTTPServer(("127.0.0.1", 0), Failing)
    server.behind, server.plan = live_server.url, []
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


def test_live_server_that_fails_in_between_loses_no_event(world, live_server, failing, tmp_path):
    reporter, reporter.secret = create_reporter(code="travel", title="Travel", services=["jalan"])
    client = make(f"http://127.0.0.1:{failing.server_port}/api/v1", reporter, tmp_path, kind=ReporterClient)
    report(client, *map(str, range(20)))
    failing.plan[:] = ["drop before", "503", "half", "drop after", "429"]
    flushed = client.flush()
    assert (flushed.duplicates, client.waiting(), Disclosure.objects.count()) == (20, 0, 20)
    assert (len(client.sleep), client.sleep.count(7.0)) == (5, 2)
    assert client.is_allowed({**QUESTION, "items": ["name"]}) is False


# --- Recalls ---------------------------------------------------------------------------------------------------------


def test_client_follows_recalls_and_says_what_the_recipient_did(client, hanako, disclosure):
    file_recall(kind=RecallKind.DELETE, about=EVERYTHING, by=hanako)
    work_off()
    told = []
    assert client.follow_recalls(told.append) == 1 and client.follow_recalls(told.append) == 0
    (entry,) = told
    assert (entry["type"], entry["recipient"], entry["state"]) == ("recall.filed", "minato-inn", "opened")
    kept = client.report_recall_step(entry["recall"], "kept", {"ja": "税法により7年間保存します。"})
    assert (kept["state"], kept["matter_count"]) == ("kept", 1)
    assert client.report_recall_step(entry["recall"], "deleted")["state"] == "deleted"
    work_off()
    client.follow_recalls(told.append)
    assert [one.get("step") for one in told] == [None, "kept", "deleted"]


def test_client_reads_recalls_on_after_a_restore(client, hanako, disclosure):
    recall = file_recall(kind=RecallKind.DELETE, about=EVERYTHING, by=hanako)
    work_off()
    client.follow_recalls(lambda entry: None)
    client.outbox.read_recalls_after("9")  # of what the restore has lost
    begin_after_restore()
    told = []
    take_back_recall(recall=recall.id, by=hanako)
    work_off()
    client.follow_recalls(told.append)
    assert [one["step"] for one in told] == ["taken_back"]
