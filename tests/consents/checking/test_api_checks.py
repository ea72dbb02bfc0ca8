"""POST /permission-checks: a yes only where the person, or the ground, says so; a no in every other case."""

import json
from datetime import timedelta

import pytest
from django.db import OperationalError, connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from consents.asking.decision_actions import withdraw_decision
from consents.models import ApprovalRequest
from disclosures.ledger.recording import record_disclosures
from disclosures.models import Flag, Ground, Recipient, Scenario, Service
from disclosures.reporters.actions import create_reporter
from privacycenter.models import OutboxRow, User
from tests.support.api import QUESTION, Api
from tests.support.asking import answer, ask
from tests.support.clock import clock_at
from tests.support.content import publish_as_it_is
from tests.support.events import a_survey_event, an_event

pytestmark = pytest.mark.django_db

BOOKING = {"recipient": "minato-inn", "scenario": "online-booking", "items": ["name", "phone"]}


def days_ago(days):
    return timezone.now() - timedelta(days=days)


def verdict(api, **more):
    body = api.check(**more).json()
    assert body["allowed"] is all(body["items"].values())
    return body["allowed"], body["reason"]


# --- By ground --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("question", "ground"),
    [
        (BOOKING, "person_act"),
        ({"recipient": "minato-inn", "scenario": "results-report", "items": ["name"]}, "policy"),
        ({"recipient": "minato-inn", "scenario": "card-fraud", "items": ["name"]}, "policy"),
    ],
)
def test_check_of_a_ground_that_needs_no_approval_is_allowed(api, question, ground):
    body = api.check(**question).json()
    assert (body["allowed"], body["reason"], body["ground"]) == (True, "no_approval_needed", ground)
    assert body["items"] == dict.fromkeys(question["items"], True)


def test_check_where_nobody_can_be_identified_is_refused(api):
    body = api.check(recipient="minato-inn", scenario="municipal-analysis-report", items=["review-content"]).json()
    assert (body["allowed"], body["reason"], body["ground"]) == (False, "nothing_per_person", "none")


def test_check_of_an_item_the_scenario_does_not_declare_is_refused(api):
    body = api.check(**{**BOOKING, "items": ["name", "resume"]}).json()
    assert (body["allowed"], body["reason"]) == (False, "items_undeclared")
    assert body["items"] == {"name": True, "resume": False}


def test_check_of_an_undeclared_item_beside_allowed_ones_is_refused(api, decision):
    body = api.check(items=["name", "phone"]).json()
    assert (body["allowed"], body["reason"]) == (False, "items_undeclared")
    assert body["items"] == {"name": True, "phone": False}


def test_check_of_a_service_that_the_page_does_not_name_is_allowed_with_a_warning(api, reporter):
    reporter.services.add(Service.objects.get(code="zexy"))
    body = api.check(**BOOKING, service="zexy").json()
    assert (body["allowed"], body["reason"]) == (True, "no_approval_needed")
    [warning] = body["warnings"]
    assert (warning["type"], warning["field"]) == ("urn:privacycenter:problem:service-not-named", "service")
    assert "warnings" not in api.check(**BOOKING).json()


@pytest.mark.parametrize("recipient", ["norannabi-salon", "driftwood-research"])
def test_check_about_a_recipient_on_hold_is_refused(api, recipient):
    body = api.check(**{**BOOKING, "recipient": recipient}).json()
    assert (body["allowed"], body["reason"]) == (False, "recipient_on_hold")
    assert not any(body["items"].values())


def test_check_of_an_excluded_item_is_refused_and_of_the_others_allowed(api, reporter):
    reporter.services.add(Service.objects.get(code="rikunabi"))
    review = {"recipient": "aozora-gears", "scenario": "review-author", "items": ["review-content", "name"]}
    body = api.check(**review, service="rikunabi").json()
    assert (body["allowed"], body["reason"]) == (False, "item_excluded")
    assert body["items"] == {"review-content": True, "name": False}
    assert verdict(api, **review, service="jalan") == (True, "no_approval_needed")


# --- By decision ------------------------------------------------------------------------------------------------------


def test_check_before_anybody_asked_is_refused(api, hanako):
    assert verdict(api) == (False, "no_decision")


