"""What the Python client computes by itself agrees with what the product says; what it sends is taken."""

import base64
import tomllib
from datetime import UTC, date, datetime, timedelta

import pytest
from privacycenter_client import (
    DayDifference,
    ProofError,
    ReporterClient,
    Sandbox,
    WebhookError,
    check_proof,
    digest_of,
    verify_webhook,
)
from privacycenter_client.reconciliation import fingerprint_of

from consents.webhooks.messages import headers_of
from disclosures.models import Correction, Disclosure
from tests.support.api import QUESTION, cloud_correction, cloud_event
from tests.support.clock import clock_at
from tests.support.content import ROOT
from tests.support.log import seal_and_sign

pytestmark = pytest.mark.django_db
SECRET = "whsec_" + base64.b64encode(b"s" * 32).decode()
NOW = datetime(2026, 11, 26, 1, 2, tzinfo=UTC)
OTHER = "whsec_" + base64.b64encode(b"o" * 32).decode()
BODY = b'{"type":"decision.made","timestamp":"2026-11-26T01:00:00+00:00","data":{"number":7}}'


# --- Webhooks ---------------------------------------------------------------------------------------------------------


def signed(*secrets, at=NOW):
    return headers_of("msg_1", BODY, secrets or (SECRET,), at)


@pytest.mark.parametrize("known", [SECRET, [OTHER, SECRET]])
def test_webhook_is_believed_by_any_secret_that_is_known(known):
    headers = {name.title(): value for name, value in signed().items()}
    assert verify_webhook(known, headers, BODY, now=NOW)["data"] == {"number": 7}


def test_webhook_with_two_signatures_is_believed_by_either():
    assert verify_webhook(OTHER, signed(SECRET, OTHER), BODY, now=NOW)["type"] == "decision.made"


@pytest.mark.parametrize(
    ("headers", "body"),
    [
        (signed(OTHER), BODY), (signed(), BODY + b" "), (signed(at=NOW - timedelta(minutes=6)), BODY),
        (signed(at=NOW + timedelta(minutes=6)), BODY), ({}, BODY),
        ({**signed(), "webhook-id": "msg_2"}, BODY), ({**signed(), "webhook-signature": "v1,!!! v2,AAAA"}, BODY),
        ({**signed(), "webhook-timestamp": "now"}, BODY),
    ],
    ids=str,
)  # fmt: skip
def test_webhook_that_is_not_the_services_or_not_of_now_is_refused(headers, body):
    with pytest.raises(WebhookError):
        verify_webhook(SECRET, headers, body, now=NOW)


def test_secret_that_is_none_is_a_mistake_of_ours():
    with pytest.raises(ValueError, match="whsec_"):
        verify_webhook("geheim!", signed(), BODY, now=NOW)


# --- Reconciliation ---------------------------------------------------------------------------------------------------

EVIDENCE = {"kind": "act", "reference": "R-1", "shown_publication": 1}
EVENTS = [
    cloud_event("a"), cloud_event("b", items=["phone", "name", "phone"]), cloud_event("c", evidence=EVIDENCE),
    cloud_event("d", decision="01A2B3C4-D5E6-7F80-9A1B-2C3D4E5F6071"), cloud_event("e", subject="件名/ü"),
]  # fmt: skip


def test_fingerprints_are_those_of_the_record(api):
    results = api.report(*EVENTS).json()["results"]
    rows = {str(row.id): bytes(row.fingerprint) for row in Disclosure.objects.all()}
    assert {one["disclosure"]: fingerprint_of(EVENTS[one["index"]]) for one in results} == rows


@pytest.mark.parametrize("more", [{}, {"corrected": None}, {"reason": {"ja": " 理由 ", "en": "why"}}], ids=str)
def test_fingerprints_of_corrections_are_those_of_the_record(api, more):
    row = api.report(cloud_event()).json()["results"][0]["disclosure"]
    correction = cloud_correction(row, **more)
    assert api.report(correction).json()["results"][0]["status"] == "created"
    assert bytes(Correction.objects.get().fingerprint) == fingerprint_of(correction)


def test_digest_is_the_sum_of_the_rows_whatever_their_order():
    one, other = (
        ("5a0c1b7e-2d4f-8a61-b3c2-9d8e7f605142", b"1" * 32),
        ("5a0c1b7e-2d4f-8a61-b3c2-9d8e7f605143", b"2" * 32),
    )
    assert digest_of([]) == "0" * 64 and digest_of([one, other]) == digest_of([other, one]) != digest_of([one])


class Told(ReporterClient):
    """Answers from a table instead of a service, which notes what it was asked."""

    answers: dict = {}

    def call(self, method, path, body=None, content_type="", **more):
        return self.answers[path.partition("?")[0]]


