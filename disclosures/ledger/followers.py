"""Follower that counts what is reported, by service, scenario and items, and by recipient."""

from collections import Counter
from collections.abc import Mapping
from datetime import date

from django.db import connection, models
from django.utils import timezone

from disclosures.ledger.topics import DISCLOSURES_RECORDED, DisclosuresRecorded
from disclosures.models import PracticeCount, ReceivedCount
from privacycenter.outbox.followers import Follower

practice = Follower("practice")


@practice.follows(DISCLOSURES_RECORDED)
def count_practice(recorded: DisclosuresRecorded) -> None:
    """Add a batch to the counts of its day. Two SQL statements. What nobody asks any more is removed by the purge.

    Runs in the transaction that deletes its outbox row, so a batch is counted once, however often the work is retried.
    """
    day = timezone.localdate(recorded.at)
    practice, received = Counter[tuple[int, ...]](), Counter[tuple[int, ...]]()
    for recipient, service, scenario, item_set, count in recorded.practice:
        practice[service, scenario, item_set] += count
        received[recipient, scenario] += count
    add_counts(PracticeCount, ("service_id", "scenario_id", "item_set_id"), day, practice)
    add_counts(ReceivedCount, ("recipient_id", "scenario_id"), day, received)


def add_counts(
    model: type[models.Model], columns: tuple[str, ...], day: date, counts: Mapping[tuple[int, ...], int]
) -> None:
    """Add to the counts of these keys, in one order, so that two workers never wait for each other in a circle."""
    if not counts:
        return
    table = connection.ops.quote_name(model._meta.db_table)
    key = ", ".join(("reported_on", *columns))
    values = ", ".join(["(" + ", ".join(["%s"] * (len(columns) + 2)) + ")"] * len(counts))
    sql = (
        f"INSERT INTO {table} ({key}, disclosure_count) VALUES {values} ON CONFLICT ({key}) "  # noqa: S608  our own names
        f"DO UPDATE SET disclosure_count = {table}.disclosure_count + excluded.disclosure_count"
    )
    rows: list[date | int] = []
    for codes, count in sorted(counts.items()):
        rows += [day, *codes, count]
    with connection.cursor() as cursor:
        cursor.execute(sql, rows)
