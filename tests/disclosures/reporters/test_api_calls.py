"""What holds for every call: compressed bodies are refused, HEAD is answered like GET, times may have a leap second."""

import gzip
import json

import pytest

from disclosures.models import Disclosure
from tests.support.api import QUESTION, cloud_event

pytestmark = pytest.mark.django_db


@pytest.fixture
def compressed(client, api):
    def send(path, body, kind="application/json", encoding="gzip"):
        headers = {"Authorization": f"Bearer {api.token}", "Content-Encoding": encoding}
        return client.post(f"/api/v1{path}", gzip.compress(json.dumps(body).encode()), kind, headers=headers)

    return send


@pytest.mark.parametrize("encoding", ["gzip", "GZIP", "br", "gzip, identity"])
def test_compressed_body_is_415_and_says_what_is_read(compressed, encoding):
    refused = compressed("/disclosures", cloud_event(), "application/cloudevents+json", encoding)
    assert (refused.status_code, refused.headers["Accept-Encoding"]) == (415, "identity")
    assert refused.json()["type"] == "urn:privacycenter:problem:wrong-content-encoding"
    assert not Disclosure.objects.exists()


def test_compressed_permission_check_is_a_no(compressed):
    assert compressed("/permission-checks", QUESTION).json()["allowed"] is False


def test_compressed_form_of_a_token_is_415(client):
    refused = client.post("/api/v1/token", b"\x1f\x8b", "application/x-www-form-urlencoded", headers={"Content-Encoding": "gzip"})  # fmt: skip
    assert refused.status_code == 415


def test_identity_is_no_compression(client, api):
    headers = {"Authorization": f"Bearer {api.token}", "Content-Encoding": "identity"}
    assert client.post("/api/v1/permission-checks", QUESTION, "application/json", headers=headers).status_code == 200


@pytest.mark.parametrize("path", ["/catalogue", "/decisions", "/approval-requests", "/openapi.json"])
def test_head_is_answered_like_get_without_the_body(client, api, path):
    headers = {"Authorization": f"Bearer {api.token}"}
    got, head = (call(f"/api/v1{path}", headers=headers) for call in (client.get, client.head))
    assert (head.status_code, head.content) == (200, b"")
    for name in ("Content-Type", "Content-Length", "ETag"):
        assert head.headers.get(name) == got.headers.get(name)


def test_head_has_the_status_of_get(client, api):
    assert client.head("/api/v1/catalogue").status_code == 401
    assert (
        client.head("/api/v1/approval-requests/1-nothing", headers={"Authorization": f"Bearer {api.token}"}).status_code
        == 404
    )


def test_call_without_get_is_405_and_names_what_there_is(client, api):
    head = client.head("/api/v1/permission-checks", headers={"Authorization": f"Bearer {api.token}"})
    assert (head.status_code, head.headers["Allow"]) == (405, "POST")
    assert api.post("/catalogue", {}).headers["Allow"] == "GET, HEAD"


@pytest.mark.parametrize(
    ("time", "kept"),
    [
        ("2016-12-31T23:59:60Z", "2016-12-31T23:59:59+00:00"), ("2017-01-01T08:59:60+09:00", "2016-12-31T23:59:59+00:00"),
        ("2015-06-30T23:59:60.5Z", "2015-06-30T23:59:59.500000+00:00"),
    ],
)  # fmt: skip
def test_leap_second_counts_as_the_second_before(api, time, kept):
    [result] = api.report({**cloud_event(), "time": time}).json()["results"]
    assert (result["status"], Disclosure.objects.get().occurred_at.isoformat()) == ("created", kept)


@pytest.mark.parametrize(
    "time",
    [
        "2016-12-31T23:58:60Z", "2016-12-30T23:59:60Z", "2016-12-31T23:59:60+09:00", "2016-12-31T23:59:61Z",
        "2016-12-31T23:59:60", "2016-99-31T23:59:60Z",
    ],
)  # fmt: skip
def test_second_60_elsewhere_is_refused(api, time):
    [result] = api.report({**cloud_event(), "time": time}).json()["results"]
    assert (result["status"], result["problem"]["field"]) == ("invalid", "time")
