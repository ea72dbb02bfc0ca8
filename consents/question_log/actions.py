"""Adding up what services asked, and noticing when they are told no far more often than usual."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import connections, models, router, transaction
from django.utils import timezone

from consents.models import QuestionCount, QuestionSpike, QuestionTotal
from consents.models.question_counts import id_of_count
from consents.question_log.asked import NOBODY, Asked
from consents.question_log.spikes import found_spikes
from privacycenter.accounts.subjects import ERASED_PREFIX
from privacycenter.models import User

ROWS_AT_ONCE = 1000


@transaction.atomic
def add_questions(*, asked: Mapping[Asked, int]) -> None:
    """Add to the counts of people and to those of all together. No row is made of a person who is not known or erased.

    One SQL statement for each thousand counts and one for those people. Rows are locked in the order of their keys, so
    processes that write at once wait for each other and never deadlock.
    """
    known = [one for one in asked if one.person != NOBODY]
    for start in range(0, len(known), ROWS_AT_ONCE):
        some = known[start : start + ROWS_AT_ONCE]
        here = people_here({one.person for one in some})
        rows = [(one.person, id_of_count(*one[1:]), *one[1:], asked[one]) for one in some if one.person in here]
        upsert(QuestionCount, ("person_id", "id"), sorted(rows, key=lambda row: (row[0], str(row[1]))))
    totals = Counter[tuple[Any, ...]]()
    for one, count in asked.items():
        totals[one[1:]] += count
    rows = [(*key, count) for key, count in sorted(totals.items())]
    for start in range(0, len(rows), ROWS_AT_ONCE):
        upsert(QuestionTotal, ("asked_on", "recipient_id", "service_id", "answer"), rows[start : start + ROWS_AT_ONCE])


def people_here(people: set[int]) -> set[int]:
    """Return those of these people who were not erased since they were asked about. One SQL statement."""
    found = User.objects.filter(pk__in=people).exclude(subject__startswith=ERASED_PREFIX)
    return set(found.values_list("pk", flat=True))


def upsert(model: type[models.Model], key: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> None:
    """Insert rows with the key's columns, the others and the count, in this order, or add to the counts that are there.

    Django's ``bulk_create`` can replace a value, but not add to it.
    """
    if not rows:
        return
    connection = connections[router.db_for_write(model)]
    quote = connection.ops.quote_name
    fields = [field for field in model._meta.concrete_fields if not isinstance(field, models.AutoField)]
    columns = ", ".join(quote(str(field.column)) for field in fields)
    table, count = quote(model._meta.db_table), quote("question_count")
    places = ", ".join([f"({', '.join(['%s'] * len(fields))})"] * len(rows))
    values = [
        field.get_db_prep_save(value, connection) for row in rows for field, value in zip(fields, row, strict=True)
    ]
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} ({columns}) VALUES {places} ON CONFLICT ({', '.join(map(quote, key))}) "  # noqa: S608  names from the model
            f"DO UPDATE SET {count} = {table}.{count} + excluded.{count}",
            values,
        )


def notice_spikes() -> None:
    """Record each spike of today and yesterday, once. The worker asks every few minutes. Four SQL statements."""
    now = timezone.now()
    QuestionSpike.objects.bulk_create(
        (QuestionSpike(**spike._asdict(), noticed_at=now) for spike in found_spikes(timezone.localdate(now))),
        ignore_conflicts=True,
    )
