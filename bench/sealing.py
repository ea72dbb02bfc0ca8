"""What ``bench.log`` measures, in one process in the environment of its database; the last line is JSON.

``python -m bench.sealing ENTRIES``: a log of so many entries of nobody, then the records of three people with 42, 1,000
and 10,000 rows.
"""

import gzip
import json
import os
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any
from unittest.mock import patch

import django

RECORDS = (42, 1_000, 10_000)
BATCH, APPENDED_AT_ONCE, ROUNDS = 1_000, 10_000, 5


def main(entries: int) -> None:
    django.setup()
    from bench.fill import content

    content()
    said: dict[str, Any] = {}
    before = size_of_database()
    said["appended"], said["appended_cpu"] = rates(entries, lambda: append_strangers(entries))
    said["public_bytes"] = (size_of_database() - before) / entries
    people = {count: record_without_log(count) for count in RECORDS}
    total = sum(RECORDS)
    before = size_of_database()
    said["sealed"], said["sealed_cpu"] = rates(total, lambda: [seal(person) for person in people.values()])
    said["own_bytes"] = (size_of_database() - before) / total - said["public_bytes"]
    said["entries"] = signed_size()
    said["proofs"] = [[count, *proof_of(person)] for count, person in people.items()]
    said |= ingest()
    print(json.dumps(said))


def seconds(work: Callable[[], Any]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def rates(count: int, work: Callable[[], Any]) -> tuple[float, float]:
    """Return how many a second, and how many a second of this process's processor time."""
    began = time.process_time()
    lasted = seconds(work)
    return count / lasted, count / (time.process_time() - began)


def append_strangers(count: int) -> None:
    """As the sequencer appends, without rows: labels and commitments are random bytes, as they look from outside."""
    from django.db import transaction

    from privacycenter.log.entries import Row
    from privacycenter.log.writing import append_rows
    from privacycenter.proof.sealing_actions import build_index, lock_log
    from privacycenter.proof.store import DatabaseStore

    for start in range(0, count, APPENDED_AT_ONCE):
        noise = os.urandom(48 * APPENDED_AT_ONCE)
        rows = [Row(noise[at : at + 16], noise[at + 16 : at + 48]) for at in range(0, len(noise), 48)]
        with transaction.atomic():
            state = lock_log()
            some = rows[: count - start]
            state.size, _places = append_rows(DatabaseStore(), state.size, some, int(time.time()))
            state.save()
        build_index()


def record_without_log(count: int) -> Any:
    """Return a person with so many disclosures, of which nothing is left for the log."""
    from privacycenter.models import User

    person = User.objects.create(subject=f"bench-log-{count}", username=f"bench-log-{count}")
    with patch("disclosures.ledger.recording.grown", lambda *_rows: []):
        for batch in batches(one_event(person.subject, f"own-{number}") for number in range(count)):
            record(batch)
    return person


def one_event(subject: str, id: str) -> Any:
    from disclosures.ledger.recording import Event
    from disclosures.models import Ground

    return Event(
        source="https://bench.example/", event_id=id, subject=subject, recipient="minato-inn", service="jalan",
        scenario="online-booking", items=("name", "phone"), ground=Ground.PERSON_ACT, occurred_at=datetime.now(UTC),
    )  # fmt: skip


def batches(rows: Iterator[Any]) -> Iterator[list[Any]]:
    some: list[Any] = []
    for row in rows:
        some.append(row)
        if len(some) == BATCH:
            yield some
            some = []
    yield some


def record(some: list[Any]) -> None:
    from disclosures.ledger.recording import record_disclosures
    from disclosures.models import Reporter

    if some:
        record_disclosures(events=some, by=Reporter.objects.get(code="bench"))


def seal(person: Any) -> None:
    """In transactions of a thousand rows, as the worker takes them."""
    from privacycenter.models import RowKind
    from privacycenter.proof.sealing_actions import seal_rows
    from privacycenter.proof.topics import RecordGrew

    keys = person.disclosures.values_list("person_id", "id")
    for batch in batches((RowKind.DISCLOSURE.value, *key) for key in keys):
        seal_rows([RecordGrew(rows=tuple(batch))])


def signed_size() -> int:
    from privacycenter.proof.checkpoint_actions import sign_checkpoint

    signed = sign_checkpoint()
    return signed.size if signed else 0


def proof_of(person: Any) -> list[float]:
    """Return milliseconds of the processor to make the proof, its KB, its KB compressed, and such to check it."""
    from privacycenter.log.record import check_record, trust_in
    from privacycenter.proof.queries import proof_texts, record_state

    making, checking = [], []
    for _round in range(ROUNDS):
        began = time.process_time()
        text = "".join(proof_texts(record_state(person))).encode()
        made = time.process_time()
        document = json.loads(text)
        check_record(document, trust_in(document))
        making.append((made - began) * 1000)
        checking.append((time.process_time() - made) * 1000)
    kb = (len(text) / 1024, len(gzip.compress(text)) / 1024)
    return [statistics.median(making), *kb, statistics.median(checking)]


def ingest() -> dict[str, float]:
    """Return how many times as fast as without the log batches are recorded, and the rate at which what they left is
    sealed. In turns; the first round warms up."""
    from privacycenter.outbox.followers import Lane
    from privacycenter.outbox.working import work_off

    work_off()
    without, with_log, sealing = [], [], []
    for number in range(ROUNDS * 2 + 1):
        for name in ("out", "in") if number % 2 else ("in", "out"):
            some = [one_event(f"bench-{number}-{n % 100}", f"{name}-{number}-{n}") for n in range(BATCH)]
            if name == "in":
                with_log.append(seconds(lambda: record(some)))  # noqa: B023  at once
                sealing.append(seconds(lambda: work_off(Lane.TOGETHER)))
            else:
                with patch("disclosures.ledger.recording.grown", lambda *_rows: []):
                    without.append(seconds(lambda: record(some)))  # noqa: B023  at once
    bare, left, sealed = (statistics.median(one[1:]) for one in (without, with_log, sealing))
    return {"ingest": bare / left, "with_sealing": bare / (left + sealed), "caught_up": BATCH / sealed}


def size_of_database() -> int:
    from django.db import connection

    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT sum(pg_total_relation_size(oid)) FROM pg_class "
                "WHERE relname LIKE 'privacycenter_log%' AND relkind = 'r'"
            )
        else:
            cursor.execute(
                "SELECT (SELECT page_count FROM pragma_page_count) * (SELECT page_size FROM pragma_page_size)"
            )
        return int(cursor.fetchone()[0])


if __name__ == "__main__":
    main(int(sys.argv[1]))