def test_check_while_a_request_waits_is_refused_and_names_it(api, open_request):
    body = api.check().json()
    assert (body["allowed"], body["reason"]) == (False, "request_open")
    assert api.get(f"/approval-requests/{body['request']}").json()["state"] == "open"


def test_check_of_allowed_items_is_allowed_and_names_the_decision(api, decision):
    body = api.check(items=["name", "usage"]).json()
    assert body == {
        "allowed": True, "items": {"name": True, "usage": True}, "ground": "approval", "reason": "allowed",
        "decision": str(decision.id),
    }  # fmt: skip


def test_check_of_some_allowed_items_says_which(api, decision):
    body = api.check().json()
    assert (body["allowed"], body["reason"]) == (False, "partly_allowed")
    assert body["items"] == {"name": True, "survey-answers": False, "usage": True}
    assert body["decision"] == str(decision.id)


def test_check_after_a_refusal_is_refused(api, hanako, open_request):
    answer(hanako, open_request)
    assert verdict(api) == (False, "refused")


def test_check_of_the_refused_item_alone_is_refused(api, decision):
    assert verdict(api, items=["survey-answers"]) == (False, "refused")


def test_check_after_a_withdrawal_is_refused(api, withdrawal):
    body = api.check(items=["name", "usage"]).json()
    assert (body["allowed"], body["reason"], body.get("decision")) == (False, "withdrawn", None)


def test_check_after_the_approvals_end_is_refused(api, reporter, hanako):
    with clock_at(days_ago(30)):
        answer(hanako, ask(hanako, reporter, items=("name",), valid_days=29), "name")
    assert verdict(api, items=["name"]) == (False, "expired")


def test_check_on_the_last_day_of_an_approval_is_allowed(api, reporter, hanako):
    with clock_at(days_ago(30)):
        answer(hanako, ask(hanako, reporter, items=("name",), valid_days=31), "name")
    assert verdict(api, items=["name"]) == (True, "allowed")


@pytest.mark.parametrize(
    ("model", "code"), [(Recipient, "northwind-analytics"), (Service, "jalan"), (Scenario, "survey-results")]
)
def test_check_of_something_retired_is_refused_although_it_was_allowed(api, decision, model, code):
    model.objects.filter(code=code).update(retired_at=timezone.now())
    assert verdict(api, items=["name"]) == (False, "retired")


def test_check_of_a_scenario_whose_ground_became_approval_is_refused(api, hanako):
    Scenario.objects.filter(code="online-booking").update(ground=Ground.APPROVAL)
    publish_as_it_is()
    assert verdict(api, **BOOKING) == (False, "no_decision")


def test_draft_of_an_editor_turns_no_no_into_a_yes(api, reporter, hanako):
    Scenario.objects.filter(code="survey-results").update(ground=Ground.CONTRACT)
    assert verdict(api) == (False, "no_decision")
    [result] = record_disclosures(events=[a_survey_event()], by=reporter)
    assert result.flags == Flag.NO_DECISION


def test_check_of_what_people_cannot_read_of_yet_is_refused(api):
    booking = Scenario.objects.get(code="online-booking")
    scenario = Scenario.objects.create(
        code="new-scene", title="新しい提供", ground=Ground.PERSON_ACT, section=booking.section, position=99
    )
    scenario.items.add(*booking.items.all())
    new = {**BOOKING, "scenario": "new-scene"}
    assert verdict(api, **new) == (False, "scenario_undeclared")
    publish_as_it_is()
    assert verdict(api, **new) == (True, "no_approval_needed")


def test_check_about_a_recipient_that_the_scenario_does_not_name_is_refused_as_its_report_is_flagged(api, reporter):
    booking = Scenario.objects.get(code="online-booking")
    booking.recipients.add(Recipient.objects.get(code="kotori-salon"))
    publish_as_it_is()
    # Beside the one that is named, the page says "hotels, restaurants": that is open to others.
    assert verdict(api, **BOOKING) == (True, "no_approval_needed")
    Scenario.objects.filter(code="online-booking").update(recipient_kinds="", i18n={"title_en": "Online booking"})
    publish_as_it_is()
    assert verdict(api, **BOOKING) == (False, "recipient_undeclared")
    [result] = record_disclosures(events=[an_event()], by=reporter)
    assert result.flags == Flag.RECIPIENT_UNDECLARED


# --- Which decision counts --------------------------------------------------------------------------------------------


