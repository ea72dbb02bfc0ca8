"""Verification that the counters of reports agree with the stored rows."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction
from django.db.models import Count, Sum

from disclosures.coverage.topics import HEARTBEAT_RECEIVED
from disclosures.ledger.topics import DISCLOSURES_RECORDED
from disclosures.models import DeclaredCount, Disclosure, Heartbeat, ReportCount
from privacycenter.database.verifying import Fault, Progress
from privacycenter.outbox.leaving import still_left

Counts = Counter[tuple[int, int]]  # service, reporter


def verify_counts(progress: Progress, counted: Counts) -> Iterator[Fault]:
    """Yield counters that differ from ``counted``, the number of rows found in the ledger.

    The expected number is what the follower counted, less what was removed, plus what waits in the outbox. Reports may
    arrive meanwhile, so if the numbers differ, both are counted again in one snapshot.
    """
    if expected_counts() != counted:
        with one_view():
            expected, counted = expected_counts(), counted_now()
        for service, reporter in sorted(expected.keys() | counted.keys()):
            here, there = expected[service, reporter], counted[service, reporter]
            if here != there:
                yield Fault(
                    f"disclosures_reportcount of service {service} and reporter {reporter}",
                    f"says {here} disclosures, the ledger has {there}",
                )
    progress(len(counted))


@contextmanager
def one_view() -> Iterator[None]:
    """Open a transaction in which every statement sees the same snapshot.

    PostgreSQL sets the isolation level before the first statement, so inside another transaction that one's level
    applies.
    """
    is_outermost = not connection.in_atomic_block
    with transaction.atomic():
        if connection.vendor == "postgresql" and is_outermost:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        yield


def expected_counts() -> Counts:
    counts: Counts = Counter()
    for row in ReportCount.objects.all():
        counts[row.service_id, row.reporter_id] += row.disclosure_count - row.removed_count
    for recorded in still_left(DISCLOSURES_RECORDED, "coverage"):
        for service, count in recorded.counts:
            counts[service, recorded.reporter] += count
    return +counts


def counted_now() -> Counts:
    rows = Disclosure.objects.order_by("service_id", "reporter_id").values_list("service_id", "reporter_id")
    counts: Counts = Counter()
    for service, reporter, count in rows.annotate(count=Count("id")):
        counts[service, reporter] = count
    return counts


def verify_heartbeats(progress: Progress) -> Iterator[Fault]:
    """Yield declared counts that differ from the sum of the heartbeats that the follower has processed."""
    waiting = {received.heartbeat for received in still_left(HEARTBEAT_RECEIVED, "heartbeats")}
    sums = (
        Heartbeat.objects.exclude(pk__in=waiting)
        .order_by("service_id", "reporter_id")
        .values_list("service_id", "reporter_id")
        .annotate(total=Sum("declared_change"))
    )
    totals = {(service, reporter): total for service, reporter, total in sums}
    for row in DeclaredCount.objects.all():
        total = totals.get((row.service_id, row.reporter_id), 0)
        if row.declared_count != total:
            yield Fault(
                f"disclosures_declaredcount {row.pk}", f"says {row.declared_count} declared, its heartbeats say {total}"
            )
        progress(1)
