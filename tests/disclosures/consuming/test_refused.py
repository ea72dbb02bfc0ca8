"""What cannot be recorded is kept, encrypted, each once; the operator finds it, records it again or drops it."""

import json
from unittest import mock

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError
from django.utils import timezone

from disclosures.consuming import consumer as loop
from disclosures.consuming.actions import queue_read_by, reseal_refused_messages
from disclosures.consuming.consumer import Consumer
from disclosures.consuming.messages import Message
from disclosures.consuming.queues import QueueAway
from disclosures.consuming.retention import purge_refused_messages
from disclosures.models import ConsumedQueue, Disclosure, Recipient, RefusedMessage, RejectedReport
from disclosures.reporters.actions import change_reporter, stop_reporter
from disclosures.reporters.pause_actions import pause_reporter, resume_reporter
from privacycenter.errors import InsufficientScope, Unauthorized
from privacycenter.operation.metrics import exposition
from tests.support.api import cloud_event
from tests.support.commands import output_of

pytestmark = pytest.mark.django_db


class FakeQueue:
    """A queue in memory: what is not acknowledged comes again."""

    def __init__(self, *bodies):
        self.left = [
            Message(f"Q:{n}", {}, body if isinstance(body, bytes) else json.dumps(body).encode())
            for n, body in enumerate(bodies)
        ]
        self.acknowledged, self.rests, self.is_away = [], 0, 0

    def fetch(self, most, wait_seconds):
        if self.is_away:
            self.is_away -= 1
            raise QueueAway("gone")
        found, self.left = self.left[:most], self.left[most:]
        return found

    def is_drained(self):
        return not self.left

    def acknowledge(self, messages):
        self.acknowledged += [one.position for one in messages]

    def put_back(self, messages):
        self.left = [*messages, *self.left]

    def rest(self, seconds):
        self.rests += 1

    def waiting_count(self):
        return len(self.left)

    def close(self):
        pass


@pytest.fixture
def row(reporter):
    return queue_read_by(name="fake Q/test", reporter=reporter)


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch):
    monkeypatch.setattr(loop, "PAUSED_SECONDS", 0.0)
    monkeypatch.setattr(loop, "LONGEST_REST_SECONDS", 0.0)


def consume(queue, row, in_flight=1000):
    Consumer(lambda: queue, row, in_flight).run(is_once=True)
    row.refresh_from_db()
    return row


def test_all_is_recorded_and_acknowledged(row):
    queue = FakeQueue(*(cloud_event(f"e-{n}") for n in range(5)), [cloud_event("e-5"), cloud_event("e-0")], [])
    consume(queue, row, in_flight=2)
    assert queue.acknowledged == [f"Q:{n}" for n in range(7)]
    assert (row.message_count, row.created_count, row.duplicate_count, row.invalid_count) == (6, 6, 1, 0)
    assert Disclosure.objects.count() == 6 and not RefusedMessage.objects.exists()


def test_bad_messages_are_kept_and_hold_up_none_of_the_others(row):
    queue = FakeQueue(b"{", cloud_event("a"), cloud_event("b", recipient="nobody"), [cloud_event("c"), {"id": "d"}])
    consume(queue, row)
    assert len(queue.acknowledged) == 4 and Disclosure.objects.count() == 2 and row.invalid_count == 3
    kept = RefusedMessage.objects.order_by("position")
    assert [(one.position, one.problem["type"].rpartition(":")[2], one.problem.get("field")) for one in kept] == [
        ("Q:0", "not-json", None), ("Q:2", "unknown-code", "data.recipient"), ("Q:3", "invalid-value", "specversion"),
    ]  # fmt: skip
    assert not any("subject-hanako" in one.sealed for one in kept)
    assert RejectedReport.objects.count() == 1


def test_refused_message_that_comes_again_is_kept_once_and_another_at_its_place_too(row):
    for body in (b"{", b"{", b"[["):
        consume(FakeQueue(body), row)
    assert RefusedMessage.objects.count() == 2


def test_service_of_another_reporter_is_refused_as_by_the_api(row):
    consume(FakeQueue(cloud_event("a", service="zexy")), row)
    assert RefusedMessage.objects.get().problem["field"] == "data.service" and not Disclosure.objects.exists()


def test_list_is_paged_and_says_why(row):
    consume(FakeQueue(b"{"), row)
    consume(FakeQueue(cloud_event("b", recipient="nobody")), row)
    first = output_of("refused_messages", "--limit=1")
    assert "Q:0" in first and "not-json" in first and "travel" in first and "unknown-code" not in first
    after = first.split("--after ")[1].strip()
    rest = output_of("refused_messages", f"--after={after}")
    assert "unknown-code (data.recipient)" in rest and "not-json" not in rest


def test_message_is_shown_as_it_came(row):
    consume(FakeQueue(cloud_event("b", recipient="nobody")), row)
    shown = output_of("refused_messages", f"--show={RefusedMessage.objects.get().pk}")
    assert json.loads(shown) == cloud_event("b", recipient="nobody")


def test_mended_message_is_recorded_again_and_gone(row):
    consume(FakeQueue([cloud_event("a", recipient="new-inn"), {}], cloud_event("b", recipient="new-inn")), row)
    with pytest.raises(CommandError, match="3 are still refused"):
        call_command("refused_messages", "--retry")
    minato = Recipient.objects.get(code="minato-inn")
    Recipient.objects.create(code="new-inn", title="新しい宿", country=minato.country, position=9)
    with pytest.raises(CommandError, match="1 are still refused"):
        call_command("refused_messages", "--retry")
    assert set(Disclosure.objects.values_list("event_id", flat=True)) == {"a", "b"}
    left = RefusedMessage.objects.get()
    assert output_of("refused_messages", "--drop", str(left.pk)) == "1 dropped\n"
    assert output_of("refused_messages") == "No message is refused.\n"


