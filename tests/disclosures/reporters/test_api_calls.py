"""What holds for every call: bodies may be compressed, HEAD is answered like GET, times may have a leap second."""

import gzip
import json
import tracemalloc

import pytest
from django.conf import settings

from disclosures.models import Disclosure
from tests.support.api import QUESTION, cloud_event

pytestmark = pytest.mark.django_db


@pytest.fixture
def send(client, api):
    def post(path, sent, kind="application/json", encoding="gzip", **more):
        headers = {"Authorization": f"Bearer {api.token}", "Content-Encoding": encoding, **more}
        return client.post(f"/api/v1{path}", sent, kind, headers=headers)

    return post


def packed(body) -> bytes:
    return gzip.compress(json.dumps(body).encode(), mtime=0)


EVENT = "application/cloudevents+json"


@pytest.mark.parametrize("encoding", ["gzip", "GZIP", "x-gzip"])
def test_compressed_body_is_read_as_what_it_holds(send, encoding):
    answer = send("/disclosures", packed(cloud_event()), EVENT, encoding)
    assert answer.json()["results"][0]["status"] == "created"
    assert Disclosure.objects.count() == 1


def test_compressed_permission_check_is_answered(send):
    assert send("/permission-checks", packed(QUESTION)).status_code == 200


def test_compressed_form_of_a_token_is_read(client, api):
    form = gzip.compress(b"grant_type=client_credentials")
    sent = client.post("/api/v1/token", form, "application/x-www-form-urlencoded", headers={"Content-Encoding": "gzip"})
    assert (sent.status_code, sent.json()["error"]) == (401, "invalid_client")


@pytest.mark.parametrize("encoding", ["br", "gzip, gzip", "gzip, identity", "deflate"])
def test_other_encoding_is_415_and_says_what_is_read(send, encoding):
    refused = send("/disclosures", packed(cloud_event()), EVENT, encoding)
    assert (refused.status_code, refused.headers["Accept-Encoding"]) == (415, "gzip, identity")
    assert refused.json()["type"] == "urn:privacycenter:problem:wrong-content-encoding"
    assert not Disclosure.objects.exists()


@pytest.mark.parametrize(
    "body",
    [b"", b"{}", packed(cloud_event())[:-4], packed(cloud_event()) + b"more", packed({}) * 2],
    ids=["empty", "not packed", "cut off", "followed", "twice"],
)
def test_body_that_is_no_whole_gzip_is_400_and_records_nothing(send, body):
    refused = send("/disclosures", body, EVENT)
    assert (refused.status_code, refused.json()["type"]) == (400, "urn:privacycenter:problem:not-gzip")
    assert not Disclosure.objects.exists()


def test_small_body_that_holds_too_much_is_413_and_takes_no_memory_for_it(send):
    bomb = gzip.compress(b" " * (200 * 1024 * 1024), 9)
    assert len(bomb) < settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    tracemalloc.start()
    refused = send("/disclosures", bomb, EVENT)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert (refused.status_code, refused.json()["type"]) == (413, "urn:privacycenter:problem:body-too-large")
    assert peak < 10 * settings.DATA_UPLOAD_MAX_MEMORY_SIZE


def test_limit_is_the_same_compressed_or_not(send):
    at_most = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    assert send("/permission-checks", gzip.compress(b" " * at_most)).status_code == 400
    assert send("/permission-checks", gzip.compress(b" " * (at_most + 1))).status_code == 413


def test_compressed_question_that_cannot_be_read_is_a_no(send):
    assert send("/permission-checks", b"nothing").json()["allowed"] is False


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
