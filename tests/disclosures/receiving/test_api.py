"""POST /disclosures as a service calls it: whatever it sends, it is told what became of each event."""

import json
from datetime import timedelta

import pytest
from django.db import OperationalError, connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from disclosures.models import Conflict, Disclosure, Recipient
from privacycenter.models import User
from tests.support.api import QUESTION, cloud_event

pytestmark = pytest.mark.django_db


def test_body_in_chunks_is_refused_and_not_read_as_empty(api):
    chunked = {"Authorization": f"Bearer {api.token}", "Transfer-Encoding": "chunked"}
    refused = [
        api.client.post("/api/v1/disclosures", [], content_type="application/cloudevents-batch+json", headers=chunked),
        api.client.post("/api/v1/permission-checks", {}, content_type="application/json", headers=chunked),
        api.client.post(
            "/api/v1/token", "grant_type=x", content_type="application/x-www-form-urlencoded", headers=chunked
        ),
    ]
    types = [(one.status_code, one.json()["type"]) for one in refused]
    assert types == [(411, "urn:privacycenter:problem:length-required")] * 3


SINGLE, BATCH = "application/cloudevents+json", "application/cloudevents-batch+json"


def statuses(answer):
    return [result["status"] for result in answer.json()["results"]]


def without(name, event=None):
    return {key: value for key, value in (event or cloud_event()).items() if key != name}


def with_data(**data):
    event = cloud_event()
    return {**event, "data": {**event["data"], **data}}


def without_data(name):
    event = cloud_event()
    return {**event, "data": without(name, event["data"])}


def nested(depth):
    value = []
    for _ in range(depth):
        value = [value]
    return value


def problem_of(answer, status):
    """The body of a problem (RFC 9457), complete."""
    assert answer.status_code == status
    assert answer["Content-Type"] == "application/problem+json"
    body = answer.json()
    assert body["type"].startswith("urn:privacycenter:problem:")
    assert body["title"]
    assert body["detail"]
    assert body["status"] == status
    return body


# --- What is recorded -------------------------------------------------------------------------------------------------


def test_single_event_is_created(api, hanako):
    result = api.post("/disclosures", cloud_event(), SINGLE).json()["results"][0]
    assert result == {
        "index": 0, "id": "event-1", "status": "created", "disclosure": str(hanako.disclosures.get().id),
        "flagged": False, "flags": [],
    }  # fmt: skip


def test_single_event_again_with_a_new_time_is_a_duplicate(api):
    first = api.post("/disclosures", cloud_event(), SINGLE).json()["results"][0]
    again = api.post("/disclosures", cloud_event(time="2026-11-02T10:00:00+09:00"), SINGLE).json()["results"][0]
    assert (again["status"], again["disclosure"]) == ("duplicate", first["disclosure"])


def test_conflicting_event_leaves_the_ledger_untouched(api):
    api.report(cloud_event())
    before = Disclosure.objects.values().get()
    answers = [api.report(cloud_event(items=["name"])) for _ in range(2)]
    assert [statuses(answer) for answer in answers] == [["conflict"], ["conflict"]]
    assert (Disclosure.objects.values().get(), Conflict.objects.count()) == (before, 1)


def test_batch_tells_each_event_what_became_of_it(api):
    answer = api.report(
        cloud_event("1"),
        cloud_event("1"),
        cloud_event("1", items=["name"]),
        cloud_event("2", subject=""),
        cloud_event("3"),
    )
    assert statuses(answer) == ["created", "duplicate", "conflict", "invalid", "created"]
    assert [result["index"] for result in answer.json()["results"]] == [0, 1, 2, 3, 4]


def test_two_people_under_one_event_id_are_two_disclosures(api, hanako, taro):
    assert statuses(api.report(cloud_event(), cloud_event(subject=taro.subject))) == ["created", "created"]
    assert (hanako.disclosures.count(), taro.disclosures.count()) == (1, 1)


def test_unknown_subject_becomes_a_person_who_cannot_log_in(api):
    assert statuses(api.report(cloud_event(subject="not-seen-before"))) == ["created"]
    person = User.objects.get(subject="not-seen-before")
    assert (person.username, person.has_usable_password(), person.disclosures.count()) == (None, False, 1)


def test_event_is_recorded_at_its_own_moment(api, hanako):
    api.report(cloud_event(time="2026-01-01T00:30:00.25+09:00"))
    assert hanako.disclosures.get().occurred_at.isoformat() == "2025-12-31T15:30:00.250000+00:00"


