"""Accounts are put together and taken apart while services report and the person decides: nobody waits for ever."""

from contextlib import suppress

import pytest
from django.db import OperationalError, connection, transaction

from consents.asking.decision_actions import answer_request, withdraw_decision
from consents.asking.request_actions import file_request
from consents.asking.requests import request_page
from consents.people.merging_actions import merge_people, separate_people
from disclosures.ledger.recording import record_disclosures
from disclosures.models import AccountStep, Disclosure, SharedRecord
from privacycenter.errors import InvalidValue, NoLongerOpen
from privacycenter.models import User
from tests.support.asking import ask, question
from tests.support.commands import verify
from tests.support.database import at_once
from tests.support.events import a_survey_event
from tests.support.together import WHY, as_now, check, put_together, second_account

pytestmark = pytest.mark.concurrency
ONE_WRITER = "one writer at a time: nobody else could hold a row"


@pytest.fixture
def reporter(world, reporter):
    return reporter


@pytest.fixture
def hanako(world, hanako):
    return hanako


@pytest.fixture
def before(world):
    return second_account()


def test_of_two_opposite_merges_one_is_refused(hanako, before):
    results = at_once(
        lambda: merge_people(account=before, into=hanako, reason=WHY),
        lambda: merge_people(account=hanako, into=before, reason=WHY),
    )
    assert sorted(type(one).__name__ for one in results) == ["InvalidValue", "tuple"]
    assert (SharedRecord.objects.count(), AccountStep.objects.count()) == (2, 2)
    assert sorted([as_now(hanako).merged_into_id is None, as_now(before).merged_into_id is None]) == [False, True]


def test_the_same_merge_at_once_is_done_once(hanako, before):
    results = at_once(*[lambda: merge_people(account=before, into=hanako, reason=WHY)] * 4)
    assert sum(isinstance(one, InvalidValue) for one in results) == 3
    assert SharedRecord.objects.count() == 2


def test_reports_and_answers_go_on_while_accounts_are_put_together_and_taken_apart(hanako, before, reporter):
    requests = {person.pk: ask(person, reporter) for person in (hanako, before)}

    def reports(order):
        people = (hanako, before)[::order]
        for n in range(4):
            events = [a_survey_event(f"{order}-{n}-{one.pk}", subject=one.subject) for one in people]
            record_disclosures(events=events, by=reporter)

    def answers(person):
        page = request_page(person, requests[person.pk].id)
        made = answer_request(request_id=page.id, allowed={"name"}, text_sha256=page.text_sha256, by=as_now(person))
        # While the accounts are one person's, the other's withdrawal ends what this answer allowed as well.
        with suppress(NoLongerOpen):
            withdraw_decision(decision_id=made.id, language="ja", by=as_now(person))
        file_request(**question(subject=person.subject), by=reporter)

    def links():
        for _time in range(3):
            merge_people(account=as_now(before), into=as_now(hanako), reason=WHY)
            separate_people(account=as_now(before), into=as_now(hanako), reason=WHY)

    results = at_once(lambda: reports(1), lambda: reports(-1), lambda: answers(hanako), lambda: answers(before), links)
    assert results == [None] * 5
    assert Disclosure.objects.count() == 16 and SharedRecord.objects.count() == 12
    assert not any(check(as_now(person), reporter, "name").allowed for person in (hanako, before))
    verify()


def test_lock_of_a_person_is_on_one_row_whichever_account_is_named(hanako, before):
    if not connection.features.has_select_for_update:
        pytest.skip(ONE_WRITER)
    put_together(before, hanako)

    def is_free(account):
        def take():
            with transaction.atomic():
                return User.objects.select_for_update(nowait=True).get(pk=account.pk).pk

        return not isinstance(at_once(take)[0], OperationalError)

    for name in (lambda: User.objects.lock(before.pk), lambda: User.objects.lock_all({before.pk})):
        with transaction.atomic():
            name()
            assert (is_free(hanako), is_free(before)) == (False, True)
    with transaction.atomic():
        assert User.objects.lock(before.pk) == before


def test_lock_of_one_account_takes_one_statement(hanako, before, django_assert_num_queries):
    with transaction.atomic():
        with django_assert_num_queries(1):
            assert User.objects.lock(hanako.pk) == hanako
        with django_assert_num_queries(1):
            User.objects.lock_all({hanako.pk, before.pk})
