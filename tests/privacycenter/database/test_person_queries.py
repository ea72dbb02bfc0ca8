"""Queries about one person: compiled once, and what the queryset gives, for everybody, at any time."""

from dataclasses import replace
from datetime import timedelta
from threading import Thread
from types import SimpleNamespace
from uuid import UUID

import pytest
from django.db import connection
from django.db.models import Count, Q
from django.utils import timezone

from consents.asking.decision_actions import withdraw_decision
from consents.models import QuestionAnswer, QuestionCount, StepKind
from consents.notices.queries import UNREAD
from consents.overview.recipient_list import STEPS
from consents.question_log.queries import COUNTS
from consents.withdrawals.actions import take_withdrawal_step
from disclosures.models import Disclosure
from disclosures.record.corrections import ABOUT
from disclosures.record.disclosure_list import NARROWED_PAGE, PAGE
from disclosures.record.effective_record import (
    COMBINATIONS,
    MONTHS,
    NARROWED_MONTHS,
    combinations,
    corrected_record,
)
from privacycenter.database.compiled_queries import PageQuery, among, time_of_query
from privacycenter.database.person_queries import PersonQuery
from tests.support.asking import answer, ask
from tests.support.clock import clock_at
from tests.support.events import a_correction, a_survey_event, an_event, record
from tests.support.together import put_together, second_account

pytestmark = pytest.mark.django_db


@pytest.fixture
def rows(hanako, taro, reporter):
    """Three disclosures of hanako's, the last two corrected, and one of taro's."""
    now = timezone.now()
    mine = [an_event(str(number), occurred_at=now - timedelta(hours=9 - number)) for number in range(3)]
    record(reporter, *mine, an_event("of another", subject=taro.subject))
    mine = list(hanako.disclosures.oldest_first())
    record(reporter, *(a_correction(one, f"right {number}") for number, one in enumerate(mine[1:])))
    return mine


def counted(build):
    """The function, and how often it was called."""
    calls = []
    return calls, lambda *given, **values: (calls.append(1), build(*given, **values))[1]


def test_compiled_once_and_asked_of_each_person(hanako, taro, rows, django_assert_num_queries):
    calls, build = counted(lambda person: person.disclosures.with_references().oldest_first())
    query = PersonQuery(build)
    with django_assert_num_queries(3):
        found = [query.rows(person) for person in (hanako, taro, hanako)]
    assert len(calls) == 1
    assert [one.pk for one in found[0]] == [one.pk for one in rows]
    assert [one.person_id for one in found[1]] == [taro.pk]
    assert found[2] == found[0]


def test_rows_are_models_with_all_that_was_fetched(hanako, rows, django_assert_num_queries):
    codes = rows[0].item_set.codes
    (first, *_others) = PersonQuery(lambda person: person.disclosures.with_references().oldest_first()).rows(hanako)
    with django_assert_num_queries(0):
        assert (first.recipient.code, first.item_set.codes) == ("minato-inn", codes)
        # As from the manager: whose row it is need not be asked.
        assert first.person is hanako
    assert (first.occurred_at, first.id, bytes(first.fingerprint)) == (
        rows[0].occurred_at, rows[0].id, bytes(rows[0].fingerprint)
    )  # fmt: skip


def test_rows_may_be_tuples_and_dictionaries_of_a_union(hanako, rows):
    def pairs(person):
        return person.disclosures.values_list("id", "recipient__code").order_by("id")

    def totals(person):
        parts = person.disclosures, person.corrections
        first, second = (part.order_by().values("recipient_id").annotate(count=Count("id")) for part in parts)
        return first.union(second, all=True)

    assert PersonQuery(pairs).rows(hanako) == list(pairs(hanako))
    by_count = lambda group: group["count"]  # noqa: E731
    assert sorted(PersonQuery(totals).rows(hanako), key=by_count) == sorted(totals(hanako), key=by_count)


