"""Asking for a list of affected people, and making it: once, logged, and shown to everybody on it."""

from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from disclosures.affected.filters import (
    FIRST_DAY,
    LAST_DAY,
    AffectedFilters,
    filters_of,
    matching,
    refuse_unknown_codes,
)
from disclosures.affected.listed import linked_on, too_many
from disclosures.affected.queries import joined, only_withheld, union_of
from disclosures.affected.topics import AFFECTED_LIST_ASKED, ListAsked
from disclosures.models import AffectedList, AffectedPerson, Lookup, RecordAccess
from disclosures.record.actions import role_of
from privacycenter.errors import InvalidValue
from privacycenter.identifiers import uuid7
from privacycenter.models import User
from privacycenter.outbox.leaving import leave

SHORTEST_REASON, LONGEST_REASON = 5, 500
# What the look is called that everybody on a list is told of.
LISTED = "affected"
COMMAND = "command"
# Within how long the same request is one that was sent twice.
SENT_TWICE = timedelta(minutes=1)


@transaction.atomic
def ask_for_list(*, filters: AffectedFilters, reason: str, by: User | None, is_made_now: bool = False) -> AffectedList:
    """Ask for a list. The worker makes it after the commit, or it is made here if ``is_made_now``.

    ``by``: None for a command. Sent twice, it is asked for once. That it was asked for is logged at once. Raises
    InvalidValue without a reason, for a period that ends before it begins and for days far away, UnknownCode for a code
    that does not exist.
    """
    reason = reason.strip()
    if not SHORTEST_REASON <= len(reason) <= LONGEST_REASON:
        raise InvalidValue("Say why, in 5 to 500 characters: everybody on the list can read it.", "reason")
    if not FIRST_DAY <= filters.since.date() <= LAST_DAY or not FIRST_DAY <= filters.until.date() <= LAST_DAY:
        raise InvalidValue(f"Days are between {FIRST_DAY} and {LAST_DAY}.", "since")
    if filters.until <= filters.since:
        raise InvalidValue("The period ends before it begins.", "until")
    refuse_unknown_codes(filters)
    now = timezone.now()
    if by and (same := asked_just_now(filters, reason, by, now)):
        return same
    made = AffectedList.objects.create(
        id=uuid7(), filters=filters.stored, reason=reason, asked_by=by,
        role=role_of(by) if by else COMMAND, asked_at=now,
    )  # fmt: skip
    Lookup.objects.create(
        id=made.pk, staff_id=made.asked_by_id or 0, role=made.role, reason=reason, is_found=True, looked_up_at=now
    )
    if is_made_now:
        return make_list(made=made)
    leave(AFFECTED_LIST_ASKED, ListAsked(list=made.pk))
    return made


def asked_just_now(filters: AffectedFilters, reason: str, by: User, now: datetime) -> AffectedList | None:
    """Return the same list, if this member of staff asked for it a moment ago: a form that was sent twice.

    Locks the member of staff.
    """
    User.objects.lock(by.pk)
    rows = AffectedList.objects.filter(asked_by=by, reason=reason, asked_at__gt=now - SENT_TWICE)
    return next((row for row in rows if row.filters == filters.stored), None)


@transaction.atomic
def make_list(*, made: AffectedList) -> AffectedList:
    """Write who is on the list, and the look at each of them. Repeated, it does nothing.

    Four SQL statements for any number of people, besides those for accounts of one person, who count once, and for
    entries that the law keeps back: of a look at nothing but these their person is told only once they are shown.
    """
    made = AffectedList.objects.select_for_update().get(pk=made.pk)
    if made.counted_at:
        return made
    write_people(made)
    write_looks(made)
    with connection.cursor() as cursor:
        table = AffectedPerson._meta.db_table
        cursor.execute(
            f"SELECT count(*), coalesce(sum(disclosure_count), 0) FROM {table} WHERE id = %s",  # noqa: S608  our names
            [value_of(AffectedPerson, "id", made.pk)],
        )
        people, disclosures = cursor.fetchone()
    people -= too_many(linked_on([made.pk]))
    made.person_count, made.disclosure_count, made.counted_at = people, int(disclosures), timezone.now()
    made.save(update_fields=["person_count", "disclosure_count", "counted_at"])
    return made


def write_people(made: AffectedList) -> None:
    sql, parameters = union_of(matching(filters_of(made.filters), made.asked_at))
    values = [value_of(AffectedPerson, "id", made.pk), value_of(AffectedPerson, "listed_at", made.asked_at)]
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {AffectedPerson._meta.db_table}"  # noqa: S608  our own names
            " (person_id, id, listed_at, disclosure_count, first_at, last_at, rows)"
            f" SELECT person_id, {typed(AffectedPerson, 'id')}, {typed(AffectedPerson, 'listed_at')},"
            f" count(*), min(occurred_at), max(occurred_at), {joined('name', '')}"
            f" FROM ({sql}) matching GROUP BY person_id",
            [*values, *parameters],
        )


def write_looks(made: AffectedList) -> None:
    """Write the look at each person on the list."""
    withheld = only_withheld(made)
    columns = {
        "id": made.pk, "staff_id": made.asked_by_id or 0, "role": made.role, "what": LISTED, "reason": made.reason,
        "accessed_at": made.asked_at,
    }  # fmt: skip
    RecordAccess.objects.bulk_create(
        RecordAccess(person_id=person, about_id=about, **columns) for person, about in withheld.items()
    )
    names, values = ", ".join(columns), ", ".join(typed(RecordAccess, name) for name in columns)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {RecordAccess._meta.db_table} (person_id, {names}) SELECT person_id, {values}"  # noqa: S608
            f" FROM {AffectedPerson._meta.db_table} WHERE id = %s{without(withheld)}",
            [
                *(value_of(RecordAccess, name, value) for name, value in columns.items()),
                value_of(AffectedPerson, "id", made.pk),
                *withheld,
            ],
        )


def without(people: Any) -> str:
    return f" AND person_id NOT IN ({', '.join(['%s'] * len(people))})" if people else ""


def typed(model: Any, name: str) -> str:
    """Return the place of a value in a SELECT. PostgreSQL does not learn its type from the column that it goes into."""
    return f"%s::{model._meta.get_field(name).db_type(connection)}" if connection.vendor == "postgresql" else "%s"


def value_of(model: Any, name: str, value: Any) -> Any:
    return model._meta.get_field(name).get_db_prep_save(value, connection)
