"""POST /permission-checks/batch: as many questions, as many answers, and each as if it were asked alone."""

import json

import pytest
from django.db import OperationalError, connection
from django.test.utils import CaptureQueriesContext

from consents.asking.decision_actions import withdraw_decision
from tests.support.api import QUESTION
from tests.support.staging import publish_scenario

pytestmark = pytest.mark.django_db

NAME = {**QUESTION, "items": ["name"]}
BOOKING = {**QUESTION, "recipient": "minato-inn", "scenario": "online-booking", "items": ["name", "phone"]}
WRONG = [
    ({**NAME, "recipient": "nobody"}, "unknown-code", "recipient"),
    ({**NAME, "service": "suumo"}, "service-not-yours", "service"),
    ({**NAME, "items": ["shoe-size"]}, "unknown-code", "items[0]"),
    ({**NAME, "items": []}, "invalid-value", "items"),
    ({**NAME, "more": 1}, "invalid-value", "more"),
    ({"subject": "a"}, "invalid-value", "recipient"),
    (7, "invalid-value", None),
    (None, "invalid-value", None),
]


def batch(api, *checks, **more):
    return api.post("/permission-checks/batch", {"checks": list(checks), **more})


def results(api, *checks):
    answered = batch(api, *checks)
    assert answered.status_code == 200, answered.content
    return answered.json()["results"]


def test_batch_answers_each_as_if_it_were_asked_alone(api, hanako, taro, decision):
    asked = [NAME, BOOKING, {**NAME, "subject": taro.subject}, {**NAME, "subject": "not-seen-before"}, QUESTION]
    alone = [api.post("/permission-checks", question).json() for question in asked]
    found = results(api, *asked)
    assert [one.pop("index") for one in found] == [0, 1, 2, 3, 4]
    assert found == alone
    assert [one["allowed"] for one in found] == [True, True, False, False, False]


@pytest.mark.parametrize(("wrong", "name", "field"), WRONG, ids=repr)
def test_batch_with_a_wrong_question_says_no_to_it_and_answers_the_others(api, decision, wrong, name, field):
    first, second, third = results(api, NAME, wrong, NAME)
    assert (first["allowed"], second["allowed"], third["allowed"]) == (True, False, True)
    assert second["problem"]["type"] == f"urn:privacycenter:problem:{name}"
    assert second["problem"].get("field", "") == (field or "")


def test_batch_keeps_two_recipients_and_two_people_apart(api, hanako, taro, decision):
    asked = [
        {**NAME, "subject": person.subject, "recipient": recipient}
        for person in (hanako, taro)
        for recipient in (QUESTION["recipient"], "kotori-salon")
    ]
    assert [one["allowed"] for one in results(api, *asked)] == [True, False, False, False]


def test_batch_after_a_withdrawal_says_no(api, hanako, decision):
    withdraw_decision(decision_id=decision.id, language="ja", by=hanako)
    assert [(one["allowed"], one["reason"]) for one in results(api, NAME, NAME)] == [(False, "withdrawn")] * 2


def test_batch_names_the_request_that_waits(api, open_request):
    (one,) = results(api, NAME)
    assert api.get(f"/approval-requests/{one['request']}").json()["state"] == "open"


@pytest.mark.parametrize(
    "body", [{}, {"checks": []}, {"checks": [NAME] * 501}, {"checks": NAME}, {"checks": [NAME], "more": 1}, [NAME], 7]
)
def test_batch_of_a_wrong_shape_is_a_no(api, decision, body):
    answered = api.post("/permission-checks/batch", json.dumps(body))
    assert (answered.status_code, answered["Content-Type"]) == (422, "application/problem+json")
    assert answered.json()["allowed"] is False


def test_batch_of_500_costs_as_many_statements_as_one_check(api, hanako, decision):
    many = [{**NAME, "subject": f"person-{number}"} for number in range(499)]
    with CaptureQueriesContext(connection) as for_one:
        api.post("/permission-checks", NAME)
    with CaptureQueriesContext(connection) as for_many:
        assert len(results(api, NAME, *many)) == 500
    assert len(for_many) == len(for_one) == 3  # token, codes and people, decisions


def test_batch_without_decisions_to_look_at_costs_two_statements(api):
    results(api, BOOKING)
    with CaptureQueriesContext(connection) as asked:
        results(api, BOOKING, BOOKING)
    assert len(asked) == 2  # token, codes and people


def test_newest_publication_is_fetched_once_and_at_once_when_there_is_another(api):
    def statements():
        with CaptureQueriesContext(connection) as asked:
            results(api, BOOKING)
        return len(asked)

    assert [statements(), statements()] == [3, 2]
    publish_scenario("online-booking", service_list="complete", services=[])
    assert [statements(), statements()] == [3, 2]
    assert results(api, BOOKING)[0]["reason"] == "service_undeclared"


@pytest.mark.parametrize("path", ["/permission-checks", "/permission-checks/batch"])
def test_answer_is_kept_by_no_cache_and_sets_no_cookie(api, path):
    answered = api.post(path, NAME if path.endswith("checks") else {"checks": [NAME]})
    assert "no-store" in answered["Cache-Control"]
    assert not answered.cookies


@pytest.mark.parametrize("table", ["oidc_token", "disclosures_scenario", "privacycenter_user", "consents_decision"])
def test_batch_without_the_database_is_a_no(api, decision, table):
    def gone(execute, sql, params, many, context):
        if table in sql:
            raise OperationalError("server closed the connection")
        return execute(sql, params, many, context)

    with connection.execute_wrapper(gone):
        answered = batch(api, NAME)
    assert (answered.status_code, answered.json()["allowed"], answered["Retry-After"]) == (503, False, "5")


@pytest.mark.parametrize("path", ["/permission-checks", "/permission-checks/batch"])
def test_check_that_finds_no_connection_at_all_is_a_no(api, path, monkeypatch):
    def refused(*args, **kwargs):
        raise OperationalError("connection refused")

    monkeypatch.setattr(connection, "cursor", refused)
    answered = api.post(path, NAME if path.endswith("checks") else {"checks": [NAME]})
    assert (answered.status_code, answered.json()["allowed"]) == (503, False)


@pytest.mark.parametrize("path", ["/permission-checks", "/permission-checks/batch"])
def test_check_that_breaks_before_it_is_read_is_a_no(api, path, monkeypatch):
    def broken(*args, **kwargs):
        raise RuntimeError("a programming error")

    monkeypatch.setattr("privacycenter.http.middleware.resolve", broken)
    api.client.raise_request_exception = False
    answered = api.post(path, {})
    assert (answered.status_code, answered.json()["allowed"]) == (500, False)


@pytest.mark.parametrize("content_type", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""])
@pytest.mark.parametrize("path", ["/permission-checks", "/permission-checks/batch", "/approval-requests"])
def test_body_of_another_type_is_415(api, path, content_type):
    answered = api.post(path, json.dumps(NAME), content_type)
    assert answered.status_code == 415
    assert answered.json()["type"] == "urn:privacycenter:problem:wrong-content-type"
