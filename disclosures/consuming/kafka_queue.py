"""Kafka: a member of a consumer group that commits its offsets itself. Needs the extra ``kafka``."""

import logging
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from confluent_kafka import (
    OFFSET_INVALID,
    Consumer,
    ConsumerGroupTopicPartitions,
    KafkaError,
    KafkaException,
    TopicPartition,
)
from confluent_kafka import Message as Native
from confluent_kafka.admin import AdminClient, OffsetSpec  # type: ignore[attr-defined]

from disclosures.consuming.messages import Message
from disclosures.consuming.queues import QueueAway, QueueUnusable
from privacycenter.operation.queue_address import QueueAddress

ANSWER_SECONDS = 10.0
# What waits in the client's memory, at most.
BUFFERED_KIB = 16 * 1024
# What a member of a group that is being shared out anew is told when it commits. The messages come again, to another.
NO_LONGER_OURS = {
    KafkaError.ILLEGAL_GENERATION, KafkaError.UNKNOWN_MEMBER_ID, KafkaError.REBALANCE_IN_PROGRESS,
    KafkaError._NO_OFFSET, KafkaError._STATE,
}  # fmt: skip
# Messages that say so are no reason to begin anew.
PASSING = {KafkaError._PARTITION_EOF, KafkaError._TRANSPORT, KafkaError._ALL_BROKERS_DOWN, KafkaError._RESOLVE}

# The library's functions have no types.
EARLIEST: Any = OffsetSpec.earliest()  # type: ignore[no-untyped-call]
LATEST: Any = OffsetSpec.latest()  # type: ignore[no-untyped-call]

log = logging.getLogger(__name__)


class KafkaQueue:
    """One member of the group, subscribed to one topic."""

    def __init__(self, address: QueueAddress, in_flight: int) -> None:
        """Raises QueueUnusable for settings that the client does not understand."""
        self.address, self.in_flight = address, in_flight
        try:
            given = settings_in(address.file)
            self.consumer = Consumer({**own_settings(address), **given, **fixed_settings(address)})
            of_admin: Any = {**connection_settings(address), **given, **servers_of(address), "logger": log}
            self.admin = AdminClient(of_admin)
        except (KafkaException, OSError, ValueError) as error:
            raise QueueUnusable(f"Kafka's client refuses its settings: {error}") from error
        self.consumer.subscribe([address.place])

    def fetch(self, most: int, wait_seconds: float) -> list[Message]:
        found: list[Message] = []
        for one in self.consumer.consume(min(most, self.in_flight), wait_seconds):
            if error := one.error():
                heed(error)
            else:
                found.append(message_of(one))
        return found

    def is_drained(self) -> bool:
        """A fetch brings nothing either while the group is being shared out."""
        return self.waiting_count() == 0

    def acknowledge(self, messages: Sequence[Message]) -> None:
        """Commit what comes after the last one of each partition."""
        last = {(one.native.topic(), one.native.partition()): one.native.offset() for one in messages}
        offsets = [TopicPartition(topic, partition, offset + 1) for (topic, partition), offset in last.items()]
        try:
            self.consumer.commit(offsets=offsets, asynchronous=False)
        except KafkaException as error:
            if error.args[0].code() not in NO_LONGER_OURS:
                raise QueueAway(f"Kafka: {error.args[0].name()}") from error
            log.warning("the group was shared out anew: %s messages come again", len(messages))

    def put_back(self, messages: Sequence[Message]) -> None:
        """Go back to the first one of each partition."""
        first = {
            (one.native.topic(), one.native.partition()): one.native.offset() for one in reversed(messages)
        }  # fmt: skip
        for (topic, partition), offset in first.items():
            try:
                self.consumer.seek(TopicPartition(topic, partition, offset))
            except KafkaException as error:
                # Not ours any more: whoever has it begins where was committed.
                log.warning("Kafka: %s", error.args[0].name())

    def rest(self, seconds: float) -> None:
        """A member that asks for nothing for minutes is put out of its group."""
        try:
            held = self.consumer.assignment()
            self.consumer.pause(held)
            until = time.monotonic() + seconds
            while (left := until - time.monotonic()) > 0:
                if one := self.consumer.poll(min(left, 1.0)):
                    self.put_back([message_of(one)] if not one.error() else [])
            self.consumer.resume(held)
        except KafkaException as error:
            raise QueueAway(f"Kafka: {error.args[0].name()}") from error

    def waiting_count(self) -> int | None:
        """Of all partitions, also those that other members read. By a connection of its own: on that of the group it
        would wait for the next fetch, and until the group is shared out."""
        place = self.address.place
        try:
            topic = self.admin.list_topics(place, ANSWER_SECONDS).topics[place]
            places = [TopicPartition(place, number) for number in topic.partitions]
            [asked] = self.admin.list_consumer_group_offsets(
                [ConsumerGroupTopicPartitions(self.address.reader, places)], request_timeout=ANSWER_SECONDS
            ).values()
            done = {one.partition: one.offset for one in asked.result(ANSWER_SECONDS).topic_partitions}
            first, last = (self.offsets(places, spec) for spec in (EARLIEST, LATEST))
        except (KafkaException, TimeoutError) as error:
            raise QueueAway(f"Kafka: {type(error).__name__}") from error
        counts = [last[number] - max(int(done.get(number, OFFSET_INVALID)), first[number]) for number in last]
        return sum(counts)

    def offsets(self, places: Sequence[TopicPartition], spec: Any) -> dict[int, int]:
        """Return partition → offset."""
        asked = self.admin.list_offsets(dict.fromkeys(places, spec), request_timeout=ANSWER_SECONDS)
        return {place.partition: answer.result(ANSWER_SECONDS).offset for place, answer in asked.items()}

    def close(self) -> None:
        try:
            self.consumer.close()
        except (KafkaException, RuntimeError):
            log.warning("the group was not left properly")


