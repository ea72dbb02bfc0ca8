"""What services ask is counted in memory and written later: for each person, for all together, and nothing else."""

import threading
from collections import Counter
from datetime import date, timedelta
from unittest import mock

import pytest
from django.db import OperationalError, connection
from django.db.transaction import Atomic
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from consents.asking.decision_actions import withdraw_decision
from consents.models import QuestionAnswer, QuestionCount, QuestionTotal
from consents.question_log import collecting_actions as collecting
from consents.question_log.actions import add_questions
from consents.question_log.asked import NOBODY, Asked
from consents.question_log.collecting_actions import write_questions
from disclosures.models import Recipient, Service
from disclosures.reporters.pause_actions import pause_reporter
from privacycenter.models import User
from tests.support.api import QUESTION
from tests.support.database import at_once
from tests.support.html import read

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 1)


def counts(model=QuestionCount) -> dict:
    found = Counter()
    for answer, count in model.objects.values_list("answer", "question_count"):
        found[QuestionAnswer(answer)] += count
    return found


def asked(person=NOBODY, *, answer=QuestionAnswer.REFUSED, recipient="minato-inn", day=TODAY) -> Asked:
    keys = Recipient.objects.get(code=recipient).pk, Service.objects.get(code="jalan").pk
    return Asked(person, day, *keys, int(answer))


def test_check_is_counted_by_person_recipient_service_day_and_answer(api, hanako):
    for _time in range(3):
        api.check()
    assert not QuestionCount.objects.exists()
    write_questions()
    row = QuestionCount.objects.select_related("recipient", "service").get()
    assert (row.person_id, row.recipient.code, row.service.code) == (hanako.pk, QUESTION["recipient"], "jalan")
    assert (row.asked_on, row.answer, row.question_count) == (timezone.localdate(), QuestionAnswer.NOT_APPROVED, 3)
    assert counts(QuestionTotal) == {QuestionAnswer.NOT_APPROVED: 3}
    write_questions()
    assert counts() == {QuestionAnswer.NOT_APPROVED: 3}


def test_answers_are_counted_by_the_kind_of_their_reason(api, hanako, decision):
    api.check()
    api.check(items=["name"])
    withdraw_decision(decision_id=decision.id, language="ja", by=hanako)
    api.check(items=["name"])
    api.check(recipient="minato-inn", scenario="municipal-analysis-report", items=["review-content"])
    api.check(recipient="minato-inn", scenario="online-booking", items=["name", "phone"])
    write_questions()
    assert counts() == {
        QuestionAnswer.ALLOWED: 2, QuestionAnswer.PARTLY: 1, QuestionAnswer.REFUSED: 1, QuestionAnswer.NOT_PROVIDED: 1,
    }  # fmt: skip


def test_question_of_a_paused_reporter_is_an_answer_of_its_own(api, reporter, officer, hanako, as_hanako, as_officer):
    pause_reporter(reporter=reporter, reason="調査のため", by=officer)
    api.check()
    api.check(recipient="minato-inn", scenario="municipal-analysis-report", items=["review-content"])
    write_questions()
    assert counts() == {QuestionAnswer.PAUSED: 2} == counts(QuestionTotal)
    page = read(as_hanako.get(f"/en/my/recipients/{QUESTION['recipient']}/")).one("main").text
    assert "system was paused" in page and "we do not provide it" not in page
    assert not QuestionTotal.objects.answered_no().exists()
    rows = read(as_officer.get("/en/admin/questions/")).one("tbody").all("tr")
    assert [row.all("td")[-1].text for row in rows] == ["0 and once while its system was paused"] * 2


def test_batch_counts_each_question_that_is_answered(api, hanako):
    api.post("/permission-checks/batch", {"checks": [QUESTION, QUESTION, {**QUESTION, "recipient": "nobody"}, {}]})
    api.check(service="suumo")
    api.check(recipient="nobody")
    write_questions()
    assert counts() == {QuestionAnswer.NOT_APPROVED: 2} == counts(QuestionTotal)


