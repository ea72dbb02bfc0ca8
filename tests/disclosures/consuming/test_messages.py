"""CloudEvents in messages: structured, in batches, and in the binary modes of NATS and Kafka."""

import json

import pytest

from disclosures.consuming.consumer import groups
from disclosures.consuming.messages import Message, events_of
from tests.support.api import cloud_correction, cloud_event
from tests.support.queues import BATCH, SINGLE


def message(body, position="1", **headers) -> Message:
    body = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Message(position, {name.replace("_", "-"): value for name, value in headers.items()}, body)


def ids(found) -> list[str]:
    return [one.event.event_id if one.event else one.refusal.name for one in found]


@pytest.mark.parametrize("type", [SINGLE, f"{SINGLE}; charset=utf-8", "", "application/json"])
def test_structured_event_is_read(type):
    assert ids(events_of(message(cloud_event("a"), content_type=type))) == ["a"]


@pytest.mark.parametrize("type", [BATCH, "", "application/json"])
def test_batch_is_read_event_by_event(type):
    found = events_of(message([cloud_event("a"), {"id": "b"}, cloud_event("c")], content_type=type))
    assert ids(found) == ["a", "invalid-value", "c"]
    assert json.loads(found[1].kept.body) == {"id": "b"} and ids(events_of(found[1].kept)) == ["invalid-value"]


def attributes(prefix, **more) -> dict[str, str]:
    event = {**cloud_event("a"), **more}
    return {prefix + name: value for name, value in event.items() if name != "data"}


def test_binary_event_of_nats_is_percent_decoded():
    headers = attributes("ce-", subject="%E6%9C%AC%E4%BA%BA", id='"a b"')
    found = events_of(Message("1", {**headers, "content-type": "application/json"}, data_of(cloud_event())))
    assert (found[0].event.subject, found[0].event.event_id) == ("本人", "a b")


def test_binary_event_of_kafka_is_taken_as_it_is():
    headers = attributes("ce_", subject="本人 100%41")
    assert events_of(Message("1", headers, data_of(cloud_event())))[0].event.subject == "本人 100%41"


def test_binary_correction_is_one():
    event = cloud_correction("5a0c1b7e-2d4f-8a61-b3c2-9d8e7f605142")
    headers = attributes("ce-", type=event["type"], id=event["id"])
    assert events_of(Message("1", headers, data_of(event)))[0].event.event_id == "correction-1"


def data_of(event) -> bytes:
    return json.dumps(event["data"]).encode()


@pytest.mark.parametrize(
    ("body", "type", "problem"),
    [
        (b"", "", "not-json"),
        (b"{", SINGLE, "not-json"),
        (b"\xff", "", "not-json"),
        (b"[" * 100_000, "", "not-json"),
        (json.dumps(cloud_event()).encode("utf-16"), "", "not-json"),
        (b'{"id": "a", "id": "b"}', "", "not-json"),
        (b"7", "", "invalid-value"),
        (b"{}", BATCH, "invalid-value"),
        (b"[]", SINGLE, "invalid-value"),
        (b"{}", "text/plain", "wrong-content-type"),
        (b'{"id": "\\ud800"}', "", "invalid-value"),
    ],
)
def test_message_that_is_no_event_says_why(body, type, problem):
    assert ids(events_of(message(body, content_type=type))) == [problem]


def test_binary_header_that_is_not_percent_encoded_says_why():
    headers = attributes("ce-", subject="%ff")
    [one] = events_of(Message("1", headers, data_of(cloud_event())))
    assert one.refusal.field == "ce-subject"


def test_messages_are_recorded_in_stretches_of_about_a_batch():
    of = [message([cloud_event(f"{n}-{m}") for m in range(400)], str(n)) for n in range(5)]
    sizes = [([one.position for one in some], len(read)) for some, read in groups([*of, message([], "none")])]
    assert sizes == [(["0", "1"], 800), (["2", "3"], 800), (["4", "none"], 400)]
