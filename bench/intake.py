"""Many disclosures by three ways: batches of the API, an upload, a queue. Rows a second, and peak memory."""

import base64
import gzip
import hashlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bench.fill import SOURCE
from bench.load import show
from bench.world import ROOT, SMALL, World, engines, free_port, world

HEAD = ["way in", "events", "events/s", "beside the API", "CPU ms/1,000", "beside the API", "peak MB", "of process"]
EVENTS, EVENTS_FULL = 20_000, 200_000
PART_BYTES = 1024 * 1024
# The cluster that Kafka's client brings keeps 5 MB of each partition and forgets what is older.
KEPT_BY_KAFKA = 40_000
PATIENCE_SECONDS = 1800
TOKENS: dict[tuple[str, int], str] = {}
DATA = {
    "recipient": "minato-inn", "service": "jalan", "scenario": "online-booking", "items": ["name", "email", "phone"],
    "ground": "person_act",
}  # fmt: skip


def main(full: bool) -> None:
    count = EVENTS_FULL if full else EVENTS
    for engine in engines():
        with world(engine, SMALL) as made:
            ways: list[tuple[str, int, Callable[[World, int], Taken]]] = [
                ("API, batches of 1,000", count, by_batches),
                ("upload, JSON Lines", count, lambda made, count: by_upload(made, count, compress=False)),
                ("upload, gzip", count, lambda made, count: by_upload(made, count, compress=True)),
                ("queue, NATS", count, by_nats),
                ("queue, Kafka", min(count, KEPT_BY_KAFKA), by_kafka),
            ]
            taken = [(name, number, way(made, number)) for name, number, way in ways]
            rows = [row_of(name, number, one, taken[0][2], count) for name, number, one in taken]
        load = " ".join(f"{one:.1f}" for one in os.getloadavg())
        show(f"Intake [{engine}], {os.cpu_count()} processors, load {load}", HEAD, rows)


@dataclass(frozen=True)
class Taken:
    """What a way took. ``process``: whose memory and processor time it is. ``seconds`` is 0 for one left out."""

    process: str
    seconds: float = 0.0
    cpu_seconds: float = 0.0
    peak_mb: float = 0.0


def row_of(name: str, count: int, taken: Taken, of_api: Taken, count_of_api: int) -> list[str]:
    if not taken.seconds:
        return [name, "", "left out", "", "", "", "", taken.process]
    rate, rate_of_api = count / taken.seconds, count_of_api / of_api.seconds
    cpu, cpu_of_api = taken.cpu_seconds / count, of_api.cpu_seconds / count_of_api
    return [
        name, f"{count:,}", f"{rate:,.0f}", f"{rate / rate_of_api:.2f}", f"{cpu * 1_000_000:.0f}",
        f"{cpu / (cpu_of_api or 1):.2f}", f"{taken.peak_mb:.0f}", taken.process,
    ]  # fmt: skip


def events_of(made: World, count: int) -> Iterator[dict[str, Any]]:
    """Yield events that are new each time, of as many people as there are."""
    name, now = uuid.uuid4().hex[:8], datetime.now(UTC).isoformat(timespec="seconds")
    for n in range(count):
        yield {
            "specversion": "1.0", "type": "privacycenter.disclosure.v1", "source": SOURCE, "id": f"{name}-{n}",
            "time": now, "subject": f"bench-{n * 7919 % made.people:07d}",
            "data": {**DATA, "evidence": {"kind": "act", "reference": f"R-{n:09d}"}},
        }  # fmt: skip


# --- By the API ------------------------------------------------------------------------------------------------------


def token_of(made: World) -> str:
    """Return a token, and keep it: asking for one before every call is limited."""
    if made.address not in TOKENS:
        TOKENS[made.address] = made.token()
    return TOKENS[made.address]


def call(made: World, method: str, path: str, body: bytes = b"", **headers: str) -> Any:
    """Return the parsed answer. Raises RuntimeError if it is none of success."""
    request = urllib.request.Request(
        f"http://127.0.0.1:{made.address[1]}/api/v1{path}", body if method != "GET" else None, method=method,
        headers={"Authorization": f"Bearer {token_of(made)}", **{k.replace("_", "-"): v for k, v in headers.items()}},
    )  # fmt: skip
    try:
        with urllib.request.urlopen(request, timeout=300) as answer:  # noqa: S310
            return json.load(answer)
    except OSError as error:
        raise RuntimeError(f"{method} {path}: {error}") from error


def by_batches(made: World, count: int) -> Taken:
    events = list(events_of(made, count))
    bodies = [json.dumps(events[start : start + 1000]).encode() for start in range(0, count, 1000)]
    measured = Measured(processes_of(made, "gunicorn"))
    for body in bodies:
        results = call(made, "POST", "/disclosures", body, Content_Type="application/cloudevents-batch+json")["results"]
        if {one["status"] for one in results} != {"created"}:
            raise RuntimeError(f"not all were created: {results[0]}")
    return measured.taken("gunicorn")


# --- By an upload ----------------------------------------------------------------------------------------------------