@pytest.mark.parametrize("limit", [None, 1, 2])
def test_each_shape_is_compiled_for_itself(hanako, rows, limit):
    calls, build = counted(
        lambda person, since, ids, is_old: person.disclosures.filter(
            Q(occurred_at__gte=since) if since else Q(), among("id", ids), recorded_at__isnull=is_old
        )
    )
    query, since = PersonQuery(build), rows[1].occurred_at
    wanted = [one.id for one in rows][:limit]
    for moment in (None, since, since + timedelta(days=1), None):
        expected = {one.id for one in rows if one.id in wanted and (moment is None or one.occurred_at >= moment)}
        assert {one.id for one in query.rows(hanako, since=moment, ids=wanted, is_old=False)} == expected
    assert query.rows(hanako, since=None, ids=wanted, is_old=True) == []
    assert len(calls) == 3


def test_so_many_shapes_are_kept_and_the_oldest_is_compiled_anew(hanako, rows, monkeypatch):
    monkeypatch.setattr("privacycenter.database.compiled_queries.MOST_SHAPES", 3)
    calls, build = counted(lambda person, ids: person.disclosures.filter(id__in=ids))
    query, some = PersonQuery(build), tuple(one.id for one in rows)
    for number in (3, 1, 2, 2, 3, 1):
        assert {one.id for one in query.rows(hanako, ids=some[:number])} == set(some[:number])
    assert len(calls) == len(query.made) == 3
    query.rows(hanako, ids=(*some, *some))
    assert (len(calls), len(query.made)) == (4, 3)
    for number in (1, 2, 3):
        query.rows(hanako, ids=some[:number])
    assert (len(calls), len(query.made)) == (5, 3)


def test_time_is_that_of_each_use(hanako, rows):
    query = PersonQuery(lambda person: person.disclosures.filter(occurred_at__gt=time_of_query() - timedelta(days=1)))
    moment = rows[0].occurred_at
    for ahead, found in ((0, True), (23, True), (25, False), (1, True)):
        with clock_at(moment + timedelta(hours=ahead)):
            assert (rows[0].id in {one.id for one in query.rows(hanako)}) is found, ahead


def test_time_that_is_written_in_is_refused(hanako):
    query = PersonQuery(lambda person: person.disclosures.filter(occurred_at__gt=timezone.now()))
    with pytest.raises(RuntimeError, match="A time is written into a query"):
        query.rows(hanako)


def test_of_several_accounts_it_is_built_anew(hanako, rows, reporter):
    other = second_account()
    record(reporter, an_event("of the other account", subject=other.subject))
    calls, build = counted(lambda person: person.disclosures.oldest_first())
    query = PersonQuery(build)
    query.rows(hanako)
    _other, hanako = put_together(other, hanako)
    assert len(query.rows(hanako)) == len(query.rows(hanako)) == len(rows) + 1
    assert len(calls) == 3


def test_through_the_eyes_of_another_it_is_built_anew(hanako, rows):
    query = PersonQuery(lambda person: person.disclosures.oldest_first())
    query.rows(hanako)
    hanako.viewpoint = SimpleNamespace(narrow=lambda found: found.filter(id=rows[1].id))
    assert [one.id for one in query.rows(hanako)] == [rows[1].id]
    hanako.viewpoint = None
    assert len(query.rows(hanako)) == len(rows)


@pytest.fixture
def asked_about(hanako, rows, reporter):
    """A question that is counted, and a withdrawal that the service was told of."""
    decision = answer(hanako, ask(hanako, reporter), "name")
    record(reporter, a_survey_event("survey", items=("name",)))
    withdrawal = withdraw_decision(decision_id=decision.id, language="ja", by=hanako)
    take_withdrawal_step(withdrawal=withdrawal, kind=StepKind.ACKNOWLEDGED, by=reporter)
    return QuestionCount.objects.create(
        person=hanako, id=UUID(int=7), asked_on=timezone.localdate(), recipient=decision.recipient,
        service=decision.service, answer=QuestionAnswer.REFUSED, question_count=2,
    )  # fmt: skip


@pytest.mark.parametrize(("days", "count"), [(0, 1), (-1, 1), (1, 0)])
def test_day_is_a_value_like_a_time(hanako, asked_about, days, count):
    since = timezone.localdate() + timedelta(days=days)
    assert len(COUNTS.rows(hanako, since=since, recipient=None)) == count


