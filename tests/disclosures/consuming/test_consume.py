"""manage.py consume against NATS with JetStream and against Kafka: nothing lost, nothing twice, whatever is killed."""

import os
import signal
import subprocess
import sys
from pathlib import Path
from unittest import mock

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from disclosures.models import ConsumedQueue, Disclosure, RefusedMessage
from disclosures.reporters.actions import change_reporter
from privacycenter.operation.queue_address import queue_address
from tests.support.api import cloud_event
from tests.support.commands import output_of
from tests.support.database import address_of_test_database
from tests.support.processes import kill_all, wait_until
from tests.support.queues import BATCH, SINGLE, STREAM, SUBJECT, Kafka, nats_server

pytestmark = pytest.mark.django_db
MANAGE = Path(settings.BASE_DIR) / "manage.py"


@pytest.fixture
def nats(tmp_path):
    with nats_server(tmp_path) as server:
        yield server


@pytest.fixture
def kafka(tmp_path):
    return Kafka(tmp_path)


# Kafka's clients wait for each other in seconds; what the database has a part in is the same for both queues.
EITHER = ["nats", pytest.param("kafka", marks=pytest.mark.once)]


@pytest.fixture
def queue(request):
    return request.getfixturevalue(request.param)


def consume(url, **more) -> str:
    return output_of("consume", url, **{"reporter": "travel", "once": True, **more})


def binary(prefix, id) -> tuple[dict, dict]:
    event = cloud_event(id)
    headers = {prefix + name: value for name, value in event.items() if name != "data"}
    return event["data"], headers


@pytest.mark.parametrize("queue", EITHER, indirect=True)
def test_events_of_every_mode_are_recorded_once(queue, reporter):
    prefix = "ce-" if queue.url.startswith("nats") else "ce_"
    queue.publish(
        (cloud_event("a"), {"content-type": SINGLE}), ([cloud_event("b"), cloud_event("c")], {"Content-Type": BATCH}),
        binary(prefix, "d"), cloud_event("e"), cloud_event("a"), b"no event",
    )  # fmt: skip
    said = consume(queue.url)
    assert "6 messages so far; created 5, duplicate 1, conflict 0, invalid 1" in said
    assert set(Disclosure.objects.values_list("event_id", flat=True)) == set("abcde")
    assert RefusedMessage.objects.get().problem["type"].endswith("not-json")
    assert "6 messages so far" in consume(queue.url)
    assert ConsumedQueue.objects.get().waiting_count == 0


@pytest.mark.parametrize("queue", EITHER, indirect=True)
def test_few_in_flight_are_enough_for_many(queue, reporter):
    queue.publish(*(cloud_event(f"e-{n}") for n in range(25)))
    consume(queue.url, in_flight=4)
    assert Disclosure.objects.count() == 25


def test_subject_of_a_stream_and_a_durable_of_ones_own(nats, reporter):
    nats.publish(cloud_event("a"))
    consume(f"{nats.server}/{STREAM}?subject=disclosures.other&durable=other")
    assert not Disclosure.objects.exists()
    consume(f"{nats.server}/{STREAM}?subject={SUBJECT}&durable=mine")
    assert nats.consumer("mine").ack_floor.stream_seq == 1 and Disclosure.objects.count() == 1


def test_nats_that_starts_again_is_found_again(nats, reporter):
    nats.publish(cloud_event("a"))
    consume(nats.url)
    nats.stop()
    nats.start()
    nats.publish(cloud_event("b"))
    consume(nats.url)
    assert Disclosure.objects.count() == 2


@pytest.mark.parametrize("queue", EITHER, indirect=True)
def test_what_was_not_acknowledged_comes_again(queue, reporter):
    queue.publish(cloud_event("a"))
    path = "disclosures.consuming.consumer.record_messages"
    with mock.patch(path, side_effect=KeyboardInterrupt), pytest.raises(KeyboardInterrupt):
        consume(queue.url)
    assert not Disclosure.objects.exists()
    if queue.url.startswith("nats"):
        assert queue.waiting() == 1
        consume(queue.url.replace("=privacycenter", "=second"))
    else:
        consume(queue.url)
    assert Disclosure.objects.count() == 1


# --- Wrong ways -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("", "Say which queue"),
        ("http://example/x", "The address of the queue is wrong"),
        pytest.param("nats://127.0.0.1:1/STREAM", "does not answer", marks=pytest.mark.once),
    ],
)
def test_queue_that_cannot_be_read_is_said_clearly(reporter, url, message):
    with pytest.raises(CommandError, match=message):
        consume(url)


def test_stream_that_is_not_there_is_said_clearly(nats, reporter):
    with pytest.raises(CommandError, match="There is no stream “NOTHING”"):
        consume(f"{nats.server}/NOTHING")


@pytest.mark.parametrize(("code", "message"), [("", "in whose name"), ("nobody", "no reporter “nobody”")])
def test_reporter_has_to_be_named(reporter, code, message):
    with pytest.raises(CommandError, match=message):
        consume("nats://127.0.0.1:1/STREAM", reporter=code)