def test_newest_decision_counts_item_by_item(api, reporter, hanako):
    with clock_at(days_ago(60)):
        answer(hanako, ask(hanako, reporter, items=("name", "usage")), "name", "usage")
    answer(hanako, ask(hanako, reporter, items=("usage",)))
    assert api.check(items=["name", "usage"]).json()["items"] == {"name": True, "usage": False}


def test_newer_approval_after_an_old_refusal_counts(api, reporter, hanako):
    with clock_at(days_ago(100)):
        answer(hanako, ask(hanako, reporter, items=("name",)))
    answer(hanako, ask(hanako, reporter, items=("name",)), "name")
    assert verdict(api, items=["name"]) == (True, "allowed")


def test_newer_refusal_after_an_approval_counts(api, reporter, hanako):
    with clock_at(days_ago(10)):
        answer(hanako, ask(hanako, reporter, items=("name",)), "name")
    answer(hanako, ask(hanako, reporter, items=("name",)))
    assert verdict(api, items=["name"]) == (False, "refused")


def test_withdrawal_of_one_decision_leaves_the_other(api, reporter, hanako):
    first = answer(hanako, ask(hanako, reporter, items=("name",)), "name")
    answer(hanako, ask(hanako, reporter, items=("usage",)), "usage")
    withdraw_decision(decision_id=first.id, language="ja", by=hanako)
    assert api.check(items=["name", "usage"]).json()["items"] == {"name": False, "usage": True}


def test_withdrawal_by_a_machine_whose_clock_is_ahead_counts_at_once(api, hanako, decision):
    with clock_at(timezone.now() + timedelta(hours=1)):
        withdraw_decision(decision_id=decision.id, language="ja", by=hanako)
    assert verdict(api, items=["name"]) == (False, "withdrawn")


def test_decision_of_another_person_does_not_count(api, decision, taro):
    assert verdict(api, subject=taro.subject) == (False, "no_decision")


def test_decision_about_another_service_does_not_count(api, decision):
    assert verdict(api, service="hotpepper-gourmet") == (False, "no_decision")


def test_decision_about_another_recipient_does_not_count(api, decision):
    assert verdict(api, recipient="minato-inn") == (False, "no_decision")


def test_decision_about_another_scenario_does_not_count(api, decision):
    Scenario.objects.filter(code="results-report").update(ground=Ground.APPROVAL)
    publish_as_it_is()
    assert verdict(api, scenario="results-report", items=["name"]) == (False, "no_decision")


def test_decision_counts_for_every_reporter_of_the_service(decision):
    other, other.secret = create_reporter(code="second", title="Second", services=["jalan"])
    assert verdict(Api(other), items=["name"]) == (True, "allowed")


def test_decision_of_a_subject_that_differs_by_case_does_not_count(api, decision):
    assert verdict(api, subject="SUBJECT-HANAKO") == (False, "no_decision")


# --- Traces and cost --------------------------------------------------------------------------------------------------


def test_check_of_an_unknown_subject_leaves_no_trace(api, db):
    before = (User.objects.count(), ApprovalRequest.objects.count(), OutboxRow.objects.count())
    assert verdict(api, subject="nobody-yet") == (False, "no_decision")
    assert (User.objects.count(), ApprovalRequest.objects.count(), OutboxRow.objects.count()) == before


def test_check_writes_nothing(api, decision):
    with CaptureQueriesContext(connection) as queries:
        assert api.check().status_code == 200
    writing = ("INSERT", "UPDATE", "DELETE")
    assert queries and not [query["sql"] for query in queries if query["sql"].startswith(writing)]


def test_number_of_statements_is_the_same_for_any_number_of_items_and_decisions(api, reporter, hanako, decision):
    def statements(**more):
        with CaptureQueriesContext(connection) as queries:
            api.check(**more)
        return len(queries)

    few = statements(items=["name"])
    withdraw_decision(decision_id=decision.id, language="ja", by=hanako)
    with clock_at(timezone.now() + timedelta(days=91)):
        answer(hanako, ask(hanako, reporter), "name")
    assert statements() == few


# --- On any doubt -----------------------------------------------------------------------------------------------------


def assert_not_allowed(answered, status):
    body = answered.json()
    assert (answered.status_code, answered["Content-Type"]) == (status, "application/problem+json")
    assert body["allowed"] is False
    assert body["status"] == status
    assert body["title"]
    assert body["detail"]
    return body


