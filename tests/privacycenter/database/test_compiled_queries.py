"""Statements: made once, the same rows as the queryset, whatever the values."""

from threading import Thread

import pytest
from django.db import connection

from privacycenter.database.compiled_queries import Given, IsAmong, Statement
from privacycenter.models import User

pytestmark = pytest.mark.django_db
SUBJECTS = ["statement:a", "statement:b", "statement:'; --", "statement:%s", 'statement:{x,"y"}', "statement:日本"]


@pytest.fixture
def people():
    return User.objects.bulk_create([User(subject=subject) for subject in SUBJECTS])


def by_subject() -> Statement:
    return Statement(
        lambda: (
            User.objects.filter(IsAmong("subject", Given("subjects")))
            .order_by("subject")
            .values_list("pk", "subject", "date_joined", "is_active")
        )
    )


@pytest.mark.parametrize("wanted", [[], SUBJECTS[:1], SUBJECTS, ["statement:nobody"], [*SUBJECTS, "statement:nobody"]])
def test_rows_are_those_of_the_queryset(people, wanted):
    found = User.objects.filter(subject__in=wanted).order_by("subject")
    rows = by_subject().rows(subjects=set(wanted))
    assert rows == list(found.values_list("pk", "subject", "date_joined", "is_active"))


def test_numbers_are_found_too(people):
    keys = {person.pk for person in people[:3]}
    statement = Statement(lambda: User.objects.filter(IsAmong("id", Given("keys"))).values_list("id"))
    assert {pk for (pk,) in statement.rows(keys=keys)} == keys


def test_one_value_is_compared_as_it_is(people):
    statement = Statement(lambda: User.objects.filter(subject=Given("subject")).values_list("subject", flat=False))
    assert [statement.rows(subject=subject) for subject in SUBJECTS] == [[(subject,)] for subject in SUBJECTS]


def test_sql_is_made_once_and_run_once_for_each_use(people, django_assert_num_queries):
    made = []

    def queryset():
        made.append(1)
        return User.objects.filter(subject=Given("subject")).values_list("pk")

    statement = Statement(queryset)
    with django_assert_num_queries(3):
        for subject in SUBJECTS[:3]:
            statement.rows(subject=subject)
    assert made == [1]


def test_value_that_is_missing_is_an_error(people):
    with pytest.raises(KeyError):
        by_subject().rows()


def test_threads_use_their_own_connections(world, people):
    statement, found = by_subject(), []

    def ask():
        found.append(len(statement.rows(subjects=set(SUBJECTS))))
        connection.close()

    threads = [Thread(target=ask) for _number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [len(SUBJECTS)] * 4


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite plans nothing ahead")
def test_postgresql_keeps_one_statement_and_one_plan_for_all_values(people):
    statement = Statement(
        lambda: User.objects.filter(IsAmong("id", Given("keys")), is_active=True, username=None).values_list("id")
    )
    for keys in ({1}, {2**20}, {2**40}, set(), {person.pk for person in people}):
        statement.rows(keys=keys)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT generic_plans, custom_plans FROM pg_prepared_statements WHERE statement = %s", [statement.made.sql]
        )
        assert cursor.fetchall() == [(5, 0)]
