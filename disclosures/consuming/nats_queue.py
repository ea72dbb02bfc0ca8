"""NATS JetStream: a durable pull consumer. Needs the extra ``nats``."""

import asyncio
import logging
import threading
from collections.abc import Coroutine, Sequence
from typing import Any, TypeVar

import nats.aio.client
import nats.errors
import nats.js.errors
from nats.js.api import AckPolicy, ConsumerConfig

from disclosures.consuming.messages import Message
from disclosures.consuming.queues import QueueAway, QueueUnusable
from privacycenter.operation.queue_address import QueueAddress

T = TypeVar("T")
ANSWER_SECONDS = 10.0
# What is not acknowledged by then is delivered again. Longer than any batch takes.
ACKNOWLEDGED_WITHIN_SECONDS = 120.0

log = logging.getLogger(__name__)


class NatsQueue:
    """One connection, in an event loop of its own, so that the server's pings are answered while the database works."""

    def __init__(self, address: QueueAddress, in_flight: int) -> None:
        """Raises QueueAway, or QueueUnusable for a stream or consumer that is not as it must be."""
        self.address, self.in_flight = address, in_flight
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self.thread.start()
        self.client = nats.aio.client.Client()
        self.is_closed = False
        try:
            self.run(self.open())
        except BaseException:
            self.close()
            raise

    def run(self, work: Coroutine[Any, Any, T], seconds: float = ANSWER_SECONDS) -> T:
        """Do it in the loop. Raises QueueAway if the server does not answer in time."""
        future = asyncio.run_coroutine_threadsafe(asyncio.wait_for(work, seconds), self.loop)
        try:
            return future.result(seconds + 1)
        except (nats.errors.Error, OSError, TimeoutError) as error:
            raise QueueAway(f"NATS: {type(error).__name__}") from error

    async def open(self) -> None:
        options: dict[str, Any] = {"user_credentials": self.address.file} if self.address.file else {}
        await self.client.connect(
            servers=list(self.address.servers), name="privacycenter consume", max_reconnect_attempts=-1,
            connect_timeout=5, error_cb=note, **options,
        )  # fmt: skip
        wanted = ConsumerConfig(
            ack_policy=AckPolicy.EXPLICIT, ack_wait=ACKNOWLEDGED_WITHIN_SECONDS, max_ack_pending=self.in_flight * 2
        )
        try:
            self.subscription = await self.client.jetstream().pull_subscribe(
                self.address.subject, durable=self.address.reader, stream=self.address.place, config=wanted
            )
            found = (await self.subscription.consumer_info()).config
        except nats.js.errors.NotFoundError as error:
            raise QueueUnusable(f"There is no stream “{self.address.place}”. Make it first.") from error
        except nats.js.errors.APIError as error:
            raise QueueUnusable(f"NATS refuses the consumer: {error.description}") from error
        if found.ack_policy != AckPolicy.EXPLICIT:
            raise QueueUnusable(
                f"The consumer “{self.address.reader}” acknowledges by itself, so what is not recorded would be lost. "
                "Give it the policy “explicit”, or take another name with ?durable=."
            )

    def fetch(self, most: int, wait_seconds: float) -> list[Message]:
        try:
            found = self.run(self.next_ones(min(most, self.in_flight), wait_seconds), wait_seconds + ANSWER_SECONDS)
        except QueueAway as error:
            # While it connects anew nothing comes. Anything else is a reason to begin anew.
            if isinstance(error.__cause__, TimeoutError) and not self.client.is_closed:
                return []
            raise
        return [
            Message(
                f"{self.address.place}:{one.metadata.sequence.stream}",
                {name.lower(): value for name, value in (one.headers or {}).items()}, one.data, one,
            )
            for one in found
        ]  # fmt: skip

    async def next_ones(self, most: int, wait_seconds: float) -> list[Any]:
        try:
            return list(await self.subscription.fetch(most, timeout=wait_seconds))
        except (TimeoutError, nats.errors.TimeoutError):
            return []

    def is_drained(self) -> bool:
        return True

    def acknowledge(self, messages: Sequence[Message]) -> None:
        self.run(self.each(messages, "ack"))

    def put_back(self, messages: Sequence[Message]) -> None:
        self.run(self.each(messages, "nak"))

    async def each(self, messages: Sequence[Message], verb: str) -> None:
        for message in messages:
            await getattr(message.native, verb)()
        await self.client.flush()

    def rest(self, seconds: float) -> None:
        threading.Event().wait(seconds)

    def waiting_count(self) -> int | None:
        found = self.run(self.subscription.consumer_info())
        return (found.num_pending or 0) + (found.num_ack_pending or 0)

    def close(self) -> None:
        if self.is_closed:
            return
        self.is_closed = True
        try:
            self.run(self.client.close())
        except Exception:
            log.warning("the connection to NATS was not closed properly")
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join(ANSWER_SECONDS)
        if not self.thread.is_alive():
            self.loop.close()


async def note(error: Exception) -> None:
    log.warning("NATS: %s", " ".join(str(error).split()) or type(error).__name__)
