"""How often services asked, for the person and for the desk; and when the privacy officer is told."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from consents.asking.decision_actions import withdraw_decision
from consents.models import QuestionAnswer, QuestionCount, QuestionSpike, QuestionTotal
from consents.question_log.actions import notice_spikes
from consents.question_log.collecting_actions import write_questions
from consents.question_log.queries import questions_of
from consents.question_log.spikes import is_spike
from disclosures.content.publications import newest_document
from disclosures.models import WithholdingGround
from disclosures.officers.withholding_actions import release_disclosure, withhold_disclosure
from disclosures.public.titles import Names
from disclosures.staff_mails.news import news_for
from privacycenter.operation.metrics import exposition
from privacycenter.text.languages import speaking
from tests.support.api import Api
from tests.support.database import statements
from tests.support.html import read
from tests.support.questions import asked
from tests.support.together import put_together, second_account

pytestmark = pytest.mark.django_db

NORTHWIND, QUESTIONS = "/my/recipients/northwind-analytics/", "/admin/questions/"
WHY = {"ground": WithholdingGround.values[0], "reason": "捜査機関からの要請のため"}


def section(client, path=NORTHWIND):
    return read(client.get(path)).one(id="questions")


# --- For the person --------------------------------------------------------------------------------------------------


def test_person_reads_how_often_services_asked_and_were_told_no(as_hanako, hanako, taro, decision):
    asked(hanako, 11, days_ago=40)
    asked(hanako, 3)
    asked(hanako, 1, answer=QuestionAnswer.ALLOWED, service="hotpepper-gourmet")
    asked(taro, 50)
    page = section(as_hanako)
    assert "少なくとも15回、照会がありました。" in page.text and "少なくとも14回は「いいえ」と答えました。" in page.text
    first, second = page.one("ul").all("li")
    assert "じゃらんnet" in first.text and "14回" in first.text and "いいえ" in first.text
    assert "ホットペッパーグルメ" in second.text and "はい" in second.text
    english = section(as_hanako, f"/en{NORTHWIND}").text
    assert "Asked at least 15 times. Answered no at least 14 times." in english


def test_recipient_that_was_only_asked_about_has_a_page_and_a_line(as_hanako, as_taro, hanako):
    assert as_hanako.get(NORTHWIND).status_code == 404
    asked(hanako, 2)
    assert section(as_hanako) and as_taro.get(NORTHWIND).status_code == 404
    links = [link["href"] for link in read(as_hanako.get("/my/recipients/")).one("main").all("a")]
    assert NORTHWIND in links
    for other in ("?abroad=1", "?on=2026-10-01"):
        assert NORTHWIND not in read(as_hanako.get(f"/my/recipients/{other}")).one("main").text


def test_questions_cost_one_statement_on_each_page(as_hanako, hanako, decision):
    before = statements(as_hanako, NORTHWIND), statements(as_hanako, "/my/recipients/"), statements(as_hanako, "/my/")
    for days in range(9):
        asked(hanako, 2, days_ago=days)
    assert (statements(as_hanako, NORTHWIND), statements(as_hanako, "/my/recipients/")) == before[:2]
    assert statements(as_hanako, "/my/") == before[2]


def test_questions_of_more_than_a_year_ago_are_neither_shown_nor_kept(as_hanako, hanako, decision):
    asked(hanako, 5, days_ago=370)
    asked(hanako, 2, days_ago=300)
    assert "少なくとも2回、照会" in section(as_hanako).text
    call_command("purge_expired", dry_run=True, verbosity=0)
    assert QuestionCount.objects.count() == QuestionTotal.objects.count() == 2
    call_command("purge_expired", verbosity=0)
    assert QuestionCount.objects.get().question_count == QuestionTotal.objects.get().question_count == 2


def test_questions_by_which_a_withheld_disclosure_goes_are_not_shown(hanako, officer, disclosure):
    names = Names(newest_document())
    for recipient in ("minato-inn", "northwind-analytics"):
        asked(hanako, 2, recipient=recipient)
    until = timezone.now() + timedelta(days=3)
    withhold_disclosure(disclosure=disclosure, until=until, by=officer, **WHY)
    assert set(questions_of(hanako, names)) == {"northwind-analytics"}
    release_disclosure(disclosure=disclosure, reason="必要がなくなったため", by=officer)
    assert set(questions_of(hanako, names)) == {"northwind-analytics", "minato-inn"}


def test_questions_about_all_accounts_of_a_person_are_shown_together(as_hanako, hanako, decision):
    old = second_account()
    asked(old, 3)
    asked(hanako, 2)
    put_together(old, hanako)
    assert "少なくとも5回、照会" in section(as_hanako).text


def test_call_of_the_api_reaches_the_page(as_hanako, hanako, reporter, decision):
    withdraw_decision(decision_id=decision.id, language="ja", by=hanako)
    Api(reporter).check()
    write_questions()
    assert "あなたが許可しなかったか、許可を取り消していた" in section(as_hanako).text


# --- For the privacy officer -----------------------------------------------------------------------------------------


def an_ordinary_time(noes=4):
    for days in range(1, 15):
        asked(None, noes, days_ago=days)


def test_desk_lists_days_and_names_nobody(as_officer, hanako):
    asked(hanako, 7)
    asked(None, 3, answer=QuestionAnswer.ALLOWED)
    asked(None, 1, recipient="minato-inn", days_ago=1)
    page = read(as_officer.get(QUESTIONS)).one("main")
    first, second = page.one("tbody").all("tr")
    assert [cell.text for cell in first.all("td")[2:]] == ["10", "7"] and "湯宿 みなと" in second.text
    assert hanako.subject not in page.text
    for query, count in [
        ("?recipient=minato-inn", 1),
        ("?service=jalan", 2),
        ("?since=2999-01-01", 0),
        ("?until=x", 2),
    ]:
        assert len(read(as_officer.get(QUESTIONS + query)).all("tbody tr") or []) >= 0
        assert read(as_officer.get(QUESTIONS + query)).text.count("湯宿 みなと") == (count > 0)


def test_desk_costs_the_same_for_many_rows(as_officer, hanako):
    an_ordinary_time()
    as_officer.get(QUESTIONS)
    few = statements(as_officer, QUESTIONS)
    for days in range(14):
        asked(hanako, 1, recipient="minato-inn", days_ago=days)
    assert statements(as_officer, QUESTIONS) == few


@pytest.mark.parametrize("client", ["as_editor", "as_hanako"])
def test_desk_is_for_officers(request, client):
    assert request.getfixturevalue(client).get(QUESTIONS).status_code in (302, 403)


@pytest.mark.once
@pytest.mark.parametrize(
    ("refused", "usual", "expected"), [(99, 0, False), (100, 0, True), (100, 20, True), (100, 21, False)]
)
def test_spike_is_a_hundred_and_five_times_the_usual(refused, usual, expected):
    assert is_spike(refused, usual) is expected


def test_spike_alarms_the_officer_once(as_officer, officer):
    began = timezone.now()
    an_ordinary_time(30)
    asked(None, 149)
    notice_spikes()
    assert not QuestionSpike.objects.exists()
    asked(None, 1)
    asked(None, 500, answer=QuestionAnswer.ALLOWED)
    for _time in range(2):
        notice_spikes()
        asked(None, 10)
    spike = QuestionSpike.objects.get()
    assert (spike.refused_count, spike.usual_count, spike.recipient.code) == (150, 30, "northwind-analytics")
    with speaking("en"):
        (line,) = news_for(officer, began, timezone.now())
    assert (line.text, line.page) == ("A service was told no unusually often: 1 time", "admin:questions")
    assert b"privacycenter_question_spikes 1.0" in exposition()
    assert "急増(いつもは1日30回)" in read(as_officer.get(f"{QUESTIONS}?is_spike=on")).one("tbody").text
    assert "1" in read(as_officer.get("/admin/")).text


def test_spike_is_not_seen_before_it_is_known_what_is_usual():
    for days in (0, 1, 2):
        asked(None, 1000, days_ago=days)
    notice_spikes()
    assert not QuestionSpike.objects.exists()
    asked(None, 1, days_ago=3)
    asked(None, 9000)
    notice_spikes()
    assert QuestionSpike.objects.get().refused_count == 10_000
