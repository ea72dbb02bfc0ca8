"""The loop that reads a queue: as fast as the database records, a bounded number of messages at a time."""

import logging
import threading
import time
from collections.abc import Callable, Iterator, Sequence

from django.db import Error, InterfaceError, OperationalError, close_old_connections, connection

from disclosures.consuming.actions import keep_unforeseen, note_waiting, record_messages
from disclosures.consuming.messages import Message, Read, events_of
from disclosures.consuming.queues import Queue, QueueAway
from disclosures.ledger.recording import LARGEST_BATCH
from disclosures.models import ConsumedQueue
from privacycenter.errors import InsufficientScope, ReporterPaused, Unauthorized

WAIT_SECONDS = 1.0
LOOK_SECONDS = 15.0
PAUSED_SECONDS = 30.0
LONGEST_REST_SECONDS = 30.0

log = logging.getLogger(__name__)


class Consumer:
    """Reads one queue until it is told to stop, or until there is nothing more to read.

    A message is acknowledged after the transaction that records it, or keeps it as refused. Killed anywhere, messages
    come again that are recorded already, and are duplicates. ``opened``: opens the queue, also anew.
    """

    def __init__(self, opened: Callable[[], Queue], row: ConsumedQueue, in_flight: int) -> None:
        self.opened, self.row, self.in_flight = opened, row, in_flight
        self.stopping = threading.Event()
        self.failures = 0
        self.looked_at = 0.0

    def run(self, *, is_once: bool = False) -> None:
        """Raises QueueUnusable, Unauthorized, InsufficientScope; QueueAway if the queue does not answer at first."""
        queue = self.opened()
        try:
            while not self.stopping.is_set():
                try:
                    if not is_once:
                        close_old_connections()
                    is_empty = not self.read_some(queue)
                    self.failures = 0
                    if is_empty and is_once and queue.is_drained():
                        self.look(queue)
                        return
                except QueueAway as error:
                    log.warning("the queue does not answer, trying again: %s", error)
                    queue = self.open_anew(queue)
        finally:
            queue.close()

    def read_some(self, queue: Queue) -> bool:
        """Read and record what is there, at most ``in_flight`` messages. Return whether there was anything."""
        messages = queue.fetch(self.in_flight, WAIT_SECONDS)
        left = list(messages)
        try:
            for done, read in groups(messages):
                if self.stopping.is_set():
                    break
                self.record(read)
                queue.acknowledge(done)
                left = left[len(done) :]
            if time.monotonic() - self.looked_at > LOOK_SECONDS:
                self.look(queue)
        except ReporterPaused:
            log.warning("the reporter is paused: nothing is read until it may go on")
            self.step_back(queue, left, PAUSED_SECONDS)
            left = []
        except (OperationalError, InterfaceError) as error:
            log.warning("the database does not answer, trying again: %s", " ".join(str(error).split()))
            connection.close()
            self.failures += 1
            self.step_back(queue, left, min(2.0**self.failures, LONGEST_REST_SECONDS))
            left = []
        except (Unauthorized, InsufficientScope):
            queue.put_back(left)
            raise
        if left:
            queue.put_back(left)
        return bool(messages)

    def record(self, read: Sequence[Read]) -> None:
        """Record these. Where that breaks as nobody foresaw, one message at a time, and the one at fault is kept."""
        try:
            record_messages(read=read, queue=self.row)
        except (OperationalError, InterfaceError, ReporterPaused, Unauthorized, InsufficientScope):
            raise
        except Exception:
            by_message: dict[str, list[Read]] = {}
            for one in read:
                by_message.setdefault(one.message.position, []).append(one)
            if len(by_message) == 1:
                log.exception("message %s is put aside: recording it broke", read[0].message.position)
                keep_unforeseen(read=read, queue=self.row)
                return
            log.warning("recording many messages broke, trying one at a time")
            for own in by_message.values():
                self.record(own)

    def step_back(self, queue: Queue, messages: Sequence[Message], seconds: float) -> None:
        """Have these delivered again, and wait, or until told to stop."""
        queue.put_back(messages)
        until = time.monotonic() + seconds
        while not self.stopping.is_set() and (left := until - time.monotonic()) > 0:
            queue.rest(min(left, WAIT_SECONDS))

    def look(self, queue: Queue) -> None:
        """Write down how many messages wait."""
        self.looked_at = time.monotonic()
        try:
            note_waiting(queue=self.row, count=queue.waiting_count())
        except QueueAway as error:
            log.warning("the queue does not say how much waits: %s", error)
        except Error as error:
            log.warning("how many messages wait was not written down: %s", " ".join(str(error).split()))

    def open_anew(self, queue: Queue) -> Queue:
        """Close the queue and open it again, as often as it takes, or until told to stop."""
        queue.close()
        while not self.stopping.is_set():
            self.failures += 1
            self.stopping.wait(min(2.0**self.failures, LONGEST_REST_SECONDS))
            try:
                return self.opened()
            except QueueAway as error:
                log.warning("the queue does not answer, trying again: %s", error)
        return queue


def groups(messages: Sequence[Message]) -> Iterator[tuple[list[Message], list[Read]]]:
    """Yield stretches of messages with their events for one transaction: about as many as in a batch of the API.

    The events of one message are never taken apart. A message may hold none: an empty batch.
    """
    some: list[Message] = []
    read: list[Read] = []
    for message in messages:
        found = events_of(message)
        if some and len(read) + len(found) > LARGEST_BATCH:
            yield some, read
            some, read = [], []
        some.append(message)
        read += found
    if some:
        yield some, read
