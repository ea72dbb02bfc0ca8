"""manage.py consume [URL] --reporter CODE: record disclosures from a queue, as the API does."""

import signal
from argparse import ArgumentParser
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from disclosures.consuming.actions import queue_read_by
from disclosures.consuming.consumer import Consumer
from disclosures.consuming.queues import Queue, QueueAway, QueueUnusable
from disclosures.models import Reporter
from disclosures.reporters.queries import reporter_that_may
from disclosures.reporters.tokens import DISCLOSURES_WRITE
from privacycenter.errors import InsufficientScope, ReporterPaused, Unauthorized
from privacycenter.operation.queue_address import SHAPES, QueueAddress, queue_address


class Command(BaseCommand):
    help = (
        "Record disclosures from NATS JetStream or Kafka: CloudEvents as in the API, recorded by the same action. A "
        "message is acknowledged after the commit; repeating is harmless. What cannot be recorded is kept for "
        "`manage.py refused_messages`. Stops cleanly on Ctrl-C and SIGTERM."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("url", nargs="?", default="", help=f"{SHAPES} (default: CONSUME_URL)")
        parser.add_argument(
            "--reporter", default="", help="in whose name: who writes to the queue (default: CONSUME_REPORTER)"
        )
        parser.add_argument(
            "--in-flight", type=int, default=1000, help="messages read at a time, at most (default: %(default)s)"
        )
        parser.add_argument("--once", action="store_true", help="read what is there, then end")

    def handle(self, *args: Any, url: str, reporter: str, in_flight: int, once: bool, **options: Any) -> None:
        if not 1 <= in_flight <= 10_000:
            raise CommandError("--in-flight must be from 1 to 10000.")
        address = address_of(url or settings.CONSUME_URL)
        speaker = speaking(reporter or settings.CONSUME_REPORTER)
        row = queue_read_by(name=address.name, reporter=speaker)
        consumer = Consumer(lambda: opened(address, in_flight), row, in_flight)
        with stopped_by_signals(consumer):
            try:
                consumer.run(is_once=once)
            except QueueUnusable as error:
                raise CommandError(str(error)) from error
            except QueueAway as error:
                raise CommandError(f"The queue does not answer: {error}") from error
            except (Unauthorized, InsufficientScope) as refusal:
                raise CommandError(f"{refusal.detail} What was not recorded is still in the queue.") from refusal
        row.refresh_from_db()
        self.stdout.write(
            f"{address.name}: {row.message_count} messages so far; created {row.created_count}, duplicate "
            f"{row.duplicate_count}, conflict {row.conflict_count}, invalid {row.invalid_count}"
        )


def address_of(url: str) -> QueueAddress:
    if not url:
        raise CommandError(f"Say which queue: {SHAPES}, as an argument or in CONSUME_URL.")
    try:
        return queue_address(url)
    except ValueError as error:
        raise CommandError(f"The address of the queue is wrong: {error}") from error


def speaking(code: str) -> Reporter:
    """Return the reporter in whose name the queue is read."""
    if not code:
        raise CommandError("Say in whose name: --reporter CODE, or CONSUME_REPORTER.")
    found = Reporter.objects.filter(code=code).first()
    if found is None:
        raise CommandError(f"There is no reporter “{code}”.")
    try:
        return reporter_that_may(DISCLOSURES_WRITE, reporter=found.pk)
    except ReporterPaused:
        return found  # it waits
    except (Unauthorized, InsufficientScope) as refusal:
        raise CommandError(refusal.detail) from refusal


def opened(address: QueueAddress, in_flight: int) -> Queue:
    """Open the queue by its own client, which only who reads one needs to have installed."""
    try:
        if address.kind == "nats":
            from disclosures.consuming.nats_queue import NatsQueue

            return NatsQueue(address, in_flight)
        from disclosures.consuming.kafka_queue import KafkaQueue

        return KafkaQueue(address, in_flight)
    except ImportError as error:
        raise QueueUnusable(
            f"The client of {address.kind} is not installed. Install what is pinned: "
            "pip install -r requirements/consume.txt"
        ) from error


@contextmanager
def stopped_by_signals(consumer: Consumer) -> Iterator[None]:
    """Let SIGINT and SIGTERM stop the consumer after the batch that it is recording."""
    former: dict[int, Any] = {}
    stop: Callable[..., None] = lambda *_: consumer.stopping.set()  # noqa: E731
    for name in (signal.SIGINT, signal.SIGTERM):
        former[name] = signal.signal(name, stop)
    try:
        yield
    finally:
        for number, handler in former.items():
            signal.signal(number, handler)