@pytest.fixture
def books(tmp_path):
    client = Told("https://privacy.example/api/v1", "x", "y", outbox=str(tmp_path / "o.sqlite3"))
    for id, at in (("a", 1), ("b", 1), ("c", 2)):
        client.report(id, subject="hanako", data=cloud_event()["data"], at=datetime(2026, 11, at, 23, tzinfo=UTC))
    for number, id in enumerate("abc", 1):
        client.outbox.acknowledge(number, "created", f"00000000-0000-8000-8000-{id * 12}")
    return client


def row(id, **more):
    event = cloud_event(subject="hanako")
    return {
        "id": id,
        "disclosure": f"00000000-0000-8000-8000-{id * 12}",
        "fingerprint": fingerprint_of(event).hex(),
        **more,
    }


def test_books_that_agree_cost_one_call(books):
    mine = [(one["disclosure"], bytes.fromhex(one["fingerprint"])) for one in (row("a"), row("b"))]
    books.answers = {
        "/disclosures/digests": {"disclosures": {"digest": digest_of(mine)}, "corrections": {"digest": "0" * 64}}
    }
    assert not books.reconcile(date(2026, 11, 1))


def test_books_that_differ_say_where_and_what_is_missing_is_sent_again(books):
    books.answers = {
        "/disclosures/digests": {"disclosures": {"digest": "1" * 64}, "corrections": {"digest": "0" * 64}},
        "/disclosures": {"data": [row("b", fingerprint="00"), row("d")], "next": None, "has_more": False},
    }
    found = books.reconcile(date(2026, 11, 1))
    assert found == DayDifference(date(2026, 11, 1), ["a"], ["b"], [row("d")["disclosure"]])
    assert found and books.waiting() == 1


# --- Proofs of corrections --------------------------------------------------------------------------------------------


@pytest.fixture
def corrected(api):
    """A correction that is sealed, and the answer with its proof."""
    disclosed = api.report(cloud_event()).json()["results"][0]["disclosure"]
    event = cloud_correction(disclosed)
    row = api.report(event).json()["results"][0]["correction"]
    seal_and_sign()
    return event, api.get(f"/disclosures/{row}?subject=subject-hanako").json()["proof"]


def test_proof_of_a_correction_holds(corrected):
    event, proof = corrected
    check_proof(proof, event, proof["log_key"])


@pytest.mark.parametrize("change", [{"recipient": "minato-inn"}, {"time": "2026-11-01T10:00:01+09:00"}, None], ids=str)
def test_proof_of_a_correction_that_says_something_else_does_not(corrected, change):
    event, proof = corrected
    right = {**event["data"]["corrected"], **change} if change else None
    with pytest.raises(ProofError, match="something else"):
        check_proof(proof, {**event, "data": {**event["data"], "corrected": right}}, proof["log_key"])


# --- The rest ---------------------------------------------------------------------------------------------------------


def test_events_say_when_in_a_zone(books):
    with pytest.raises(ValueError, match="offset"):
        books.report("x", subject="x", data={}, at=datetime(2026, 11, 1))


def test_check_tells_why_and_never_raises(books):
    books.answers = {"/permission-checks/batch": {"results": [{"allowed": False, "reason": "refused"}]}}
    assert books.check([QUESTION])[0]["reason"] == "refused"
    for broken in ({"results": []}, {"results": [None]}, {}, None):
        books.answers = {"/permission-checks/batch": broken}
        assert books.check([QUESTION]) == [{"allowed": False}]
    books.answers = {"/permission-checks/batch": {"results": [{"allowed": "yes"}]}}
    assert books.are_allowed([QUESTION]) == [False]


def test_clock_of_a_sandbox_becomes_that_of_the_client(books):
    with clock_at(datetime(2026, 11, 1, tzinfo=UTC)):
        books.answers = {"/sandbox/clock": {"now": "2026-11-10T00:00:00+00:00", "due": 0}}
        Sandbox(books)
        assert books.now() == datetime(2026, 11, 10, tzinfo=UTC)


def test_what_is_due_is_waited_for_before_the_clock_goes_forward(books):
    called, due = [], iter([0, 2, 0, 1, 0])

    def call(method, path, body=None, **more):
        called.append(method)
        return {"now": "2026-11-10T00:00:00+00:00", "due": next(due) if method == "GET" else 9}

    books.call, books.sleep = call, lambda seconds: None
    Sandbox(books).forward(days=1)
    assert called == ["GET", "GET", "GET", "POST", "GET", "GET"]


def test_package_needs_nothing_but_python_and_says_its_types():
    package = tomllib.loads((ROOT / "clients" / "python" / "pyproject.toml").read_text(encoding="utf-8"))
    assert package["project"]["dependencies"] == []
    assert (ROOT / "clients" / "python" / "privacycenter_client" / "py.typed").is_file()