def test_queries_of_pages_give_what_their_querysets_do(hanako, rows, asked_about):
    moment = rows[1].occurred_at
    part = corrected_record(hanako).part
    months = ((moment - timedelta(days=40), moment), (moment, moment + timedelta(days=1)))
    first = rows[0]
    narrowing = {
        "start": moment - timedelta(days=40), "end": moment + timedelta(days=1), "ground": first.ground,
        "has_warning": False, "keys": {"recipient_id": [first.recipient_id], "item_set_id": [first.item_set_id]},
        "words": ({"recipient_id": [first.recipient_id], "service_id": []}, {"service_id": [first.service_id]}),
    }  # fmt: skip
    fewer = {**narrowing, "start": None, "end": None, "ground": None, "words": ()}
    asked = {"recipient": None, "before": None, "start": None, "end": moment, "new_since": moment, "months": months}
    for query, values in (
        (COMBINATIONS, {"part": part, **asked}),
        (COMBINATIONS, {"part": {**part, "known_at": timezone.now()}, **asked, "recipient": rows[0].recipient_id}),
        (COMBINATIONS, {"part": {**part, "shown_at": timezone.now()}, **asked, "before": moment}),
        (COMBINATIONS, {"part": {**part, "only": rows[1].id}, **asked}),
        (MONTHS, {"part": part, "starts": (moment - timedelta(days=40), moment), "narrowing": None}),
        (NARROWED_MONTHS, {"part": part, "starts": (moment - timedelta(days=40), moment), "narrowing": narrowing}),
        (NARROWED_PAGE, {"narrowing": narrowing, "has_corrected": True, "position": None, "is_newer": False}),
        (NARROWED_PAGE, {"narrowing": fewer, "has_corrected": False, "position": None, "is_newer": False}),
        (PAGE, {"position": None, "is_newer": False}),
        (PAGE, {"position": (moment, rows[1].id), "is_newer": False}),
        (PAGE, {"position": (moment, rows[1].id), "is_newer": True}),
        (ABOUT, {"ids": [one.id for one in rows]}),
        (UNREAD, {}),
        (STEPS, {"before": None}),
        (STEPS, {"before": timezone.now() + timedelta(days=1)}),
        (COUNTS, {"since": timezone.localdate(), "recipient": None}),
        (COUNTS, {"since": timezone.localdate() - timedelta(days=1), "recipient": asked_about.recipient_id}),
    ):
        expected = list(query.build(hanako, **values))
        assert sorted(map(repr, query.rows(hanako, **values))) == sorted(map(repr, expected)), values
        assert expected or query is UNREAD


def test_record_of_one_disclosure_counts_it_alone(hanako, rows):
    one = replace(corrected_record(hanako), only=rows[1].id)
    assert [combination.count for combination in combinations(one)] == [1]


def test_threads_use_their_own_connections(world, hanako, reporter):
    record(reporter, an_event("1"))
    query, found = PersonQuery(lambda person: person.disclosures.oldest_first()), []

    def ask():
        found.append(len(query.rows(hanako)))
        connection.close()

    threads = [Thread(target=ask) for _number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [1] * 4


def test_same_rows_are_read_where_the_router_says(hanako, rows, settings):
    asked = []

    class Router:
        def db_for_read(self, model, **hints):
            asked.append((model, hints.get("instance")))
            return "default"

    settings.DATABASE_ROUTERS = [Router()]
    query = PersonQuery(lambda person: person.disclosures.oldest_first())
    query.rows(hanako)
    asked.clear()
    query.rows(hanako)
    assert asked[0] == (Disclosure, hanako)


def test_pages_about_nobody_are_compiled_too(rows, reporter):
    calls, build = counted(lambda code: Disclosure.objects.filter(recipient__code=code).order_by("id"))
    query = PageQuery(build)
    assert len(query.rows(code="minato-inn")) == 4
    assert query.rows(code="nobody") == []
    assert len(calls) == 1