def test_reporter_without_the_scope_is_refused(reporter):
    change_reporter(reporter=reporter, scopes=["disclosures:read"])
    with pytest.raises(CommandError, match="disclosures:write"):
        consume("nats://127.0.0.1:1/STREAM")


@pytest.mark.parametrize("in_flight", [0, 10_001])
def test_messages_in_flight_are_bounded(reporter, in_flight):
    with pytest.raises(CommandError, match="--in-flight"):
        consume("nats://127.0.0.1:1/STREAM", in_flight=in_flight)


@pytest.mark.parametrize(("kind", "library"), [("nats", "nats"), ("kafka", "confluent_kafka")])
def test_client_that_is_not_installed_is_said_clearly(reporter, kind, library):
    module = f"disclosures.consuming.{kind}_queue"
    with mock.patch.dict(sys.modules, {library: None, f"{library}.errors": None}):
        sys.modules.pop(module, None)
        with pytest.raises(CommandError, match="requirements/consume.txt"):
            consume(f"{kind}://127.0.0.1:1/PLACE")


def test_settings_may_name_queue_and_reporter(nats, reporter, settings):
    settings.CONSUME_URL, settings.CONSUME_REPORTER = nats.url, "travel"
    nats.publish(cloud_event("a"))
    call_command("consume", once=True)
    assert Disclosure.objects.count() == 1


@pytest.mark.parametrize(
    ("url", "servers", "name"),
    [
        ("nats://u:p@a:4222,b:4222/S?durable=d", ("nats://u:p@a:4222", "nats://u:p@b:4222"), "nats S/d"),
        ("nats+tls://a/S", ("tls://a",), "nats S/privacycenter"),
        ("kafka://a:1,b:2/T?group=g", ("a:1,b:2",), "kafka T/g"),
    ],
)
def test_address_is_read(url, servers, name):
    found = queue_address(url)
    assert (found.servers, found.name) == (servers, name)


@pytest.mark.parametrize(
    "url",
    [
        "nats://secret@host", "nats:///S", "nats://secret@h/S/T", "kafka://secret@h/T", "kafka://secret/T?durable=x",
        "nats://secret@h/S?x=1", "nats://secret@h/S?subject", "amqp://secret@h/S", "nats://[secret/S",
    ],
)  # fmt: skip
def test_address_that_is_wrong_is_refused_without_its_secret(url):
    with pytest.raises(ValueError, match="it ") as caught:
        queue_address(url)
    assert "secret" not in str(caught.value)


# --- Killed -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def start():
    """Starts a consumer of a queue as a process of its own. None outlives the test."""
    processes = []

    def started(url) -> subprocess.Popen:
        environment = {**os.environ, "DEMO": "1", "DATABASE_URL": address_of_test_database()}
        command = [sys.executable, "-W", "ignore", MANAGE, "consume", url, "--reporter=travel", "--in-flight=20"]
        processes.append(
            subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        )
        return processes[-1]

    yield started
    for process in processes:
        kill_all(process)
        process.stdout.close()


@pytest.mark.concurrency
@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
@pytest.mark.parametrize("queue", ["nats", "kafka"], indirect=True)
def test_consumer_killed_in_the_middle_loses_and_repeats_nothing(world, reporter, queue, start):
    queue.publish(*(cloud_event(f"e-{n}", subject=f"person-{n % 5}") for n in range(600)))
    first = start(queue.url)
    wait_until(lambda: Disclosure.objects.exists())
    os.kill(first.pid, signal.SIGKILL)
    first.wait()
    recorded = Disclosure.objects.count()
    assert 0 < recorded <= 600
    # What the killed one had in its hands comes again only after a while; another reader begins at once.
    consume(queue.url.replace("=privacycenter", "=second") if "durable" in queue.url else f"{queue.url}&group=second")
    assert Disclosure.objects.count() == 600
    counts = ConsumedQueue.objects.get(name__endswith="/second")
    assert (counts.created_count, counts.duplicate_count) == (600 - recorded, recorded)
    assert not RefusedMessage.objects.exists()


@pytest.mark.concurrency
@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_told_to_stop_it_ends_cleanly_and_acknowledges_what_it_recorded(world, reporter, nats, start):
    nats.publish(*(cloud_event(f"e-{n}") for n in range(300)))
    consumer = start(nats.url)
    wait_until(lambda: Disclosure.objects.exists())
    consumer.send_signal(signal.SIGTERM)
    said, _ = consumer.communicate(timeout=60)
    assert consumer.returncode == 0, said
    recorded = Disclosure.objects.count()
    assert nats.waiting() == 300 - recorded and f"created {recorded}" in said


@pytest.mark.concurrency
@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_two_consumers_share_a_queue(world, reporter, nats, start):
    nats.publish(*(cloud_event(f"e-{n}", subject=f"person-{n % 5}") for n in range(300)))
    both = [start(nats.url), start(nats.url)]
    wait_until(lambda: Disclosure.objects.count() == 300 and nats.waiting() == 0)
    for one in both:
        one.send_signal(signal.SIGTERM)
        one.communicate(timeout=60)
    assert Disclosure.objects.count() == 300
    row = ConsumedQueue.objects.get()
    assert (row.message_count, row.created_count, row.duplicate_count) == (300, 300, 0)
