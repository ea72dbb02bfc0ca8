"""Approval requests under way: repeated safely, cancelled by the reporter, listed."""

from datetime import timedelta
from uuid import uuid4

import pytest
from allauth.idp.oidc.models import Token
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from consents.asking import idempotency
from consents.models import ApprovalRequest, FeedEntry, IdempotencyKey, RequestCancellation
from consents.models.public_ids import public_id
from disclosures.reporters.actions import change_reporter, create_reporter
from privacycenter.outbox.working import work_off
from tests.support.api import Api, approval_question
from tests.support.asking import answer
from tests.support.clock import clock_at
from tests.support.html import read

pytestmark = pytest.mark.django_db


def problem(answered):
    assert answered["Content-Type"] == "application/problem+json"
    return answered.status_code, answered.json()["type"].rpartition(":")[2]


def cancel(api, request):
    return api.post(f"/approval-requests/{public_id(request)}/cancellations", "")


@pytest.fixture
def other_api(db):
    """Another reporter of the same service."""
    other, other.secret = create_reporter(code="second", title="Second", services=["jalan"])
    return Api(other)


# --- Idempotency-Key --------------------------------------------------------------------------------------------------


def test_same_key_and_body_files_one_request_and_is_answered_alike(api, hanako):
    body = approval_question()
    first, second = (api.post("/approval-requests", body, key="k-1") for _ in range(2))
    assert (first.status_code, second.status_code, second.json()) == (201, 201, first.json())
    assert ("Idempotency-Replayed" in first, second["Idempotency-Replayed"]) == (False, "true")
    assert hanako.approval_requests.count() == 1


def test_same_key_about_a_service_that_was_taken_away_says_nothing_of_the_request(reporter, api):
    body = approval_question()
    api.post("/approval-requests", body, key="k-1")
    change_reporter(reporter=reporter, services=["hotpepper-gourmet"])
    assert problem(api.post("/approval-requests", body, key="k-1")) == (403, "service-not-yours")


def test_same_key_after_the_answer_gives_the_same_request_as_it_stands(api, hanako):
    body = approval_question()
    first = api.post("/approval-requests", body, key="k-1")
    answer(hanako, hanako.approval_requests.get(), "name")
    again = api.post("/approval-requests", body, key="k-1")
    assert (again.status_code, again.json()["id"], again.json()["state"]) == (201, first.json()["id"], "partly_allowed")


def test_same_key_with_another_body_is_refused(api, hanako):
    api.post("/approval-requests", approval_question(), key="k-1")
    refused = api.post("/approval-requests", {**approval_question(), "valid_days": 5}, key="k-1")
    assert problem(refused) == (422, "idempotency-key-reused")
    assert refused.json()["field"] == "Idempotency-Key"


def test_same_key_of_another_reporter_is_another_call(api, other_api, hanako):
    body = approval_question()
    first = api.post("/approval-requests", body, key="k-1")
    second = other_api.post("/approval-requests", {**body, "recipient": "kotori-salon"}, key="k-1")
    assert (first.status_code, second.status_code) == (201, 201)


def test_key_of_a_refused_call_may_be_used_again(api, hanako):
    assert api.post("/approval-requests", {**approval_question(), "recipient": "nobody"}, key="k-1").status_code == 422
    assert api.post("/approval-requests", approval_question(), key="k-1").status_code == 201


def test_new_key_finds_the_request_that_waits(api, hanako):
    body = approval_question()
    first, second = (api.post("/approval-requests", body, key=key) for key in ("k-1", "k-2"))
    assert (second.status_code, second.json()["id"]) == (200, first.json()["id"])


@pytest.mark.parametrize("key", ["a b", "é", "a" * 256])
def test_key_that_cannot_be_kept_is_refused(api, hanako, key):
    assert problem(api.post("/approval-requests", approval_question(), key=key)) == (422, "invalid-value")
    assert not ApprovalRequest.objects.exists()


def test_keys_are_forgotten_after_their_time(api, reporter, hanako):
    long_ago = timezone.now() - idempotency.KEPT - timedelta(days=1)
    IdempotencyKey.objects.create(reporter=reporter, key="old", called_at=long_ago)
    api.post("/approval-requests", approval_question(), key="new")
    assert [call.key for call in IdempotencyKey.objects.all()] == ["new"]


# --- Cancelling -------------------------------------------------------------------------------------------------------


def test_cancelled_request_is_closed_for_everyone(api, hanako, open_request):
    cancelled = cancel(api, open_request)
    assert (cancelled.status_code, cancelled.json()["state"]) == (201, "cancelled")
    assert api.get(f"/approval-requests/{public_id(open_request)}").json()["state"] == "cancelled"
    assert api.check().json() == {**api.check().json(), "allowed": False, "reason": "no_decision"}