def test_event_with_extension_attributes_is_recorded_without_them(api):
    event = {
        **cloud_event(),
        "traceparent": "00-abc",
        "datacontenttype": "application/json",
        "note": "太郎 090-0000-0000",
    }
    assert statuses(api.report(event)) == ["created"]
    assert "090" not in str(Disclosure.objects.values().get())


def test_event_to_a_retired_recipient_is_recorded(api):
    Recipient.objects.filter(code="minato-inn").update(retired_at=timezone.now())
    assert statuses(api.report(cloud_event())) == ["created"]


def test_event_with_an_item_named_twice_keeps_it_once(api, hanako):
    assert statuses(api.report(cloud_event(items=["name", "phone", "name"]), cloud_event())) == ["created", "duplicate"]
    assert hanako.disclosures.get().item_set.codes == ["name", "phone"]


@pytest.mark.parametrize("length", [1, 255])
def test_event_id_of_a_length_that_fits_is_recorded(api, length):
    assert statuses(api.report(cloud_event("é" * length))) == ["created"]


@pytest.mark.parametrize("id", ["宿-1", "a b", "😀", "../..", "'; DROP TABLE", "%00", "\u202e", "＜"])
def test_event_id_is_any_text(api, id):
    result = api.report(cloud_event(id)).json()["results"][0]
    assert (result["status"], result["id"]) == ("created", id)


@pytest.mark.parametrize("minutes", [-1, 4])
def test_event_within_the_tolerance_of_clocks_is_recorded(api, minutes):
    time = (timezone.now() + timedelta(minutes=minutes)).isoformat()
    assert statuses(api.report(cloud_event(time=time))) == ["created"]


def test_event_without_a_decision_is_recorded_and_flagged(api):
    survey = {"recipient": "northwind-analytics", "scenario": "survey-results", "items": ["name"], "ground": "approval"}
    result = api.report(cloud_event(**survey)).json()["results"][0]
    assert (result["status"], result["flagged"], result["flags"]) == ("created", True, ["no_decision"])


def test_empty_batch_is_answered(api):
    answer = api.report()
    assert (answer.status_code, answer.json()) == (200, {"results": []})


def test_full_batch_is_recorded(api):
    assert set(statuses(api.report(*(cloud_event(str(n)) for n in range(1000))))) == {"created"}


def test_number_of_statements_does_not_grow_with_the_batch(api):
    def statements(size):
        with CaptureQueriesContext(connection) as queries:
            api.report(*(cloud_event(f"{size}-{n}") for n in range(size)))
        return len(queries)

    api.report(cloud_event())
    assert len({statements(size) for size in (1, 10, 100)}) == 1


# --- What is not ------------------------------------------------------------------------------------------------------

