"""Old answers name whom and what they were about as it was called then, not as it is called today."""

import pytest

from consents.asking.decision_actions import withdraw_decision
from disclosures.models import Recipient, Scenario
from tests.support.clock import clock_at
from tests.support.content import publish_as_it_is
from tests.support.html import read
from tests.support.people import client_of

pytestmark = pytest.mark.django_db

OLD, NEW = "Northwind Analytics, Inc.", "改名したあとの会社"


@pytest.fixture
def renamed(decision):
    """The recipient is published under another name since the answer."""
    Recipient.objects.filter(code="northwind-analytics").update(title=NEW, i18n={})
    Scenario.objects.filter(code="survey-results").update(title="改めたシーン", i18n={})
    publish_as_it_is()
    return decision


def test_lists_and_headings_of_answers_name_the_recipient_as_it_was_called(as_hanako, renamed):
    request = as_hanako.get("/my/requests/")
    for page in (as_hanako.get("/my/decisions/"), request, as_hanako.get(f"/my/decisions/{renamed.id}/receipt/")):
        main = read(page).one("main").text
        assert OLD in main and NEW not in main and "改めたシーン" not in main
    page = read(as_hanako.get(f"/my/decisions/{renamed.id}/")).one("main")
    assert OLD in page.one("h1").text and f"いまの名称: {NEW}" in page.text


def test_withdrawal_and_undoing_name_it_as_the_answer_did(as_hanako, hanako, renamed):
    withdrawal = withdraw_decision(decision_id=renamed.id, language="ja", by=hanako)
    for path in ("/my/decisions/", f"/my/decisions/{withdrawal.id}/"):
        main = read(as_hanako.get(path)).one("main")
        assert OLD in main.text
    assert OLD in main.one("h1").text
    assert NEW not in read(as_hanako.get("/my/decisions/")).one("main").text


def test_name_that_is_still_the_same_is_in_the_readers_language(as_hanako, decision):
    page = read(as_hanako.get(f"/en/my/decisions/{decision.id}/")).one("main")
    assert "(United States" in page.text and "Its name today" not in page.text


def test_request_that_nobody_answered_is_called_as_it_is(as_hanako, hanako, open_request):
    Recipient.objects.filter(code="northwind-analytics").update(title=NEW, i18n={})
    publish_as_it_is()
    with clock_at(open_request.expires_at):
        assert NEW in read(client_of(hanako).get("/my/requests/")).one("main").text


def test_answered_request_says_that_its_text_is_todays(as_hanako, decision):
    said = "This is the text as it is published today."
    assert said in read(as_hanako.get(f"/en/my/requests/{decision.request_id}/")).one("main").text
