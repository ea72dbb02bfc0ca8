"""Fill a new database with a ledger, as fast as the engine allows: COPY on PostgreSQL, executemany on SQLite.

``python -m bench.fill ROWS PEOPLE`` in the environment of ``bench.world``; the last line it prints is JSON. Rows come
in order of time, each of any person, as in production, so that indexes are as full and rows as scattered. On SQLite
they come in order of people instead, because it cannot build the primary key's index afterwards.
"""

import json
import os
import random
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import django

FIRST_PERSON = 1_000_000
BLOCK = 10_000
DAYS = 1_000
VIEWER_ROWS = 400
COLUMNS = (
    "person_id", "id", "recipient_id", "service_id", "scenario_id", "item_set_id", "reporter_id", "ground", "flags",
    "occurred_at", "recorded_at", "event_id", "fingerprint", "publication", "evidence_kind", "evidence_reference",
    "source_id",
)  # fmt: skip
# What every row cites: the person's act, compared with the first publication.
PUBLICATION, ACT, SOURCE = 1, 1, "https://bench.example/"
CLOCK = [f"{n // 3600:02d}:{n // 60 % 60:02d}:{n % 60:02d}" for n in range(86_400)]


def content() -> tuple[str, str, list[tuple[int, ...]]]:
    """Load and publish the content and make the reporters. Return one's credentials and what rows refer to."""
    from django.contrib.auth.models import Group  # noqa: F401  the apps are ready

    from consents.demo.cast import REPORTERS
    from consents.demo.episodes import EVERYDAY
    from disclosures.ledger.item_sets import ensure_item_sets
    from disclosures.ledger.source_actions import ensure_sources
    from disclosures.models import Recipient, Scenario, Service
    from disclosures.officers.roles import ensure_roles
    from disclosures.packs.actions import load_content
    from disclosures.packs.files import read_pack
    from disclosures.publishing.actions import publish_content
    from disclosures.reporters.actions import create_reporter

    root = Path(__file__).resolve().parent.parent / "disclosures"
    for pack in ("starter", "demo"):
        load_content(pack=read_pack(root / pack))
    ensure_roles()
    publish_content(by=None, reason="bench")
    services = sorted({code for _title, codes in REPORTERS.values() for code in codes})
    reporter, secret = create_reporter(code="bench", title="Bench", services=services)
    sets = ensure_item_sets(combinations={episode.items for episode in EVERYDAY})
    source = ensure_sources(texts={SOURCE}, known={})[SOURCE]
    ids = {model: dict(model.objects.values_list("code", "pk")) for model in (Recipient, Service, Scenario)}
    pointers = [
        (
            ids[Recipient][episode.recipient], ids[Service][episode.service], ids[Scenario][episode.scenario],
            sets[episode.items], reporter.pk, int(episode.ground), source,
        )
        for episode in EVERYDAY
    ]  # fmt: skip
    return reporter.client_id, secret, pointers


def people(connection, count: int) -> None:
    columns = (
        "id, password, is_superuser, first_name, last_name, email, is_staff, is_active, date_joined, subject, "
        "display_name, exit_address"
    )
    made = (
        (FIRST_PERSON + n, "!", False, "", "", "", False, True, "2024-01-01 00:00:00+00", f"bench-{n:07d}", "", "")
        for n in range(count)
    )
    write(connection, "privacycenter_user", columns.split(", "), made)


def write(connection, table: str, columns: list[str], rows: Iterator[tuple]) -> None:
    names = ", ".join(columns)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
        else:
            places = ", ".join(["?"] * len(columns))
            cursor.connection.executemany(
                f"INSERT INTO {table} ({names}) VALUES ({places})",  # noqa: S608
                rows,
            )


