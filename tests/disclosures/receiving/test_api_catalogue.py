"""GET /catalogue: exactly the codes that may be used."""

import pytest
from django.utils import timezone

from disclosures.models import DataItem, Ground, Recipient, Scenario, Service
from tests.support.api import cloud_event

pytestmark = pytest.mark.django_db

KINDS = {"services": Service, "recipients": Recipient, "data_items": DataItem, "scenarios": Scenario}
CODES = {
    "services": "jalan",
    "recipients": "northwind-analytics",
    "data_items": "survey-answers",
    "scenarios": "survey-results",
}


def codes(catalogue, kind):
    return {entry["code"] for entry in catalogue[kind]}


def test_catalogue_holds_the_reporters_own_services_alone(api):
    assert codes(api.get("/catalogue").json(), "services") == {"jalan", "hotpepper-gourmet"}


@pytest.mark.parametrize("kind", ["recipients", "data_items", "scenarios"])
def test_catalogue_holds_everything_in_use(api, kind):
    assert codes(api.get("/catalogue").json(), kind) == {row.code for row in KINDS[kind].objects.all()}


def test_catalogue_is_japanese_to_read(api):
    assert "湯宿 みなと" in api.get("/catalogue").content.decode()


def test_catalogue_says_what_a_scenario_needs(api):
    entries = {entry["code"]: entry for entry in api.get("/catalogue").json()["scenarios"]}
    survey = entries["survey-results"]
    assert (survey["ground"], survey["items"]) == ("approval", ["name", "survey-answers", "usage"])
    assert set(survey["title"]) == {"ja", "en"}


def test_catalogue_says_how_far_lists_bind_and_what_is_excluded(api):
    review = scenario_in(api, "review-author")
    assert (review["item_list"], review["service_list"]) == ("examples", "example")
    assert review["exclusions"] == [{"service": "rikunabi", "item": "name"}]
    assert (review["evidence"], review["route"], review["route_abroad"]) == (None, None, None)
    assert scenario_in(api, "sales-proposals")["route"] is None


def test_catalogue_says_who_is_on_hold(api):
    held = {entry["code"]: entry["on_hold"] for entry in api.get("/catalogue").json()["recipients"]}
    assert held["norannabi-salon"] == {"since": "2025-03-31T15:00:00+00:00", "until": None}
    # Its country is not decided.
    assert held["driftwood-research"] == {"since": None, "until": None}
    assert held["minato-inn"] is None


def scenario_in(api, code):
    return next(entry for entry in api.get("/catalogue").json()["scenarios"] if entry["code"] == code)


def test_catalogue_says_who_alone_may_receive_the_data(api):
    assert scenario_in(api, "point-programme")["recipients"] == ["loyalty-marketing", "ntt-docomo"]
    # Named, and beside it the kinds: affiliates, hiring companies.
    assert scenario_in(api, "job-opportunities")["recipients"] == []


def test_catalogue_tells_of_a_scenario_what_is_published_and_of_a_new_one_what_is_planned(api):
    survey = Scenario.objects.get(code="survey-results")
    Scenario.objects.filter(pk=survey.pk).update(ground=Ground.CONTRACT)
    Scenario.objects.create(
        code="new-scene", title="新しい提供", ground=Ground.LEGAL, section=survey.section, position=99
    )
    terms = {code: scenario_in(api, code) for code in ("survey-results", "new-scene")}
    assert {code: (one["ground"], one["is_published"]) for code, one in terms.items()} == {
        "survey-results": ("approval", True),
        "new-scene": ("legal", False),
    }


def test_catalogue_says_where_a_recipient_is(api):
    entries = {entry["code"]: entry for entry in api.get("/catalogue").json()["recipients"]}
    assert entries["minato-inn"]["country"] == "JP"
    assert entries["northwind-analytics"]["country"] != "JP"


@pytest.mark.parametrize("kind", KINDS)
def test_catalogue_leaves_out_what_is_retired(api, kind):
    KINDS[kind].objects.filter(code=CODES[kind]).update(retired_at=timezone.now())
    assert CODES[kind] not in codes(api.get("/catalogue").json(), kind)


@pytest.mark.parametrize("retired", [False, True])
def test_catalogue_names_no_item_in_a_scenario_that_it_does_not_list(api, retired):
    if retired:
        DataItem.objects.filter(code="survey-answers").update(retired_at=timezone.now())
    catalogue = api.get("/catalogue").json()
    assert {code for entry in catalogue["scenarios"] for code in entry["items"]} <= codes(catalogue, "data_items")


def test_catalogue_that_did_not_change_is_304(api):
    etag = api.get("/catalogue")["ETag"]
    again = api.get("/catalogue", **{"If-None-Match": etag})
    assert (again.status_code, again.content) == (304, b"")


def test_catalogue_that_changed_is_sent_again(api):
    etag = api.get("/catalogue")["ETag"]
    Recipient.objects.filter(code="minato-inn").update(title="新しい名前")
    again = api.get("/catalogue", **{"If-None-Match": etag})
    assert again.status_code == 200
    assert again["ETag"] != etag


def test_catalogue_may_not_be_kept_by_a_shared_cache(api):
    assert "private" in api.get("/catalogue")["Cache-Control"]


def test_catalogue_costs_the_same_however_much_it_holds(api, django_assert_max_num_queries):
    with django_assert_max_num_queries(10):
        api.get("/catalogue")


def test_codes_of_the_catalogue_are_accepted(api):
    catalogue = api.get("/catalogue").json()
    scenario = next(entry for entry in catalogue["scenarios"] if entry["ground"] == "policy" and entry["items"])
    event = cloud_event(
        recipient=next(entry["code"] for entry in catalogue["recipients"] if not entry.get("on_hold")),
        service=catalogue["services"][-1]["code"],
        scenario=scenario["code"],
        items=scenario["items"],
        ground=scenario["ground"],
    )
    result = api.report(event).json()["results"][0]
    assert (result["status"], result["flags"]) == ("created", [])
