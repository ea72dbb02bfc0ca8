"""GET /decisions: every decision about a reporter's services, once, in order, without gaps."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from consents.asking.decision_actions import withdraw_decision
from consents.models.public_ids import public_id
from disclosures.reporters.actions import change_reporter, create_reporter
from privacycenter.models import OutboxRow
from privacycenter.outbox.working import work_off
from tests.support.api import QUESTION, Api
from tests.support.asking import answer, ask
from tests.support.clock import clock_at

pytestmark = pytest.mark.django_db


def feed(api, query=""):
    """The feed after the followers have done what is due."""
    work_off()
    return api.get(f"/decisions{query}").json()


def types(api, query=""):
    return [event["type"] for event in feed(api, query)["data"]]


@pytest.fixture
def five(reporter, hanako):
    """Five requests answered one after the other."""
    codes = ("minato-inn", "kotori-salon", "komorebi-toge", "mizutama-an", "northwind-analytics")
    return [answer(hanako, ask(hanako, reporter, items=("name",), recipient=code), "name") for code in codes]


def test_feed_is_empty_at_first(api):
    assert feed(api) == {"data": [], "next": "0", "has_more": False}


def test_decision_is_in_the_feed_with_its_items(api, open_request, decision):
    assert feed(api)["data"] == [
        {
            "number": 1, "type": "decision.made", "happened_at": decision.decided_at.isoformat(),
            **{name: QUESTION[name] for name in ("subject", "recipient", "service", "scenario")},
            "request": public_id(open_request), "decision": str(decision.id), "allowed": ["name", "usage"],
            "refused": ["survey-answers"], "valid_until": decision.valid_until.isoformat(),
            "state": "partly_allowed",
        }
    ]  # fmt: skip


def test_withdrawal_is_in_the_feed_after_its_decision(api, decision, withdrawal):
    first, second = feed(api)["data"]
    assert (first["type"], second["type"]) == ("decision.made", "decision.withdrawn")
    assert (second["withdraws"], second["allowed"], second["refused"]) == (str(decision.id), [], ["name", "usage"])


def test_refusal_is_a_decision_too(api, hanako, open_request):
    answer(hanako, open_request)
    assert feed(api)["data"][0]["allowed"] == []


def test_request_that_waits_is_not_in_the_feed(api, open_request):
    assert types(api) == []


def work_after(request) -> None:
    """Let the followers work just after the request's time is over."""
    with clock_at(request.expires_at + timedelta(seconds=1)):
        work_off()


def test_request_that_ran_out_unanswered_is_in_the_feed(api, reporter, open_request):
    work_after(open_request)
    event = feed(api)["data"][0]
    assert (event["type"], event["request"]) == ("request.expired", public_id(open_request))
    assert event["happened_at"] == open_request.expires_at.isoformat()


def test_request_that_was_answered_never_expires_in_the_feed(api, open_request, decision):
    work_after(open_request)
    assert types(api) == ["decision.made"]


def test_request_that_was_answered_and_withdrawn_never_expires_in_the_feed(api, open_request, withdrawal):
    work_after(open_request)
    assert types(api) == ["decision.made", "decision.withdrawn"]


def test_feed_counts_up_without_gaps_in_order(api, five):
    data = feed(api)["data"]
    assert [event["number"] for event in data] == [1, 2, 3, 4, 5]
    assert [event["decision"] for event in data] == [str(decision.id) for decision in five]


def test_feed_is_read_to_its_end_page_by_page(api, five):
    numbers, after, pages = [], "", 0
    while True:
        page = feed(api, f"?limit=2&after={after}")
        numbers += [event["number"] for event in page["data"]]
        after, pages = page["next"], pages + 1
        if not page["has_more"]:
            break
    assert (numbers, pages) == ([1, 2, 3, 4, 5], 3)
    assert feed(api, f"?after={after}") == {"data": [], "next": "5", "has_more": False}


def test_feed_goes_on_after_the_cursor(api, five, hanako):
    cursor = feed(api)["next"]
    withdraw_decision(decision_id=five[0].id, language="ja", by=hanako)
    after = feed(api, f"?after={cursor}")
    assert [(event["number"], event["type"]) for event in after["data"]] == [(6, "decision.withdrawn")]


def test_feed_page_that_is_exactly_full_has_no_more(api, five):
    page = feed(api, "?limit=5")
    assert (len(page["data"]), page["has_more"]) == (5, False)


@pytest.mark.parametrize(
    "query",
    ["?after=-1", "?after=x", "?after=1.5", "?after=9999999999999999999", "?after=%EF%BC%91", "?after=1%0A", "?limit=0",
     "?limit=501", "?limit=-1", "?limit=x", "?limit=1e2", "?after=%00"],
)  # fmt: skip
def test_feed_with_a_wrong_cursor_or_limit_is_refused(api, query):
    refused = api.get(f"/decisions{query}")
    assert (refused.status_code, refused["Content-Type"]) == (422, "application/problem+json")
    assert refused.json()["field"] in ("after", "limit")


@pytest.mark.parametrize("query", ["", "?after=", "?after=0", "?limit=1", "?limit=500", "?after=0&limit=500"])
def test_feed_with_a_cursor_or_limit_that_fits_is_read(api, query):
    assert api.get(f"/decisions{query}").status_code == 200


@pytest.mark.parametrize("number", [6, 999_999_999_999_999_999])
def test_feed_refuses_a_cursor_that_no_answer_ever_gave(api, five, number):
    assert feed(api, "?after=5")["next"] == "5"
    refused = api.get(f"/decisions?after={number}")
    assert (refused.status_code, refused.json()["field"]) == (409, "after")
    assert refused.json()["continue_after"] == "5"


def test_feed_is_silent_about_a_service_that_was_taken_away(reporter, api, five):
    assert len(feed(api)["data"]) == 5
    change_reporter(reporter=reporter, services=["hotpepper-gourmet"])
    assert feed(api) == {"data": [], "next": "5", "has_more": False}


def test_feed_tells_of_own_services_alone(reporter, hanako, decision):
    other, other.secret = create_reporter(code="homes", title="Homes", services=["suumo"])
    answer(hanako, ask(hanako, other, items=("name",), service="suumo"), "name")
    events = feed(Api(other))["data"]
    assert [(event["number"], event["service"]) for event in events] == [(1, "suumo")]


def test_feed_tells_every_reporter_of_a_service_with_its_own_numbers(api, reporter, hanako, decision):
    second, second.secret = create_reporter(code="second", title="Second", services=["hotpepper-gourmet"])
    answer(hanako, ask(hanako, reporter, items=("name",), service="hotpepper-gourmet"), "name")
    assert [event["number"] for event in feed(Api(second))["data"]] == [1]
    assert [event["number"] for event in feed(api)["data"]] == [1, 2]


def test_feed_holds_an_event_once_although_its_work_was_repeated(api, decision, withdrawal):
    rows = list(OutboxRow.objects.values("follower", "topic", "payload", "due_at"))
    work_off()
    OutboxRow.objects.bulk_create(OutboxRow(**row) for row in rows)
    assert types(api) == ["decision.made", "decision.withdrawn"]
    assert not OutboxRow.objects.filter(topic__startswith="decision.").exists()  # done, not failing for ever


def test_feed_costs_the_same_for_any_number_of_events(api, five, django_assert_num_queries):
    work_off()
    with CaptureQueriesContext(connection) as one:
        api.get("/decisions?limit=1")
    with django_assert_num_queries(len(one)):
        api.get("/decisions?limit=500")