def by_upload(made: World, count: int, *, compress: bool) -> Taken:
    """From the announcement until the last line is recorded."""
    content = "".join(json.dumps(event) + "\n" for event in events_of(made, count)).encode()
    content = gzip.compress(content, 6) if compress else content
    measured = Measured(processes_of(made, "work"))
    announced = {
        "size_bytes": len(content), "sha256": hashlib.sha256(content).hexdigest(),
        "encoding": "gzip" if compress else "identity",
    }  # fmt: skip
    body = json.dumps(announced).encode()
    id = call(made, "POST", "/disclosure-uploads", body, Content_Type="application/json")["id"]
    for offset in range(0, len(content), PART_BYTES):
        part = content[offset : offset + PART_BYTES]
        digest = base64.b64encode(hashlib.sha256(part).digest()).decode()
        call(
            made, "PUT", f"/disclosure-uploads/{id}/parts/{offset}", part, Content_Type="application/octet-stream",
            Content_Digest=f"sha-256=:{digest}:",
        )  # fmt: skip
    call(made, "POST", f"/disclosure-uploads/{id}/completions", Content_Type="application/json")
    while (upload := call(made, "GET", f"/disclosure-uploads/{id}"))["state"] in ("waiting", "recording"):
        if measured.seconds > PATIENCE_SECONDS:
            raise RuntimeError("the upload is not recorded")
        time.sleep(0.2)
    if upload["lines"]["created"] != count:
        raise RuntimeError(f"not all were created: {upload}")
    return measured.taken("worker")


# --- By a queue ------------------------------------------------------------------------------------------------------


def by_nats(made: World, count: int) -> Taken:
    """From the start of the process until it has read all; its start is among it."""
    program = shutil.which("nats-server", path=f"{os.environ['PATH']}:/usr/sbin")
    try:
        import nats  # noqa: F401
    except ImportError:
        return Taken("no client")
    if program is None:
        return Taken("no server")
    with nats_server(program) as port:
        publish_to_nats(port, events_of(made, count))
        return consumed(made, f"nats://127.0.0.1:{port}/BENCH", count)


@contextmanager
def nats_server(program: str) -> Iterator[int]:
    port = free_port()
    with tempfile.TemporaryDirectory(prefix="bench-nats-") as folder:
        command = [program, "-a", "127.0.0.1", "-p", str(port), "-js", "-sd", folder]
        child = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # noqa: S603
        try:
            for _try in range(100):
                try:
                    socket.create_connection(("127.0.0.1", port), 1).close()
                    break
                except OSError:
                    time.sleep(0.1)
            yield port
        finally:
            child.send_signal(signal.SIGTERM)
            child.wait(timeout=30)


def publish_to_nats(port: int, events: Iterator[dict[str, Any]]) -> None:
    import asyncio

    import nats

    async def publish() -> None:
        client = await nats.connect(f"nats://127.0.0.1:{port}")
        stream = client.jetstream()
        await stream.add_stream(name="BENCH", subjects=["bench"])
        for event in events:
            await stream.publish("bench", json.dumps(event).encode())
        await client.close()

    asyncio.run(publish())


def by_kafka(made: World, count: int) -> Taken:
    """The same from the cluster that Kafka's client brings, in this process."""
    try:
        from confluent_kafka import Producer
    except ImportError:
        return Taken("no client")
    producer = Producer({"test.mock.num.brokers": 1, "bootstrap.servers": "unused", "log_level": 2})
    [broker] = producer.list_topics(timeout=30).brokers.values()
    for event in events_of(made, count):
        producer.produce("bench", json.dumps(event).encode())
        producer.poll(0)
    if producer.flush(120):
        raise RuntimeError("not all was published")
    return consumed(made, f"kafka://{broker.host}:{broker.port}/bench", count)


def consumed(made: World, url: str, count: int) -> Taken:
    command = [sys.executable, "-W", "ignore", "manage.py", "consume", url, "--reporter=bench", "--once"]
    begun = time.perf_counter()
    child = subprocess.Popen(command, cwd=ROOT, env=made.environment, stdout=subprocess.PIPE, text=True)  # noqa: S603
    said = child.stdout.read() if child.stdout else ""
    _pid, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    seconds = time.perf_counter() - begun
    if child.returncode or f"created {count}," not in said:
        raise RuntimeError(f"not all were created: {said}")
    return Taken("consume", seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


# --- Processes -------------------------------------------------------------------------------------------------------


def processes_of(made: World, what: str) -> list[int]:
    """Return the site's processes whose command has this word. On Linux alone; none elsewhere."""
    port = f"--port\0{made.address[1]}\0".encode()
    roots = [pid for pid in numbered() if port in command_of(pid) and b"serve" in command_of(pid)]
    return [pid for root in roots for pid in below(root) if what.encode() in command_of(pid)]


def numbered() -> list[int]:
    return [int(path.name) for path in Path("/proc").glob("[0-9]*")]


def command_of(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""


def below(pid: int) -> list[int]:
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except OSError:
        return []
    return [each for child in map(int, children) for each in (child, *below(child))]


class Measured:
    """Some processes, from now on. What else they do meanwhile is among it: the worker also does what follows."""

    def __init__(self, pids: list[int]) -> None:
        self.pids, self.begun = pids, time.perf_counter()
        self.cpu_before = cpu_seconds_of(pids)
        for pid in pids:
            # Has the system forget the highest so far (proc(5)).
            Path(f"/proc/{pid}/clear_refs").write_text("5")

    @property
    def seconds(self) -> float:
        return time.perf_counter() - self.begun

    def taken(self, process: str) -> Taken:
        return Taken(process, self.seconds, cpu_seconds_of(self.pids) - self.cpu_before, peak_of(self.pids))


def cpu_seconds_of(pids: list[int]) -> float:
    ticks = 0
    for pid in pids:
        parts = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        ticks += int(parts[11]) + int(parts[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def peak_of(pids: list[int]) -> float:
    """Return the highest memory of any of them, in MB. 0 if nobody knows."""
    peaks = [
        int(line.split()[1]) / 1024
        for pid in pids
        for line in Path(f"/proc/{pid}/status").read_text().splitlines()
        if line.startswith("VmHWM")
    ]
    return max(peaks, default=0.0)


if __name__ == "__main__":
    main("--full" in sys.argv)
