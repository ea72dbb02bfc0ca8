"""Permission checks compared with a view that only runs SELECT 1, in turns. ``python -m bench.checks``."""

import json
import random
import sys
from collections.abc import Iterator
from dataclasses import replace

from bench.load import Request, in_parallel, milliseconds, percentile, seconds_of, show
from bench.world import World, engines, free_port, serving, sizes, world

CLIENTS, ROUNDS, REQUESTS = 4, 5, 60
HEAD = [
    "permission checks",
    "clients",
    "check ms p50 / p95 / p99",
    "SELECT 1 ms p50 / p95 / p99",
    "p50 ratio",
    "p99 ratio",
]
COUNTED_HEAD = [
    "permission checks",
    "clients",
    "counted ms p50 / p95 / p99",
    "not counted ms p50 / p95 / p99",
    "p50 ratio",
    "p99 ratio",
]


def measure(made: World) -> list[list[str]]:
    """Return the row of the table: 300 requests on each of 4 connections, in rounds that take turns."""
    checks: list[float] = []
    bare: list[float] = []
    token = made.token()
    in_parallel(lambda client: seconds_of(made.address, asked(made, token, client, 20)), CLIENTS)
    for number in range(ROUNDS):
        checks += in_parallel(
            lambda client, number=number: seconds_of(made.address, asked(made, token, number * 100 + client, REQUESTS)),
            CLIENTS,
        )[0]
        bare += in_parallel(lambda client: seconds_of(made.address, select_1(made, REQUESTS)), CLIENTS)[0]
    ratios = [percentile(checks, part) / percentile(bare, part) for part in (0.5, 0.99)]
    return [[made.name, str(CLIENTS), milliseconds(checks), milliseconds(bare), *(f"{ratio:.2f}" for ratio in ratios)]]


def beside_uncounted(made: World) -> list[list[str]]:
    """Return the row of the table: the same site, and one at the same database that counts no questions, in turns."""
    environment = {**made.environment, "BENCH_UNCOUNTED": "1"}
    uncounted = replace(made, address=("127.0.0.1", free_port()), environment=environment)
    counted_seconds: list[float] = []
    uncounted_seconds: list[float] = []
    turns = [(made, counted_seconds), (uncounted, uncounted_seconds)]
    with serving(uncounted):
        token = made.token()
        for site, _seconds in turns:
            in_parallel(lambda client, site=site: seconds_of(site.address, asked(site, token, client, 50)), CLIENTS)
        for number in range(ROUNDS):
            # Whoever comes second finds a warmer machine.
            for site, seconds in turns if number % 2 else reversed(turns):
                seconds += in_parallel(
                    lambda client, site=site, number=number: seconds_of(
                        site.address, asked(site, token, number * 100 + client, REQUESTS)
                    ),
                    CLIENTS,
                )[0]
    ratios = [percentile(counted_seconds, part) / percentile(uncounted_seconds, part) for part in (0.5, 0.99)]
    return [
        [
            made.name, str(CLIENTS), milliseconds(counted_seconds), milliseconds(uncounted_seconds),
            *(f"{ratio:.2f}" for ratio in ratios),
        ]
    ]  # fmt: skip


def asked(made: World, token: str, seed: int, count: int) -> Iterator[Request]:
    chance = random.Random(seed)  # noqa: S311
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    for _number in range(count):
        question = {
            "subject": f"bench-{chance.randrange(made.people):07d}", "recipient": "northwind-analytics",
            "service": "jalan", "scenario": "survey-results", "items": ["name", "survey-answers"],
        }  # fmt: skip
        yield "POST", "/api/v1/permission-checks", json.dumps(question).encode(), headers


def select_1(made: World, count: int) -> Iterator[Request]:
    for _number in range(count):
        yield "POST", "/bench/select-1", b"{}", {"Content-Type": "application/json"}


def alone(full: bool = False) -> None:
    rows, counted = [], []
    for engine in engines():
        for size in sizes(full):
            with world(engine, size) as made:
                rows += measure(made)
                counted += beside_uncounted(made)
    show("Permission checks: POST /api/v1/permission-checks beside SELECT 1", HEAD, rows)
    show("Permission checks, with their questions counted and without", COUNTED_HEAD, counted)


if __name__ == "__main__":
    alone("--full" in sys.argv)