@pytest.mark.parametrize(
    ("change", "status", "field"),
    [
        ({"recipient": "nobody"}, 422, "recipient"),
        ({"scenario": "nothing"}, 422, "scenario"),
        ({"items": ["name", "shoe-size"]}, 422, "items[1]"),
        ({"service": "suumo"}, 403, "service"),
        ({"service": "nothing"}, 403, "service"),
        ({"items": []}, 422, "items"),
        ({"items": "name"}, 422, "items"),
        ({"items": None}, 422, "items"),
        ({"items": [f"item-{n}" for n in range(101)]}, 422, "items"),
        ({"subject": ""}, 422, "subject"),
        ({"subject": None}, 422, "subject"),
        ({"subject": 7}, 422, "subject"),
        ({"subject": "a" * 256}, 422, "subject"),
        ({"subject": "a\x00"}, 422, "subject"),
        ({"subject": "\ud800"}, 422, "subject"),
        ({"subject": ["subject-hanako"]}, 422, "subject"),
        ({"recipient": "Minato Inn"}, 422, "recipient"),
        ({"at": "2026-01-01T00:00:00Z"}, 422, "at"),
        ({"\ud800": 1}, 422, None),
        ({"items": [float("nan")]}, 422, None),
    ],
    ids=repr,
)
def test_check_with_a_wrong_value_is_not_allowed_and_names_it(api, decision, change, status, field):
    body = assert_not_allowed(api.check(**change), status)
    if field is not None:
        assert body["field"] == field


@pytest.mark.parametrize("missing", QUESTION)
def test_check_without_a_value_is_not_allowed_and_names_it(api, decision, missing):
    question = {name: value for name, value in QUESTION.items() if name != missing}
    assert assert_not_allowed(api.post("/permission-checks", question), 422)["field"] == missing


@pytest.mark.parametrize("body", [[], None, 7, "text", [QUESTION]], ids=repr)
def test_check_that_is_no_object_is_not_allowed(api, decision, body):
    assert_not_allowed(api.post("/permission-checks", json.dumps(body)), 422)


@pytest.mark.parametrize(
    "body", [b"{", b"\xff", b"[" * 100_000, b'{"items": ' + b"1" * 5000 + b"}"], ids=["half", "bytes", "deep", "huge"]
)
def test_check_that_is_not_json_is_not_allowed(api, decision, body):
    assert_not_allowed(api.post("/permission-checks", body), 400)


def test_check_above_1_mib_is_not_allowed(api, decision):
    body = json.dumps({**QUESTION, "items": ["name"], "padding": "a" * 1024 * 1024})
    answered = api.post("/permission-checks", body)
    assert_not_allowed(answered, answered.status_code)
    assert 400 <= answered.status_code < 500


@pytest.mark.parametrize("content_type", ["multipart/form-data", "application/x-www-form-urlencoded", "text/plain"])
def test_check_of_another_content_type_is_not_a_yes_by_accident(api, decision, content_type):
    """Either read as the JSON it is, or a problem that says no: never another kind of answer."""
    answered = api.post("/permission-checks", json.dumps({**QUESTION, "items": ["survey-answers"]}), content_type)
    assert answered["Content-Type"].split(";")[0] in ("application/json", "application/problem+json")
    assert answered.json()["allowed"] is False


@pytest.mark.parametrize("table", ["consents_decision", "privacycenter_user", "disclosures_scenario", "oidc_token"])
def test_check_without_the_database_is_not_allowed(api, decision, table):
    def gone(execute, sql, params, many, context):
        if table in sql:
            raise OperationalError("server closed the connection")
        return execute(sql, params, many, context)

    with connection.execute_wrapper(gone):
        answered = api.check(items=["name"])
    assert_not_allowed(answered, 503)
    assert "server closed" not in answered.content.decode()


def test_check_that_breaks_on_our_side_is_no_yes(api, decision, monkeypatch):
    def broken(*args, **kwargs):
        raise RuntimeError("a programming error")

    monkeypatch.setattr("consents.checking.permissions.standing_of", broken)
    api.client.raise_request_exception = False
    answered = api.check(items=["name"])
    assert answered.status_code == 500
    assert answered["Content-Type"] == "application/problem+json"
    assert answered.json().get("allowed") is not True
