"""CloudEvents in binary mode: attributes in headers, the data alone in the body."""

import json
from urllib.parse import quote

import pytest

from disclosures.models import Disclosure
from tests.support.api import cloud_event

pytestmark = pytest.mark.django_db


@pytest.fixture
def send(client, api):
    def post(event, kind="application/json", **more):
        headers = {f"ce-{name}": value for name, value in event.items() if name != "data"}
        headers |= {"Authorization": f"Bearer {api.token}", **more}
        return client.post("/api/v1/disclosures", json.dumps(event["data"]), kind, headers=headers)

    return post


def test_event_in_binary_mode_is_recorded_as_any(send):
    event = cloud_event()
    answer = send(event, "application/json; charset=utf-8")
    assert answer.json()["results"][0] | {"disclosure": ""} == {
        "index": 0, "id": event["id"], "status": "created", "disclosure": "", "flagged": False, "flags": [],
    }  # fmt: skip
    stored = Disclosure.objects.get()
    assert (stored.event_id, str(stored.source), stored.person.subject) == (
        event["id"],
        event["source"],
        event["subject"],
    )


def test_event_is_one_and_the_same_in_either_mode(send, api):
    event = cloud_event()
    assert send(event).json()["results"][0]["status"] == "created"
    assert api.post("/disclosures", event, "application/cloudevents+json").json()["results"][0]["status"] == "duplicate"
    assert Disclosure.objects.count() == 1


def test_header_is_percent_encoded_and_may_be_quoted(send):
    answer = send({**cloud_event(), "id": f'"{quote("予約 1")}"', "source": quote("https://例.example/", safe=":/")})
    assert answer.json()["results"][0]["id"] == "予約 1"
    assert str(Disclosure.objects.get().source) == "https://例.example/"


def test_header_that_is_not_utf_8_is_422_with_its_name(send):
    refused = send({**cloud_event(), "id": "%ff"})
    assert (refused.status_code, refused.json()["field"]) == (422, "ce-id")
    assert not Disclosure.objects.exists()


@pytest.mark.parametrize("name", ["id", "source", "type", "time", "subject"])
def test_missing_header_is_invalid_with_its_field(send, name):
    result = send({key: value for key, value in cloud_event().items() if key != name}).json()["results"][0]
    assert (result["status"], result["problem"]["field"]) == ("invalid", name)
    assert not Disclosure.objects.exists()


def test_json_without_the_headers_of_an_event_is_415(client, api):
    headers = {"Authorization": f"Bearer {api.token}"}
    body = json.dumps(cloud_event()["data"])
    assert client.post("/api/v1/disclosures", body, "application/json", headers=headers).status_code == 415


def test_extension_is_accepted_and_not_kept(send):
    assert send(cloud_event(), **{"ce-traceparent": "00-1-2-03"}).json()["results"][0]["status"] == "created"
