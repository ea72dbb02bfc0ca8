"""Two machines against one, and with a replica: a person's pages and reports, by clients that ask one after the other.

A machine is one gunicorn process with threads. PostgreSQL and its replica are made for the measurement. All of it runs
on this computer, so where it has two processors, two machines share what one had nearly to itself: the table says what
a second process costs and brings here, not what a second computer would. ``python -m bench.machines``.
"""

import http.client
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from itertools import cycle
from subprocess import Popen
from threading import Lock

from bench import world
from bench.client import Address
from bench.cluster import running
from bench.ingest import bodies_of
from bench.load import Request, in_parallel, median, show
from bench.serving import MANAGE, ROOT, served

CLIENTS, ROUNDS, BATCH = 4, 4, 100
SECONDS = 2.0
# Each has 50 batches.
PARTS = 24
HEAD = ["machines", "/my/ a second", "to one", "reports a second", "to one"]


def main(full: bool) -> None:
    rows = world.MIDDLE if full else world.SMALL
    with ExitStack() as stack:
        primary = stack.enter_context(running())
        world.POSTGRESQL = primary.url
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="bench-"))
        url = world.make_database("postgresql", folder, rows)
        people = max(rows // world.ROWS_PER_PERSON, 100)
        made = world.World("postgresql", url, rows, people, ("127.0.0.1", 0), world.environment_of(url, folder), {})
        world.prepare(made)
        replica = stack.enter_context(running(copy_of=primary))
        away = {"DATABASE_REPLICA_URL": f"{replica.url}/{url.rpartition('/')[2]}"}
        stack.enter_context(working(made))
        plain = [stack.enter_context(served("privacycenter.wsgi", made.environment)) for _ in range(2)]
        with_replica = [
            stack.enter_context(served("privacycenter.wsgi", {**made.environment, **away})) for _ in range(2)
        ]
        made.address = plain[0]
        setups = {"one": plain[:1], "two": plain}
        measure(made, setups | {"one, and a replica": with_replica[:1], "two, and a replica": with_replica})


def measure(made: world.World, setups: dict[str, list[Address]]) -> None:
    """Print the table. The setups take turns, so that other load affects all of them."""
    pages: dict[str, list[float]] = {name: [] for name in setups}
    reports: dict[str, list[float]] = {name: [] for name in setups}
    for number in range(ROUNDS + 1):
        for name, addresses in setups.items():
            page_rate = rate(addresses, cycle([("GET", "/my/", b"", {"Cookie": f"sessionid={made.facts['session']}"})]))
            report_rate = BATCH * rate(addresses, iter(batches(made, f"{name}-{number}")))
            if number:  # the first round warms up
                pages[name].append(page_rate)
                reports[name].append(report_rate)
    first = next(iter(setups))
    show("Machines on one database", HEAD, [
        [
            name, f"{median(pages[name]):,.1f}", f"{median(pages[name]) / median(pages[first]):.2f}",
            f"{median(reports[name]):,.0f}", f"{median(reports[name]) / median(reports[first]):.2f}",
        ]
        for name in setups
    ])  # fmt: skip


def batches(made: world.World, name: str) -> list[Request]:
    """Return more batches than can be taken, made before the clock runs."""
    headers = {"Authorization": f"Bearer {made.token()}", "Content-Type": "application/cloudevents-batch+json"}
    unique = f"{name}-{time.time_ns()}"
    return [
        ("POST", "/api/v1/disclosures", body, headers)
        for part in range(PARTS)
        for body in bodies_of(made, f"{unique}-{part}", BATCH)
    ]


def rate(addresses: list[Address], requests: Iterator[Request]) -> float:
    """Return responses a second. Each client has a connection to each machine, and asks one after the other."""
    shared = Shared(requests)

    def work(_number: int) -> list[float]:
        connections = cycle([http.client.HTTPConnection(*address, timeout=60) for address in addresses])
        taken, until = [], time.perf_counter() + SECONDS
        while time.perf_counter() < until:
            method, path, body, headers = shared.next()
            connection, begun = next(connections), time.perf_counter()
            connection.request(method, path, body or None, headers)
            answer = connection.getresponse()
            content = answer.read()
            if answer.status != 200:
                raise RuntimeError(f"{path} was answered {answer.status}: {content[:300]!r}")
            taken.append(time.perf_counter() - begun)
        for _address in addresses:
            next(connections).close()
        return taken

    taken, lasted = in_parallel(work, CLIENTS)
    return len(taken) / lasted


class Shared:
    """An iterator that several threads take from."""

    def __init__(self, requests: Iterator[Request]) -> None:
        self.requests, self.lock = requests, Lock()

    def next(self) -> Request:
        with self.lock:
            return next(self.requests)


@contextmanager
def working(made: world.World) -> Iterator[None]:
    """Run the worker, which is one for all."""
    process = Popen([*MANAGE, "work"], env=made.environment, cwd=ROOT)  # noqa: S603  our own
    try:
        yield
    finally:
        process.terminate()
        process.wait(60)


if __name__ == "__main__":
    main("--full" in sys.argv)