WRONG = {
    "null": (None, ""),
    "number": (7, ""),
    "text": ("event", ""),
    "list": ([], ""),
    "empty": ({}, "specversion"),
    "deep": (nested(300), ""),
    "no id": (without("id"), "id"),
    "id is a number": ({**cloud_event(), "id": 7}, "id"),
    "id is huge": ({**cloud_event(), "id": 10**4000}, "id"),
    "id is empty": ({**cloud_event(), "id": ""}, "id"),
    "id is too long": ({**cloud_event(), "id": "a" * 256}, "id"),
    "id has a NUL": ({**cloud_event(), "id": "a\x00b"}, "id"),
    "id has a line break": ({**cloud_event(), "id": "a\nb"}, "id"),
    "id ends with a line break": ({**cloud_event(), "id": "a\n"}, "id"),
    "id has a DEL": ({**cloud_event(), "id": "a\x7f"}, "id"),
    "id is half a character": ({**cloud_event(), "id": "\ud800"}, "id"),
    "id is null": ({**cloud_event(), "id": None}, "id"),
    "source is half a character": ({**cloud_event(), "source": "a\udfff"}, "source"),
    "no source": (without("source"), "source"),
    "source has a NUL": ({**cloud_event(), "source": "\x00"}, "source"),
    "no subject": (without("subject"), "subject"),
    "subject is a number": ({**cloud_event(), "subject": 12}, "subject"),
    "subject is half a character": ({**cloud_event(), "subject": "a\ud800"}, "subject"),
    "subject is too long": ({**cloud_event(), "subject": "a" * 256}, "subject"),
    "subject has a NUL": ({**cloud_event(), "subject": "a\x00"}, "subject"),
    "another version": ({**cloud_event(), "specversion": "0.3"}, "specversion"),
    "another type": ({**cloud_event(), "type": "com.example.other"}, "type"),
    "no time": (without("time"), "time"),
    "time without offset": (cloud_event(time="2026-11-01T10:00:00"), "time"),
    "day alone": (cloud_event(time="2026-11-01"), "time"),
    "time in the future": (cloud_event(time="2126-11-01T10:00:00+09:00"), "time"),
    "time before 2000": (cloud_event(time="1999-12-31T23:59:59Z"), "time"),
    "time before all time": (cloud_event(time="0001-01-01T00:00:00+14:00"), "time"),
    "time after all time": (cloud_event(time="9999-12-31T23:59:59-14:00"), "time"),
    "no such day": (cloud_event(time="2026-02-30T10:00:00Z"), "time"),
    "time is null": (cloud_event(time=None), "time"),
    "time is a number as text": (cloud_event(time="1795680000"), "time"),
    "time is NaN": (cloud_event(time=float("nan")), "time"),
    "time is infinite": (cloud_event(time=float("inf")), "time"),
    "time is huge": (cloud_event(time=10**400), "time"),
    "no data": (without("data"), "data"),
    "data is null": ({**cloud_event(), "data": None}, "data"),
    "data is a list": ({**cloud_event(), "data": []}, "data"),
    "data is deep": ({**cloud_event(), "data": nested(300)}, "data"),
    "extra field": (with_data(value="090-0000-0000"), "data.value"),
    "extra field is half a character": (with_data(**{"\ud800": 1}), None),
    "no recipient": (without_data("recipient"), "data.recipient"),
    "unknown recipient": (with_data(recipient="nobody"), "data.recipient"),
    "recipient in capitals": (with_data(recipient="Minato-Inn"), "data.recipient"),
    "recipient has a NUL": (with_data(recipient="minato-inn\x00"), "data.recipient"),
    "recipient is too long": (with_data(recipient="a" * 61), "data.recipient"),
    "no scenario": (without_data("scenario"), "data.scenario"),
    "unknown scenario": (with_data(scenario="nothing"), "data.scenario"),
    "no service": (without_data("service"), "data.service"),
    "foreign service": (with_data(service="suumo"), "data.service"),
    "unknown service": (with_data(service="nothing"), "data.service"),
    "no items": (without_data("items"), "data.items"),
    "empty items": (with_data(items=[]), "data.items"),
    "items are a text": (with_data(items="name"), "data.items"),
    "items are an object": (with_data(items={"name": "太郎"}), "data.items"),
    "101 items": (with_data(items=[f"item-{n}" for n in range(101)]), "data.items"),
    "unknown item": (with_data(items=["name", "shoe-size"]), "data.items[1]"),
    "item is a number": (with_data(items=["name", 1]), "data.items[1]"),
    "item is half a character": (with_data(items=["\ud800"]), "data.items[0]"),
    "item is a list": (with_data(items=[["name"]]), "data.items[0]"),
    "no ground": (without_data("ground"), "data.ground"),
    "unknown ground": (with_data(ground="because"), "data.ground"),
    "ground is a number": (with_data(ground=1), "data.ground"),
    "decision is no id": (with_data(decision="yes"), "data.decision"),
    "decision is a number": (with_data(decision=float("nan")), "data.decision"),
}


@pytest.mark.parametrize(("event", "field"), WRONG.values(), ids=WRONG)
def test_wrong_event_is_named_and_stops_no_other(api, event, field):
    answer = api.report(cloud_event("before"), event, cloud_event("after"))
    assert answer.status_code == 200
    assert statuses(answer) == ["created", "invalid", "created"]
    wrong = answer.json()["results"][1]
    assert wrong["index"] == 1
    assert wrong["problem"]["detail"] and "Value error" not in wrong["problem"]["detail"]
    if field is not None:
        assert wrong["problem"].get("field", "") == field
    assert Disclosure.objects.count() == 2


def test_wrong_events_of_a_batch_are_named_by_their_own_ids(api):
    events = [cloud_event("a", items=[]), cloud_event("b", recipient="nobody"), without("id")]
    assert [result["id"] for result in api.report(*events).json()["results"]] == ["a", "b", ""]


def test_wrong_event_makes_no_person(api):
    api.report(cloud_event(subject="typo", recipient="nobody"), cloud_event(subject="typo", items=[]))
    assert not User.objects.filter(subject="typo").exists()


def test_wrong_single_event_is_answered_like_a_batch(api):
    assert statuses(api.post("/disclosures", cloud_event(items=[]), SINGLE)) == ["invalid"]