def test_question_about_somebody_unknown_makes_no_row_of_a_person(api):
    before = User.objects.count()
    api.check(subject="never-seen")
    write_questions()
    assert not QuestionCount.objects.exists() and User.objects.count() == before
    assert counts(QuestionTotal) == {QuestionAnswer.NOT_APPROVED: 1}


def test_checks_cost_as_many_statements_as_without_counting(api, hanako, settings):
    api.check()
    with CaptureQueriesContext(connection) as with_counting:
        api.check()
    settings.QUESTIONS_WRITTEN_SECONDS = None
    with CaptureQueriesContext(connection) as without:
        api.check()
    assert len(with_counting) == len(without)
    write_questions()
    assert counts() == {QuestionAnswer.NOT_APPROVED: 2}


def test_what_was_not_written_is_written_later(api, hanako):
    api.check()
    with mock.patch.object(collecting, "add_questions", side_effect=OperationalError), pytest.raises(OperationalError):
        write_questions()
    collecting.write_or_log()
    assert counts() == {QuestionAnswer.NOT_APPROVED: 1}


def test_what_may_have_been_written_is_not_written_again(api, hanako, caplog):
    api.check()

    class Broken(Atomic):
        def __exit__(self, *error):
            super().__exit__(*error)
            raise OperationalError("gone at the commit")

    with mock.patch.object(collecting.transaction, "atomic", return_value=Broken(None, True, False)):
        collecting.write_or_log()
    collecting.write_or_log()
    assert counts() == {QuestionAnswer.NOT_APPROVED: 1} and "may be lost" in caplog.text


def test_memory_is_bounded_and_people_are_then_no_longer_told_apart(hanako, taro, settings):
    with mock.patch.object(collecting, "MOST_KEPT", 1):
        collecting.count_questions([asked(hanako.pk), asked(taro.pk), asked(hanako.pk)])
    write_questions()
    assert [(row.person_id, row.question_count) for row in QuestionCount.objects.all()] == [(hanako.pk, 2)]
    assert counts(QuestionTotal) == {QuestionAnswer.REFUSED: 3}


def test_thread_writes_at_once_when_there_is_much():
    written = threading.Event()
    with mock.patch.object(collecting, "WRITTEN_AT", 1), mock.patch.object(collecting, "write_or_log", written.set):
        collected = collecting.Collected()
        collected.ensure_writer(3600)
        collected.add([(Asked(1, TODAY, 1, 1, 1), 1)])
        assert written.wait(30) and collected.writer.daemon


def test_erased_person_gets_no_row(hanako):
    one = asked(hanako.pk)
    User.objects.filter(pk=hanako.pk).update(subject="erased:1")
    add_questions(asked={one: 4})
    assert not QuestionCount.objects.exists() and counts(QuestionTotal) == {QuestionAnswer.REFUSED: 4}


def test_days_and_recipients_are_counted_apart(hanako):
    one = asked(hanako.pk)
    others = [one._replace(asked_on=TODAY - timedelta(days=1)), asked(hanako.pk, recipient="komorebi-toge")]
    with CaptureQueriesContext(connection) as made:
        add_questions(asked={one: 1, others[0]: 2, others[1]: 3})
    add_questions(asked={one: 10})
    assert sorted(hanako.question_counts.values_list("question_count", flat=True)) == [2, 3, 11]
    assert len([text for text in made if "SAVEPOINT" not in text["sql"]]) == 3


@pytest.mark.concurrency
def test_processes_that_write_at_once_lose_nothing(world, hanako, taro):
    mine = {
        asked(person.pk, recipient=code): 1 for code in ("minato-inn", "komorebi-toge") for person in (hanako, taro)
    }
    turned = dict(reversed(mine.items()))
    at_once(*[lambda some=some: add_questions(asked=some) for some in [mine, turned] * 4])
    assert set(QuestionCount.objects.values_list("question_count", flat=True)) == {8}
    assert set(QuestionTotal.objects.values_list("question_count", flat=True)) == {16}
