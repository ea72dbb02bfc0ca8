"""Processor time of one answer: a person's pages, a check and reports, of the process and of PostgreSQL's own.

The WSGI application is called in this process, without a server and a client, so that what else the machine does counts
little. What is compared takes turns. In the environment of ``bench.world``, ``python -m bench.processor`` measures and
prints one line of JSON. ``BENCH_PROFILE=NAME`` prints where one of them spends it.
"""

import cProfile
import io
import json
import os
import pstats
import random
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median
from typing import Any

from bench.serving import table
from bench.world import engines, sizes, world

ROUNDS, ANSWERS = 8, 12
HEADINGS = ["processor time", "answer", "process ms", "database ms", "both", "of SELECT 1", "statements"]
Ask = Callable[[], Any]


class Site:
    """The application as this process serves it. ``calls``: name → what asks once."""

    def __init__(self) -> None:
        from django.core.wsgi import get_wsgi_application

        self.facts = json.loads(os.environ["BENCH_FACTS"])
        self.application = get_wsgi_application()
        self.chance = random.Random(1)  # noqa: S311
        self.bearer = f"Bearer {os.environ['BENCH_TOKEN']}"

    def answer(self, method: str, path: str, body: bytes = b"", **more: str) -> bytes:
        path, _mark, query = path.partition("?")
        environ = {
            "REQUEST_METHOD": method, "PATH_INFO": path, "QUERY_STRING": query, "SERVER_NAME": "127.0.0.1",
            "SERVER_PORT": "80", "REMOTE_ADDR": "127.0.0.1", "HTTP_HOST": "127.0.0.1", "SERVER_PROTOCOL": "HTTP/1.1",
            "wsgi.input": io.BytesIO(body), "wsgi.errors": sys.stderr, "wsgi.url_scheme": "http",
            "CONTENT_LENGTH": str(len(body)), **more,
        }  # fmt: skip
        status: list[str] = []
        answered = self.application(environ, lambda line, _headers: status.append(line))
        found = b"".join(answered)
        answered.close()
        if not status[0].startswith("200"):
            raise RuntimeError(f"{path}: {status[0]} {found[:300]!r}")
        return found

    def page(self, path: str) -> Ask:
        return lambda: self.answer("GET", path, HTTP_COOKIE=f"sessionid={self.facts['session']}")

    def select_1(self) -> Any:
        return self.answer("POST", "/bench/select-1", b"{}", CONTENT_TYPE="application/json")

    def check(self) -> Any:
        question = {
            "subject": f"bench-{self.chance.randrange(self.facts['people']):07d}", "recipient": "northwind-analytics",
            "service": "jalan", "scenario": "survey-results", "items": ["name", "survey-answers"],
        }  # fmt: skip
        body = json.dumps(question).encode()
        return self.answer(
            "POST", "/api/v1/permission-checks", body, CONTENT_TYPE="application/json", HTTP_AUTHORIZATION=self.bearer
        )

    @property
    def calls(self) -> dict[str, Ask]:
        pages = {
            "/my/": "/my/", "list": "/my/disclosures/", "list, filtered": "/my/disclosures/?recipient=minato-inn",
            "by recipient": "/my/recipients/",
        }  # fmt: skip
        return {"SELECT 1": self.select_1, "check": self.check, **{name: self.page(p) for name, p in pages.items()}}


def backend_seconds() -> Callable[[], float]:
    """Return what tells the processor time of this connection's PostgreSQL process; nothing on another machine."""
    from django.db import connection

    if connection.vendor != "postgresql":
        return lambda: 0.0
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        place = Path(f"/proc/{cursor.fetchone()[0]}/schedstat")
    return lambda: int(place.read_text().split()[0]) / 1e9 if place.exists() else 0.0


def statements_of(ask: Ask) -> int:
    from django.db import connection

    count = 0

    def counted(execute: Any, *arguments: Any) -> Any:
        nonlocal count
        count += 1
        return execute(*arguments)

    with connection.execute_wrapper(counted):
        ask()
    return count


def rounds(calls: dict[str, Ask], spent: Callable[[], float]) -> Iterator[tuple[str, float, float]]:
    """Yield name, and seconds of processor time of the process and of the database, of each answer."""
    for number in range(ROUNDS + 1):
        for name, ask in calls.items():
            for _answer in range(ANSWERS):
                began, database = time.process_time(), spent()
                ask()
                if number:  # the first round warms up
                    yield name, time.process_time() - began, spent() - database


def measure() -> dict[str, Any]:
    from django.core.signals import request_finished, request_started
    from django.db import close_old_connections

    # One connection for all: its process is the one whose time is read.
    request_started.disconnect(close_old_connections)
    request_finished.disconnect(close_old_connections)
    calls, spent = Site().calls, backend_seconds()
    found: dict[str, Any] = {name: {"process": [], "database": []} for name in calls}
    for name, process, database in rounds(calls, spent):
        found[name]["process"].append(process)
        found[name]["database"].append(database)
    if wanted := os.environ.get("BENCH_PROFILE"):
        profiled(calls[wanted])
    return {
        name: {
            "process": median(values["process"]), "database": median(values["database"]),
            "statements": statements_of(calls[name]),
        }
        for name, values in found.items()
    }  # fmt: skip


def profiled(ask: Ask) -> None:
    profile = cProfile.Profile()
    profile.enable()
    for _answer in range(40):
        ask()
    profile.disable()
    for order in ("cumulative", "tottime"):
        pstats.Stats(profile).sort_stats(order).print_stats(os.environ.get("BENCH_PROFILE_OF", ""), 60)


def main(full: bool) -> None:
    lines: list[list[object]] = []
    for engine in engines():
        with world(engine, sizes(full)[0 if full else 1]) as made:
            facts = {**made.facts, "people": made.people}
            made.environment |= {"BENCH_FACTS": json.dumps(facts), "BENCH_TOKEN": made.token()}
            *profile, answer = made.run("bench.processor").splitlines()
            print(*profile, sep="\n", end="")
            found = json.loads(answer)
        bare = found["SELECT 1"]["process"] + found["SELECT 1"]["database"]
        lines += [line_of(made.name, name, one, bare) for name, one in found.items()]
    table("Processor time of one answer", HEADINGS, lines)


def line_of(world_name: str, name: str, one: dict[str, Any], bare: float) -> list[object]:
    both = one["process"] + one["database"]
    times = [f"{seconds * 1e3:.2f}" for seconds in (one["process"], one["database"], both)]
    return [world_name, name, *times, f"{both / bare:.2f}", one["statements"]]


if __name__ == "__main__":
    import django

    django.setup()
    print(json.dumps(measure()))