@pytest.mark.parametrize(
    "body",
    [b" ", b"{", b"[", b"\xff\xfe", b'[{"id": "\xe3"}]', b"[" * 100_000, b"[" + b"1" * 5000 + b"]"],
    ids=["empty", "half an object", "half a list", "not UTF-8", "half a character", "deep", "a number of 5,000 digits"],
)
def test_body_that_is_not_json_is_refused(api, body):
    problem = problem_of(api.post("/disclosures", body, BATCH), 400)
    assert problem["type"].endswith(":not-json")


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-32", "utf-8-sig"])
def test_body_in_another_encoding_than_utf_8_is_refused(api, encoding):
    body = json.dumps([cloud_event()], ensure_ascii=False).encode(encoding)
    assert problem_of(api.post("/disclosures", body, BATCH), 400)["type"].endswith(":not-json")
    assert not Disclosure.objects.exists()


@pytest.mark.parametrize(
    ("path", "body", "content_type"),
    [
        ("/disclosures", "[" + json.dumps(cloud_event())[:-1] + ', "subject": "subject-taro"}]', BATCH),
        ("/disclosures", json.dumps(cloud_event()).replace('"data": {', '"data": {"recipient": "x", '), SINGLE),
        ("/permission-checks", json.dumps(QUESTION)[:-1] + ', "subject": "subject-taro"}', "application/json"),
    ],
)
def test_body_with_two_members_of_one_name_is_refused(api, path, body, content_type):
    """Whoever is between us and the service may take the other of the two for what was said."""
    problem = problem_of(api.post(path, body, content_type), 400)
    assert problem["type"].endswith(":not-json") and "two members of one name" in problem["detail"]
    assert not Disclosure.objects.exists() and not User.objects.filter(subject="subject-taro").exists()


@pytest.mark.parametrize("body", [{}, "text", 7, None], ids=str)
def test_batch_that_is_no_list_is_refused(api, body):
    problem_of(api.post("/disclosures", json.dumps(body), BATCH), 422)


@pytest.mark.parametrize(
    "content_type", ["application/json", "text/plain", "application/xml", "multipart/form-data", ""]
)
def test_body_of_another_type_is_refused(api, content_type):
    problem_of(api.post("/disclosures", json.dumps([cloud_event()]), content_type), 415)


@pytest.mark.parametrize("content_type", [f"{BATCH}; charset=utf-8", BATCH.upper()])
def test_content_type_is_read_as_http_says(api, content_type):
    assert statuses(api.post("/disclosures", json.dumps([cloud_event()]), content_type)) == ["created"]


def test_batch_of_1001_events_is_refused_whole(api):
    problem_of(api.report(*(cloud_event(str(n)) for n in range(1001))), 413)
    assert not Disclosure.objects.exists()


def test_body_above_1_mib_is_refused(api):
    body = json.dumps([{**cloud_event(), "padding": "a" * 1024 * 1024}])
    problem = problem_of(api.post("/disclosures", body, BATCH), 413)
    assert problem["type"].endswith(":body-too-large")


def test_database_that_is_away_is_503_and_nothing_was_recorded(api):
    def gone(execute, sql, params, many, context):
        if "disclosures_disclosure" in sql:
            raise OperationalError("server closed the connection")
        return execute(sql, params, many, context)

    with connection.execute_wrapper(gone):
        answer = api.report(cloud_event(subject="somebody-new"))
    problem_of(answer, 503)
    assert answer["Retry-After"]
    assert not User.objects.filter(subject="somebody-new").exists()


# --- Its description --------------------------------------------------------------------------------------------------


def test_description_of_the_body_refers_to_nothing_that_is_not_there(client):
    document = client.get("/api/v1/openapi.json").json()
    content = document["paths"]["/api/v1/disclosures"]["post"]["requestBody"]["content"]
    schemas = document["components"]["schemas"]
    kinds = [schemas[one["$ref"].rpartition("/")[2]] for one in content[SINGLE]["schema"]["oneOf"]]
    data = [kind["properties"]["data"]["$ref"].rpartition("/")[2] for kind in kinds]
    assert data == ["DisclosureData", "CorrectionData"] and set(data) <= schemas.keys()


def test_examples_of_the_description_are_recorded(api):
    from disclosures.receiving.api import CORRECTION_EXAMPLE, EXAMPLE

    past = {"time": "2026-11-01T10:00:00+09:00"}
    # The examples name nobody's services and recipients; these are there.
    ours = {"service": "jalan", "scenario": "online-booking", "recipient": "minato-inn"}
    example = {**EXAMPLE, **past, "data": {**EXAMPLE["data"], **ours}}
    [created] = api.post("/disclosures", example, SINGLE).json()["results"]
    data = {**CORRECTION_EXAMPLE["data"], "disclosure": created["disclosure"]}
    right = {**data["corrected"], **ours, "recipient": "komorebi-toge", **past}
    told = {**CORRECTION_EXAMPLE, **past, "data": {**data, "corrected": right}}
    assert statuses(api.post("/disclosures", told, SINGLE)) == ["created"]
