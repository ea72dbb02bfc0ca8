"""Reporting over HTTP compared with a bare multi-row INSERT of the same rows, in turns. ``python -m bench.ingest``."""

import json
import os
import sqlite3
import sys
import time
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime

import psycopg

from bench.fill import ACT, COLUMNS, FIRST_PERSON, PUBLICATION, SOURCE
from bench.load import Request, in_parallel, median, seconds_of, show
from bench.world import World, engines, sizes, world

BATCHES, CLIENTS = (100, 1000), (1, 4)
ROUNDS = 4
# Each client sends this many events a round.
EVENTS = 5000
HEAD = ["reporting", "batch", "clients", "HTTP events/s", "bare events/s", "ratio", "HTTP ms a batch"]


def measure(made: World) -> list[list[str]]:
    rows = []
    for batch in BATCHES:
        for clients in CLIENTS:
            over_http, bare, taken = [], [], []
            for number in range(ROUNDS + 1):
                name = f"{batch}-{clients}-{number}-{uuid.uuid4().hex[:8]}"
                rate, seconds = http_rate(made, name, batch, clients)
                plain = bare_rate(made, name, batch, clients)
                if number:  # the first round warms up
                    over_http.append(rate)
                    taken += seconds
                    bare.append(plain)
            rows.append(
                [
                    made.name, f"{batch:,}", str(clients), f"{median(over_http):,.0f}", f"{median(bare):,.0f}",
                    f"{median(over_http) / median(bare):.2f}", f"{median(taken) * 1000:.0f}",
                ]
            )  # fmt: skip
    return rows


# --- Over HTTP -------------------------------------------------------------------------------------------------------


def http_rate(made: World, name: str, batch: int, clients: int) -> tuple[float, list[float]]:
    headers = {
        "Authorization": f"Bearer {made.token()}", "Content-Type": "application/cloudevents-batch+json",
        "Host": f"127.0.0.1:{made.address[1]}",
    }  # fmt: skip
    bodies = [list(bodies_of(made, f"{name}-{client}", batch)) for client in range(clients)]

    def requests(client: int) -> Iterator[Request]:
        for body in bodies[client]:
            yield "POST", "/api/v1/disclosures", body, headers

    taken, lasted = in_parallel(lambda client: seconds_of(made.address, requests(client)), clients)
    return EVENTS * clients / lasted, taken


def bodies_of(made: World, name: str, batch: int) -> Iterator[bytes]:
    now = datetime.now(UTC).isoformat(timespec="seconds")
    data = {
        "recipient": "minato-inn", "service": "jalan", "scenario": "online-booking",
        "items": ["name", "email", "phone"], "ground": "person_act",
    }  # fmt: skip
    for start in range(0, EVENTS, batch):
        events = [
            {
                "specversion": "1.0", "type": "privacycenter.disclosure.v1", "source": SOURCE,
                "id": f"{name}-{n}", "time": now, "subject": f"bench-{n * 7919 % made.people:07d}",
                "data": {**data, "evidence": {"kind": "act", "reference": f"R-{n:09d}"}},
            }
            for n in range(start, start + batch)
        ]  # fmt: skip
        yield json.dumps(events).encode()


# --- Bare ------------------------------------------------------------------------------------------------------------


def bare_rate(made: World, name: str, batch: int, clients: int) -> float:
    """Return the rate for as many rows of the same people: one statement and commit per batch, values ready-made."""
    values = [[values_of(made, batch, start) for start in range(0, EVENTS, batch)] for _client in range(clients)]

    def write(client: int) -> list[float]:
        if made.engine == "postgresql":
            with psycopg.connect(made.url, autocommit=True) as connection:
                for batch_values in values[client]:
                    connection.execute(statement("%s", batch), batch_values)  # type: ignore[call-overload]
        else:
            connection = sqlite3.connect(made.url.removeprefix("sqlite:///"), timeout=60, isolation_level=None)
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = NORMAL")
            for batch_values in values[client]:
                connection.execute(statement("?", batch), batch_values)
            connection.close()
        return []

    _nothing, lasted = in_parallel(write, clients)
    return EVENTS * clients / lasted


def statement(place: str, batch: int) -> str:
    row = f"({', '.join([place] * len(COLUMNS))})"
    return (
        f"INSERT INTO disclosures_disclosure ({', '.join(COLUMNS)}) "  # noqa: S608  names of our own
        f"VALUES {', '.join([row] * batch)} ON CONFLICT DO NOTHING"
    )


def values_of(made: World, batch: int, start: int) -> list:
    recipient, service, scenario, items, reporter, ground, source = made.facts["pointers"][0]
    now = datetime.now(UTC)
    moment = now if made.engine == "postgresql" else now.strftime("%Y-%m-%d %H:%M:%S.%f")
    values = []
    for n in range(start, start + batch):
        id = (
            uuid.UUID(bytes=os.urandom(16), version=8)
            if sys.version_info >= (3, 14)
            else uuid.UUID(bytes=os.urandom(16))
        )
        values += [
            FIRST_PERSON + n * 7919 % made.people, id if made.engine == "postgresql" else id.hex, recipient, service,
            scenario, items, reporter, ground, 0, moment, moment, f"bare-{id.hex[:20]}", os.urandom(32),
            PUBLICATION, ACT, f"R-{n:09d}", source,
        ]  # fmt: skip
    return values


# --- Where the rest goes ---------------------------------------------------------------------------------------------


def where_it_goes(made: World) -> str:
    """Return the parts of one batch of 1,000 in one process, by ``bench.profile_ingest``."""
    return f"[{made.name}] a batch of 1,000 in one process: {made.run('bench.profile_ingest').strip().splitlines()[-1]}"


def alone(full: bool = False) -> None:
    rows, lines = [], []
    for engine in engines():
        for size in sizes(full):
            begun = time.perf_counter()
            with world(engine, size) as made:
                rows += measure(made)
                lines.append(where_it_goes(made))
            print(f"[{engine} {size:,}] {time.perf_counter() - begun:.0f} s", file=sys.stderr)
    show("Ingest: POST /api/v1/disclosures beside bare INSERT … ON CONFLICT DO NOTHING", HEAD, rows)
    print("\n".join(lines))


if __name__ == "__main__":
    alone("--full" in sys.argv)
