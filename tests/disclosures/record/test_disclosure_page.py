"""One disclosure in full: the text of its day, the answer behind it, and the way to ask."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from disclosures.ledger.recording import record_disclosures
from disclosures.models import Publication, Scenario
from disclosures.publishing.actions import publish_content
from tests.support.clock import clock_at
from tests.support.content import publish_as_it_is
from tests.support.events import a_survey_event, an_event
from tests.support.html import filled_in, read

pytestmark = pytest.mark.django_db

EARLY = datetime(2020, 1, 1, tzinfo=UTC)


def page_of(client, person):
    return read(client.get(f"/my/disclosures/{person.disclosures.get().id}/")).one("main")


def publish_at(moment, title) -> Publication:
    Scenario.objects.filter(code="online-booking").update(title=title)
    with clock_at(moment):
        return publish_content(by=None)


def test_text_is_the_one_of_that_day(as_hanako, hanako, reporter):
    moment = timezone.now() + timedelta(days=10)
    then = publish_at(moment - timedelta(days=1), "その日の題")
    publish_at(moment + timedelta(days=1), "あとの題")
    with clock_at(moment + timedelta(minutes=1)):
        record_disclosures(events=[an_event(occurred_at=moment)], by=reporter)
    text = page_of(as_hanako, hanako).one("blockquote")
    assert text.one("h3").text == "その日の題"
    assert f"/changes/{then.number}/" in [link["href"] for link in page_of(as_hanako, hanako).all("a")]


def test_text_that_changed_since_says_so(as_hanako, hanako, disclosure):
    assert "その後変わっています" not in page_of(as_hanako, hanako).text
    publish_at(timezone.now(), "新しい題")
    main = page_of(as_hanako, hanako)
    assert "その後変わっています" in main.text
    assert main.one("blockquote").one("h3").text == "ネット予約"


def test_day_before_the_first_publication_shows_the_first_text_and_says_so(as_hanako, hanako, reporter):
    record_disclosures(events=[an_event(occurred_at=EARLY)], by=reporter)
    main = page_of(as_hanako, hanako)
    assert "その日にはまだ何も公開していませんでした" in main.text
    assert main.one("blockquote").one("h3").text == "ネット予約"


def test_scenario_that_was_not_in_the_publication_says_so(as_hanako, hanako, reporter):
    scenario = Scenario.objects.get(code="online-booking")
    later = Scenario.objects.create(code="later", title="あとの", section=scenario.section, ground=1, position=99)
    later.services.set(scenario.services.all())
    record_disclosures(events=[an_event(scenario="later", items=(), occurred_at=timezone.now())], by=reporter)
    assert hanako.disclosures.exists()
    publish_as_it_is()
    main = page_of(as_hanako, hanako)
    assert main.all("blockquote") == [] and "説明がありませんでした" in main.text


def test_disclosure_that_no_answer_allowed_says_so(as_hanako, hanako, reporter):
    record_disclosures(events=[a_survey_event()], by=reporter)
    assert "この提供を許可したあなたの回答はありません。" in page_of(as_hanako, hanako).text


def test_disclosure_that_needs_no_answer_does_not_speak_of_one(as_hanako, hanako, disclosure):
    assert "あなたの回答" not in page_of(as_hanako, hanako).text


def test_question_about_it_comes_with_its_reference(as_hanako, hanako, disclosure):
    (ask, *_others) = [link for link in page_of(as_hanako, hanako).all("a") if "/contact/requests/new/" in link["href"]]
    form = read(as_hanako.get(ask["href"])).one("main").one("form")
    assert filled_in(form)["about"] == [str(disclosure.id)]
    assert "湯宿 みなと" in form.parent.text


def test_recipient_page_names_the_decisions_about_it(as_hanako, hanako, reporter, decision):
    record_disclosures(events=[a_survey_event(items=("name", "usage"))], by=reporter)
    links = [link["href"] for link in read(as_hanako.get("/my/recipients/northwind-analytics/")).one("main").all("a")]
    assert f"/my/decisions/{decision.id}/" in links