def test_message_that_is_not_there_is_said(row):
    for option in ("--show", "--retry", "--after"):
        with pytest.raises(CommandError, match="no such message"):
            call_command("refused_messages", option, "01a2b3c4-d5e6-7f80-9a1b-2c3d4e5f6071")


def test_paused_reporter_is_waited_for_and_nothing_is_lost(row, reporter, officer):
    pause_reporter(reporter=reporter, reason="確かめます。", by=officer)
    queue = FakeQueue(cloud_event("a"))
    consumer = Consumer(lambda: queue, row, 10)
    assert consumer.read_some(queue) and consumer.read_some(queue)
    assert (len(queue.left), queue.acknowledged) == (1, []) and not Disclosure.objects.exists()
    resume_reporter(reporter=reporter, reason="だいじょうぶです。", by=officer)
    consume(queue, row)
    assert queue.acknowledged == ["Q:0"] and Disclosure.objects.count() == 1


def test_reporter_without_the_scope_and_a_stopped_one_record_nothing_and_lose_nothing(row, reporter):
    queue = FakeQueue(cloud_event("a"))
    change_reporter(reporter=reporter, scopes=["disclosures:read"])
    with pytest.raises(InsufficientScope):
        consume(queue, row)
    stop_reporter(reporter=reporter)
    with pytest.raises(Unauthorized):
        consume(queue, row)
    assert len(queue.left) == 1 and not queue.acknowledged and not Disclosure.objects.exists()


def test_database_that_does_not_answer_is_waited_for(row):
    queue = FakeQueue(cloud_event("a"), cloud_event("b"))
    recorded, refusals = loop.record_messages, [OperationalError("gone"), OperationalError("gone")]

    def sometimes(**named):
        if refusals:
            raise refusals.pop()
        return recorded(**named)

    with mock.patch.object(loop, "record_messages", sometimes), mock.patch.object(loop.connection, "close"):
        consume(queue, row)
    assert queue.acknowledged == ["Q:0", "Q:1"] and Disclosure.objects.count() == 2


def test_queue_that_does_not_answer_is_opened_anew(row):
    queue = FakeQueue(cloud_event("a"))
    queue.is_away = 2
    consume(queue, row)
    assert Disclosure.objects.count() == 1


def test_message_at_which_recording_breaks_is_put_aside_alone(row):
    queue = FakeQueue(cloud_event("a"), [cloud_event("b"), cloud_event("bad")], cloud_event("c"))
    recorded = loop.record_messages

    def breaking(*, read, queue):
        if any(one.event.event_id == "bad" for one in read):
            raise ValueError("unforeseen")
        return recorded(read=read, queue=queue)

    with mock.patch.object(loop, "record_messages", breaking):
        consume(queue, row)
    assert len(queue.acknowledged) == 3 and Disclosure.objects.count() == 2
    kept = RefusedMessage.objects.all()
    assert {one.position for one in kept} == {"Q:1"} and len(kept) == 2
    call_command("refused_messages", "--retry")
    assert Disclosure.objects.count() == 4


def test_told_to_stop_it_ends_after_the_batch_and_puts_the_rest_back(row, monkeypatch):
    monkeypatch.setattr(loop, "LARGEST_BATCH", 1)
    queue = FakeQueue(*(cloud_event(f"e-{n}") for n in range(3)))
    consumer = Consumer(lambda: queue, row, 10)
    recorded = loop.record_messages

    def then_stop(**named):
        consumer.stopping.set()
        return recorded(**named)

    with mock.patch.object(loop, "record_messages", then_stop), mock.patch.object(loop, "close_old_connections"):
        consumer.run()
    assert queue.acknowledged == ["Q:0"] and [one.position for one in queue.left] == ["Q:1", "Q:2"]


def test_metrics_say_what_came_and_what_waits(row):
    consume(FakeQueue(cloud_event("a"), b"{"), row)
    text = exposition().decode()
    labels = 'queue="fake Q/test",reporter="travel"'
    for line in (
        f"privacycenter_consumed_messages_total{{{labels}}} 2.0",
        f'privacycenter_consumed_events_total{{{labels},status="created"}} 1.0',
        f'privacycenter_consumed_events_total{{{labels},status="invalid"}} 1.0',
        f"privacycenter_queue_waiting_messages{{{labels}}} 0.0",
        f"privacycenter_refused_messages{{{labels}}} 1.0",
    ):
        assert line in text
    assert f"privacycenter_queue_seen_seconds{{{labels}}}" in text


def test_refused_messages_are_put_under_a_new_key(row, settings):
    consume(FakeQueue(b"{"), row)
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another-key-" * 6
    assert reseal_refused_messages().done == 1
    settings.SECRET_KEY_FALLBACKS = []
    assert output_of("refused_messages", f"--show={RefusedMessage.objects.get().pk}").strip() == "{"


def test_refused_messages_are_removed_with_the_age_of_rejected_reports(row):
    consume(FakeQueue(b"{"), row)
    now = timezone.now()
    assert purge_refused_messages(now, dry_run=True) == {"refusedmessage": 1} and RefusedMessage.objects.exists()
    assert purge_refused_messages(now) == {"refusedmessage": 1} and not RefusedMessage.objects.exists()
    assert ConsumedQueue.objects.count() == 1
