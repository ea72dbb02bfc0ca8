"""Whose data went to the recipient that got most, and telling all of them: counts, the list, the file, the notices.

In the environment of ``bench.world``, ``python -m bench.affected`` measures and prints one line of JSON. With
``BENCH_PEOPLE`` so many more are on the list; the worker that tells them is killed halfway, and another goes on. With
``BENCH_LIST`` nobody is told.
"""

import json
import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

from bench.serving import table
from bench.world import engines, sizes, world

HEADINGS = [
    "ledger", "rows that match", "people", "counts s", "list s", "file rows/s", "told people/s", "told", "mails/s",
]  # fmt: skip
MORE_PEOPLE = int(os.environ.get("BENCH_PEOPLE", "0"))
# Telling hundreds of thousands of people takes longer than all before it.
ONLY_THE_LIST = bool(os.environ.get("BENCH_LIST"))
# How many mails are sent to measure how fast they are.
MOST_MAILS = 2_000


@contextmanager
def timed(into: dict[str, Any], name: str) -> Iterator[None]:
    began = time.perf_counter()
    yield
    into[name] = time.perf_counter() - began


def measure() -> dict[str, Any]:
    from django.contrib.auth.models import Group
    from django.db.models import Count

    from consents.incidents.actions import attach_list, open_incident, tell_people, write_text
    from consents.models import IncidentNotice, Mailing, Notice, NoticeKind
    from disclosures.affected.actions import ask_for_list
    from disclosures.affected.files import pieces
    from disclosures.affected.filters import AffectedFilters
    from disclosures.affected.queries import affected_counts, rows_on
    from disclosures.models import Disclosure, Recipient
    from privacycenter.models import User

    found: dict[str, Any] = {}
    biggest = Disclosure.objects.values("recipient_id").annotate(count=Count("id")).order_by("-count")[0]
    code = Recipient.objects.get(pk=biggest["recipient_id"]).code
    now = datetime.now(UTC)
    filters = AffectedFilters(since=now - timedelta(days=1_000), until=now + timedelta(days=1), recipient=code)
    officer = User.objects.create(username="bench-officer", subject="bench-officer", is_staff=True)
    officer.groups.add(Group.objects.get(name="officers"))
    with timed(found, "counts"):
        counts = affected_counts(filters)
    with timed(found, "list"):
        made = ask_for_list(filters=filters, reason="only for measuring", by=officer, is_made_now=True)
    with timed(found, "file"):
        size = sum(map(len, pieces(rows_on(made), "csv")))
    if ONLY_THE_LIST:
        return {**found, "rows": counts.disclosures, "people": counts.people, "bytes": size}
    add_people(made, MORE_PEOPLE)
    User.objects.filter(subject__startswith="bench-").update(email="somebody@bench.example")
    incident = open_incident(title="bench", noticed_at=now, by=officer)
    attach_list(incident=incident, affected=made, by=officer)
    part = dict.fromkeys(("title", "what", "harm", "measures", "contact"), "計測のため")
    write_text(incident=incident, words={"ja": part}, by=officer)
    tell_people(incident=incident, by=officer)
    with timed(found, "telling"):
        if MORE_PEOPLE:
            be_killed_halfway("incident-notices", MORE_PEOPLE // 2)
        work_off_lane("incident-notices")
    if IncidentNotice.objects.count() != Notice.objects.filter(kind=NoticeKind.INCIDENT).count():
        raise RuntimeError("somebody was told twice, or not at all")
    with timed(found, "mailing"):
        work_off_lane("incident-mails", most=MOST_MAILS)
    told, mailed = IncidentNotice.objects.count(), Mailing.objects.count()
    return {**found, "rows": counts.disclosures, "people": counts.people, "bytes": size, "told": told, "mailed": mailed}


def add_people(made: Any, count: int) -> None:
    """Put so many more people on the list, each with an address."""
    from disclosures.models import AffectedPerson
    from privacycenter.models import User

    for start in range(0, count, 5_000):
        numbers = range(start, min(start + 5_000, count))
        people = User.objects.bulk_create(User(subject=f"bench-more-{number}") for number in numbers)
        AffectedPerson.objects.bulk_create(
            AffectedPerson(
                person_id=person.pk, id=made.pk, disclosure_count=1, first_at=made.asked_at, last_at=made.asked_at,
                listed_at=made.asked_at,
            )
            for person in people
        )  # fmt: skip


def be_killed_halfway(follower: str, enough: int) -> None:
    """Have another process work until so many are told, and kill it in the middle of what it does."""
    from django.db import connections

    from consents.models import IncidentNotice

    connections.close_all()
    for connection in connections.all():
        # A pool has threads, and a child has none of them.
        if close_pool := getattr(connection, "close_pool", None):
            close_pool()
    child = os.fork()
    if not child:
        work_off_lane(follower)
        os._exit(0)
    while IncidentNotice.objects.count() < enough:
        time.sleep(0.05)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)


def work_off_lane(follower: str, most: int | None = None) -> None:
    """Do what one follower has to do, also what is due only later: what is measured is the work, not the waiting."""
    from django.utils import timezone

    from privacycenter.models import OutboxRow
    from privacycenter.outbox.working import work_off

    rows = OutboxRow.objects.filter(follower=follower)
    OutboxRow.objects.exclude(follower=follower).delete()
    if most is not None:
        kept = list(rows.values_list("pk", flat=True)[:most])
        rows.exclude(pk__in=kept).delete()
    while rows.exists():
        # Nobody waits for the lease of a worker that was killed.
        rows.update(due_at=timezone.now(), leased_until=None)
        work_off()
        if follower == "incident-notices":
            later = OutboxRow.objects.filter(follower="incident-mails")
            later.update(due_at=timezone.now() + timedelta(days=1))


def main(full: bool) -> None:
    lines: list[list[object]] = []
    for engine in engines():
        for rows in sizes(full):
            with world(engine, rows) as made:
                found = json.loads(made.run("bench.affected").splitlines()[-1])
            lines.append(line_of(made.name, found))
    table("Whose data went there, and telling them", HEADINGS, lines)


def line_of(name: str, found: dict[str, Any]) -> list[object]:
    rate: Callable[[int, float], str] = lambda count, seconds: f"{count / max(seconds, 1e-9):,.0f}"  # noqa: E731
    return [
        name, f"{found['rows']:,}", f"{found['people']:,}", f"{found['counts']:.2f}", f"{found['list']:.2f}",
        rate(found["rows"], found["file"]),
        *(
            (rate(found["told"], found["telling"]), f"{found['told']:,}", rate(found["mailed"], found["mailing"]))
            if "told" in found
            else ("–", "–", "–")
        ),
    ]  # fmt: skip


if __name__ == "__main__":
    import django

    django.setup()
    print(json.dumps(measure()))