def test_cancelled_twice_is_harmless(api, open_request):
    assert [cancel(api, open_request).status_code for _ in range(2)] == [201, 200]
    assert RequestCancellation.objects.count() == 1


def test_cancelled_request_may_be_asked_anew(api, hanako, open_request):
    cancel(api, open_request)
    assert api.ask().status_code == 201


def test_answered_request_cannot_be_cancelled(api, open_request, decision):
    assert problem(cancel(api, open_request)) == (409, "already-answered")
    assert not RequestCancellation.objects.exists()


def test_expired_request_cannot_be_cancelled(api, open_request):
    Token.objects.update(expires_at=open_request.expires_at + timedelta(days=1))
    with clock_at(open_request.expires_at + timedelta(seconds=1)):
        assert problem(cancel(api, open_request)) == (409, "no-longer-open")


def test_request_of_another_reporter_of_the_service_cannot_be_cancelled(other_api, open_request):
    assert problem(cancel(other_api, open_request)) == (403, "request-not-yours")


def test_request_of_another_service_looks_like_none(db, hanako, open_request):
    homes, homes.secret = create_reporter(code="homes", title="Homes", services=["suumo"])
    foreign = cancel(Api(homes), open_request)
    missing = Api(homes).post(f"/approval-requests/{hanako.pk:x}-{uuid4().hex}/cancellations", "")
    assert problem(foreign) == problem(missing) == (404, "not-found")


def test_person_sees_a_cancelled_request_closed_and_cannot_answer_it(api, as_hanako, hanako, open_request):
    cancel(api, open_request)
    page = read(as_hanako.get(f"/my/requests/{open_request.id}/"))
    assert "この提供の確認は、サービスが取り下げました" in page.text
    assert not page.all("input", name="allowed")
    refused = as_hanako.post(
        f"/my/requests/{open_request.id}/decisions/", {"answer": "refuse", "text_sha256": "0" * 64}
    )
    assert refused.status_code == 409
    assert not hanako.decisions.exists()


def test_person_finds_a_cancelled_request_among_the_closed_ones(api, as_hanako, open_request):
    cancel(api, open_request)
    assert "提供の確認の取り下げ" in read(as_hanako.get("/my/requests/")).text


def test_cancelled_request_does_not_expire_in_the_feed(api, open_request):
    cancel(api, open_request)
    with clock_at(open_request.expires_at + timedelta(days=1)):
        work_off()
    assert not FeedEntry.objects.exists()


# --- The list ---------------------------------------------------------------------------------------------------------


RECIPIENTS = ("northwind-analytics", "minato-inn", "kotori-salon", "komorebi-toge", "mizutama-an")


@pytest.fixture
def five(api, hanako):
    """Ids of five requests, newest first."""
    return [api.ask(recipient=code).json()["id"] for code in RECIPIENTS][::-1]


def page(api, **parameters):
    answered = api.client.get("/api/v1/approval-requests", parameters, headers={"Authorization": f"Bearer {api.token}"})
    assert answered.status_code == 200, answered.content
    return answered.json()


def test_list_walks_all_requests_newest_first(api, five):
    seen, after = [], ""
    while after is not None:
        found = page(api, after=after, limit=2)
        seen += [one["id"] for one in found["data"]]
        after = found["next"]
    assert seen == five


def test_list_by_state_holds_those_alone(api, hanako, five):
    newest = hanako.approval_requests.newest_first().first()
    answer(hanako, newest, "name")
    cancel(api, hanako.approval_requests.newest_first().last())
    found = {state: page(api, state=state)["data"] for state in ("open", "partly_allowed", "cancelled")}
    assert {state: [one["id"] for one in rows] for state, rows in found.items()} == {
        "open": five[1:4],
        "partly_allowed": five[:1],
        "cancelled": five[4:],
    }


def test_list_is_of_the_requests_one_filed(api, other_api, five):
    assert page(other_api) == {"data": [], "next": None}


def test_list_leaves_out_what_is_about_a_service_that_was_taken_away(reporter, api, five):
    change_reporter(reporter=reporter, services=["hotpepper-gourmet"])
    assert page(api)["data"] == []


def test_list_costs_the_same_for_one_and_five(api, five):
    counts = []
    for limit in (1, 5):
        with CaptureQueriesContext(connection) as asked:
            page(api, limit=limit)
        counts.append(len(asked))
    assert counts == [5, 5]  # token, list, requests, decisions, publication


@pytest.mark.parametrize(
    "query", ["after=x", "after=-1", "state=nothing", "limit=0", "limit=101", "limit=x", "after=%00"]
)
def test_list_with_a_wrong_parameter_is_refused(api, query):
    refused = api.get(f"/approval-requests?{query}")
    assert problem(refused) == (422, "invalid-value")
    assert refused.json()["field"] == query.partition("=")[0]
