"""Queues that a test starts: NATS with JetStream as a process, Kafka as librdkafka's cluster in this process."""

import asyncio
import json
import signal
import subprocess
from contextlib import contextmanager

import nats
from confluent_kafka import Producer

from tests.support.processes import wait_until
from tests.support.production import answers, free_port, installed

STREAM, SUBJECT, TOPIC = "DISCLOSURES", "disclosures.reported", "disclosures"
SINGLE = "application/cloudevents+json"
BATCH = "application/cloudevents-batch+json"


class Nats:
    """A server with its own folder. ``url``: of its stream, as CONSUME_URL has it."""

    def __init__(self, folder, port):
        self.folder, self.port, self.process = folder, port, None
        self.server = f"nats://127.0.0.1:{port}"
        self.url = f"{self.server}/{STREAM}?durable=privacycenter"

    def start(self):
        command = [installed("nats-server"), "-a", "127.0.0.1", "-p", str(self.port), "-js", "-sd", str(self.folder)]
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        wait_until(lambda: answers(self.port))

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait()

    def publish(self, *messages):
        """Each is a body, or a body and its headers."""
        self.do(self.published(messages))

    async def published(self, messages):
        client = await nats.connect(self.server)
        for message in messages:
            body, headers = message if isinstance(message, tuple) else (message, None)
            await client.jetstream().publish(SUBJECT, in_bytes(body), headers=headers)
        await client.close()

    def make_stream(self):
        self.do(self.made())

    async def made(self):
        client = await nats.connect(self.server)
        await client.jetstream().add_stream(name=STREAM, subjects=["disclosures.>"])
        await client.close()

    def consumer(self, name="privacycenter"):
        async def info():
            client = await nats.connect(self.server)
            found = await client.jetstream().consumer_info(STREAM, name)
            await client.close()
            return found

        return self.do(info())

    def waiting(self):
        found = self.consumer()
        return found.num_pending + found.num_ack_pending

    def do(self, work):
        return asyncio.run(work)


def in_bytes(body) -> bytes:
    return body if isinstance(body, bytes) else json.dumps(body).encode()


@contextmanager
def nats_server(folder):
    server = Nats(folder, free_port())
    server.start()
    try:
        server.make_stream()
        yield server
    finally:
        server.stop()


class Kafka:
    """A cluster of one broker. ``url``: of its topic. It notices who left a group only when the session is over, so
    sessions are short."""

    def __init__(self, folder):
        self.producer = Producer({"test.mock.num.brokers": 1, "bootstrap.servers": "unused", "log_level": 2})
        [broker] = self.producer.list_topics(timeout=30).brokers.values()
        self.server = f"{broker.host}:{broker.port}"
        config = folder / "kafka.properties"
        config.write_text("# short\nsession.timeout.ms = 6000\nheartbeat.interval.ms = 500\n")
        self.url = f"kafka://{self.server}/{TOPIC}?config={config}"

    def publish(self, *messages):
        for number, message in enumerate(messages):
            body, headers = message if isinstance(message, tuple) else (message, None)
            self.producer.produce(TOPIC, in_bytes(body), headers=headers, partition=number % 2)
        assert self.producer.flush(30) == 0