def ledger(row_count: int, person_count: int, pointers: list[tuple[int, ...]], *, by_person: bool) -> Iterator[tuple]:
    """Yield rows of the ledger. The first person has ``VIEWER_ROWS`` of them at any size; the others share the rest."""
    begun = datetime.now(UTC) - timedelta(days=DAYS + 1)
    step = row_count / DAYS
    every = max(row_count // VIEWER_ROWS, 1)
    chance = random.Random(1)  # noqa: S311
    for start in range(0, row_count, BLOCK):
        noise = os.urandom(48 * BLOCK).hex()
        for n in range(start, min(start + BLOCK, row_count)):
            place = (n - start) * 96
            person = n * person_count // row_count if by_person else int(chance.random() * (person_count - 1)) + 1
            at = chance.random() * row_count if by_person else n
            if n % every == 0 and n // every < VIEWER_ROWS:
                person, at = 0, n
            day = (begun + timedelta(days=int(at / step))).strftime("%Y-%m-%d")
            moment = f"{day} {CLOCK[int(at / step % 1 * 86_400)]}"
            yield (
                FIRST_PERSON + person,
                noise[place : place + 32],
                *pointers[n % len(pointers)],
                moment,
                noise,
                place,
                n,
            )


def as_text(rows: Iterator[tuple]) -> Iterator[bytes]:
    """Yield the ledger's rows in COPY's text format, a block at a time: much faster than row by row."""
    lines: list[str] = []
    for person, id, recipient, service, scenario, items, reporter, ground, source, moment, noise, place, n in rows:
        lines.append(
            f"{person}\t{id[:12]}8{id[13:16]}b{id[17:]}\t{recipient}\t{service}\t{scenario}\t{items}\t{reporter}\t{ground}\t0"
            f"\t{moment}+00\t{moment}+00\tbooking-2026-{n:09d}\t\\\\x{noise[place + 32 : place + 96]}"
            f"\t{PUBLICATION}\t{ACT}\tR-{n:09d}\t{source}\n"
        )
        if len(lines) == BLOCK:
            yield "".join(lines).encode()
            lines = []
    yield "".join(lines).encode()


def as_values(rows: Iterator[tuple]) -> Iterator[tuple]:
    for person, id, recipient, service, scenario, items, reporter, ground, source, moment, noise, place, n in rows:
        yield (
            person, f"{id[:12]}8{id[13:16]}b{id[17:]}", recipient, service, scenario, items, reporter, ground, 0,
            moment, moment, f"booking-2026-{n:09d}", bytes.fromhex(noise[place + 32 : place + 96]),
            PUBLICATION, ACT, f"R-{n:09d}", source,
        )  # fmt: skip


def fill_ledger(connection, row_count: int, person_count: int, pointers: list[tuple[int, ...]]) -> str:
    """Write the ledger. Return a description of how it was done."""
    names = ", ".join(COLUMNS)
    if connection.vendor == "postgresql":
        rows = ledger(row_count, person_count, pointers, by_person=False)
        copying = f"COPY disclosures_disclosure ({names}) FROM STDIN"
        with connection.cursor() as cursor, cursor.copy(copying) as copy:
            for block in as_text(rows):
                copy.write(block)
        return "COPY, indexes in place"
    rows = ledger(row_count, person_count, pointers, by_person=True)
    with connection.cursor() as cursor:
        raw = cursor.connection
        raw.execute("PRAGMA cache_size = -2000000")
        places = ", ".join(["?"] * len(COLUMNS))
        statement = f"INSERT INTO disclosures_disclosure ({names}) VALUES ({places})"  # noqa: S608
        raw.execute("BEGIN IMMEDIATE")
        raw.executemany(statement, as_values(rows))
        raw.execute("COMMIT")
    return "executemany in one transaction"


def sizes(connection) -> int:
    """Return the bytes of the ledger with its indexes; on SQLite, of the whole file."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT pg_total_relation_size('disclosures_disclosure')")
        else:
            cursor.execute(
                "SELECT (SELECT page_count FROM pragma_page_count) * (SELECT page_size FROM pragma_page_size)"
            )
        return cursor.fetchone()[0]


def decisions(person_count: int) -> None:
    """Let every tenth person allow an item, so that some checks find an answer."""
    from consents.models import Decision
    from disclosures.ledger.item_sets import ensure_item_sets
    from disclosures.models import Recipient, Scenario, Service
    from privacycenter.identifiers import uuid7

    sets = ensure_item_sets(combinations=[("name",), ()])
    now = datetime.now(UTC) - timedelta(days=10)
    about = {
        "recipient": Recipient.objects.get(code="northwind-analytics"),
        "service": Service.objects.get(code="jalan"),
        "scenario": Scenario.objects.get(code="survey-results"),
    }
    batch = []
    for n in range(0, person_count, 10):
        id = uuid7()
        batch.append(
            Decision(
                person_id=FIRST_PERSON + n, id=id, request_id=id,
                allowed_set_id=sets[("name",)], refused_set_id=sets[()],
                decided_at=now, valid_until=now + timedelta(days=365), publication=1, language="ja", text={},
                text_sha256="0" * 64, **about,
            )
        )  # fmt: skip
        if len(batch) == 2000:
            Decision.objects.bulk_create(batch)
            batch = []
    Decision.objects.bulk_create(batch)


def count_reports(connection) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO disclosures_reportcount "
            "(service_id, reporter_id, disclosure_count, removed_count, first_reported_at, last_reported_at) "
            "SELECT service_id, reporter_id, count(*), 0, min(recorded_at), max(recorded_at) "
            "FROM disclosures_disclosure GROUP BY service_id, reporter_id"
        )


def session_of_viewer() -> str:
    from django.test import Client

    from privacycenter.models import User

    client = Client()
    client.force_login(User.objects.get(pk=FIRST_PERSON), backend="allauth.account.auth_backends.AuthenticationBackend")
    return client.cookies["sessionid"].value


def main(row_count: int, person_count: int) -> None:
    django.setup()
    from django.db import connection

    client_id, secret, pointers = content()
    people(connection, person_count)
    empty = sizes(connection)
    begun = time.perf_counter()
    how = fill_ledger(connection, row_count, person_count, pointers)
    seconds = time.perf_counter() - begun
    size = sizes(connection) - empty
    decisions(person_count)
    count_reports(connection)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")
        if connection.vendor == "postgresql":
            # Write to disk now what is still to be written, not during a measurement.
            cursor.execute("CHECKPOINT")
    facts = {
        "client_id": client_id, "client_secret": secret, "session": session_of_viewer(), "fill_seconds": seconds,
        "how": how, "bytes_per_row": size / row_count, "pointers": pointers,
    }  # fmt: skip
    print(json.dumps(facts))


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
