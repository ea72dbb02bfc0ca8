"""One person's own pages with a record of 100,000 disclosures, compared with one of 400.

``python -m bench.long_record [--full]`` uses the database of ``DATABASE_URL``, prepared before. It adds a person and
their rows and leaves them there. Times are of the whole request, in this process, without a network.
"""

import gzip
import os
import random
import statistics
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "privacycenter.settings")

SMALL, LARGE, LARGEST = 400, 100_000, 1_000_000
ROUNDS = 7
PATHS = {
    "/my/": "overview",
    "/my/disclosures/": "list, first page",
    "/my/disclosures/?item=phone&country=JP": "list, two filters",
    "/my/disclosures/?text=ホットペッパー": "list, words",
    "/my/disclosures/?month=2026-03": "list, one month",
    "deep": "list, deep page",
    "/my/recipients/": "recipients",
    "/my/recipients/?on=2026-03-15": "recipients on a day",
    "/my/where-provided/": "in your case",
}


def measure(full: bool) -> None:
    """Print one table: milliseconds (median) and bytes (gzip) of each page, small record and large one."""
    django.setup()
    from django.db import connection

    sizes = (SMALL, LARGE, LARGEST) if full else (SMALL, LARGE)
    print(f"{connection.vendor}: one person's pages, median of {ROUNDS} requests in ms, and HTML in KB compressed")
    print(f"{'page':<22}" + "".join(f"{f'{size:,} rows':>24}" for size in sizes))
    clients = [client_of(person_with(size), size) for size in sizes]
    for path, name in PATHS.items():
        print(f"{name:<22}" + "".join(f"{measured(client, path):>24}" for client in clients))


def person_with(count: int) -> Any:
    """Return a person with this many disclosures, made at the first call and found again later."""
    from disclosures.models import Disclosure
    from privacycenter.models import User

    person, _is_new = User.objects.get_or_create(subject=f"bench-record-{count}", defaults={"display_name": "Bench"})
    if person.disclosures.count() < count:
        began = time.perf_counter()
        batch = []
        for row in rows(person.pk, count):
            batch.append(row)
            if len(batch) == 5_000:
                Disclosure.objects.bulk_create(batch, ignore_conflicts=True)
                batch = []
        Disclosure.objects.bulk_create(batch, ignore_conflicts=True)
        analyse()
        print(f"({count:,} rows made in {time.perf_counter() - began:.0f} s)")
    return person


def rows(person: int, count: int) -> Iterator[Any]:
    """Yield the rows of a busy life, the same every time: at most 60 recipients, every scenario, three years."""
    from disclosures.models import Disclosure, Ground, ItemSet, Recipient, Reporter, Scenario, Service
    from privacycenter.identifiers import uuid8_from

    chance = random.Random(7)  # noqa: S311  made-up rows
    recipients = list(Recipient.objects.order_by("pk").values_list("pk", flat=True)[:60])
    services = list(Service.objects.order_by("pk").values_list("pk", flat=True))
    scenarios = list(Scenario.objects.order_by("pk").values_list("pk", flat=True))
    sets = list(ItemSet.objects.order_by("pk").values_list("pk", flat=True)[:30])
    reporter = Reporter.objects.order_by("pk")[0].pk
    now = datetime.now(UTC)
    kinds = [
        (chance.choice(recipients), chance.choice(services), chance.choice(scenarios), chance.choice(sets))
        for _one in range(min(count, 400))
    ]
    for number in range(count):
        recipient, service, scenario, item_set = chance.choice(kinds)
        moment = now - timedelta(seconds=chance.randrange(3 * 365 * 86_400))
        yield Disclosure(
            person_id=person, id=uuid8_from("bench", str(person), str(number)), recipient_id=recipient,
            service_id=service, scenario_id=scenario, item_set_id=item_set, reporter_id=reporter,
            ground=Ground.PERSON_ACT, flags=8 * (number % 5_000 == 1), occurred_at=moment, recorded_at=moment,
            event_id=f"bench-{number}", fingerprint=b"\0" * 32,
        )  # fmt: skip


def analyse() -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("ANALYZE" if connection.vendor == "sqlite" else "VACUUM ANALYZE disclosures_disclosure")


def client_of(person: Any, count: int) -> Any:
    from django.test import Client

    client = Client(HTTP_HOST="127.0.0.1")
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    # Begin the visit, which is written once.
    client.get("/my/")
    middle = person.disclosures.newest_first()[count // 2]
    client.deep = f"/my/disclosures/?cursor={cursor_at(middle)}"
    return client


def cursor_at(disclosure: Any) -> str:
    from privacycenter.http.paging import make_cursor

    return make_cursor("older", disclosure.occurred_at, disclosure.id)


def measured(client: Any, path: str) -> str:
    path = client.deep if path == "deep" else path
    times = []
    for _round in range(ROUNDS):
        began = time.perf_counter()
        response = client.get(path)
        times.append((time.perf_counter() - began) * 1000)
        if response.status_code != 200:
            raise SystemExit(f"{path}: {response.status_code}")
    return f"{statistics.median(times):.0f} ms, {len(gzip.compress(response.content)) / 1024:.1f} KB"


if __name__ == "__main__":
    measure("--full" in sys.argv)
