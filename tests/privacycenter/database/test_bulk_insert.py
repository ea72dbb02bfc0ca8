"""Inserting rows that may be there already."""

import uuid

import pytest
from django.db import connection, transaction

from disclosures.models import Conflict
from privacycenter.database.bulk_insert import append, insert_new
from privacycenter.models import OutboxRow
from tests.support.clock import LONG_AGO

pytestmark = pytest.mark.django_db


def rows(*numbers, person=1):
    return [
        Conflict(
            person_id=person, id=uuid.UUID(int=n), disclosure_id=uuid.UUID(int=n), reporter_id=1, event={"n": n},
            recorded_at=LONG_AGO,
        )
        for n in numbers
    ]  # fmt: skip


def test_insert_says_which_rows_were_new():
    insert_new(rows(1, 2))
    assert insert_new(rows(2, 3)) == {(1, uuid.UUID(int=3))}


def test_insert_leaves_what_is_there_as_it_is():
    insert_new(rows(1))
    other = rows(1)[0]
    other.event = {"n": "other"}
    assert insert_new([other]) == set()
    assert Conflict.objects.get().event == {"n": 1}


def test_insert_takes_the_same_id_of_two_people_for_two_rows():
    assert len(insert_new([*rows(1, person=1), *rows(1, person=2)])) == 2


def test_insert_of_nothing_costs_nothing(django_assert_num_queries):
    with django_assert_num_queries(0):
        assert insert_new([]) == set()


@pytest.mark.parametrize("count", [1, 1000])
def test_insert_is_one_statement(count, django_assert_num_queries):
    with django_assert_num_queries(1):
        insert_new(rows(*range(count)))


def test_insert_of_the_same_rows_in_another_order_is_the_same_statement():
    """Two transactions take their locks in one order, so one waits for the other and neither is a deadlock's victim."""

    def statement(*numbers):
        sent = []

        def listen(execute, sql, params, many, context):
            sent.append([str(value) for value in params])
            return execute(sql, params, many, context)

        with transaction.atomic(), connection.execute_wrapper(listen):
            insert_new(rows(*numbers))
            transaction.set_rollback(True)
        return next(values for values in sent if values)

    assert statement(3, 1, 2) == statement(2, 3, 1)


@pytest.mark.parametrize(("count", "statements"), [(0, 0), (1, 1), (7, 1), (1000, 1), (6000, 6)])
def test_rows_without_a_key_are_appended_in_their_order(count, statements, django_assert_num_queries):
    left = [
        OutboxRow(follower="f", topic="t", payload={"n": n, "text": "日本 %s"}, due_at=LONG_AGO) for n in range(count)
    ]
    with django_assert_num_queries(statements):
        append(left)
    kept = OutboxRow.objects.filter(follower="f").order_by("pk")
    assert [row.payload for row in kept] == [row.payload for row in left]
    assert {(row.line, row.due_at, row.leased_until, row.attempt_count, row.last_error) for row in kept} <= {
        ("", LONG_AGO, None, 0, "")
    }