def connection_settings(address: QueueAddress) -> dict[str, object]:
    """Return the settings of any connection that a file may change."""
    return {"client.id": "privacycenter", **({"security.protocol": "ssl"} if address.is_encrypted else {})}


def own_settings(address: QueueAddress) -> dict[str, object]:
    """Return the settings that a file may change."""
    return {
        **connection_settings(address),
        "auto.offset.reset": "earliest",
        "queued.max.messages.kbytes": BUFFERED_KIB,
        "allow.auto.create.topics": False,
    }


def servers_of(address: QueueAddress) -> dict[str, object]:
    return {"bootstrap.servers": ",".join(address.servers)}


def fixed_settings(address: QueueAddress) -> dict[str, object]:
    """Return the settings on which it rests that nothing is lost."""
    return {
        **servers_of(address),
        "group.id": address.reader,
        "enable.auto.commit": False,
        "enable.auto.offset.store": False,
        "logger": log,
    }


def settings_in(file: str) -> dict[str, str]:
    """Return further settings of the client, one ``name=value`` a line. Raises OSError, ValueError."""
    lines = Path(file).read_text(encoding="utf-8").splitlines() if file else []
    pairs = [line.partition("=") for line in lines if line.strip() and not line.lstrip().startswith("#")]
    if not all(equals for _name, equals, _value in pairs):
        raise ValueError("a line of the file is not name=value")
    return {name.strip(): value.strip() for name, _equals, value in pairs}


def heed(error: KafkaError) -> None:
    if error.code() == KafkaError.UNKNOWN_TOPIC_OR_PART:
        raise QueueUnusable("There is no such topic. Make it first.")
    if error.fatal() or error.code() not in PASSING:
        raise QueueAway(f"Kafka: {error.name()}")
    log.warning("Kafka: %s", error.name())


def message_of(one: Native) -> Message:
    pairs: Any = one.headers() or []
    headers = {name.lower(): (value or b"").decode("utf-8", "replace") for name, value in pairs}
    return Message(f"{one.topic()}:{one.partition()}:{one.offset()}", headers, one.value() or b"", one)
