"""What a decision keeps of the question, whole and in the language in which it was asked; what was never asked again."""

import json
import re
from datetime import timedelta

import pytest
from django.utils import timezone

from disclosures.ledger.recording import record_disclosures
from disclosures.models import Recipient, Scenario
from tests.support.asking import answer, ask
from tests.support.clock import clock_at
from tests.support.content import publish_as_it_is
from tests.support.database import tamper
from tests.support.events import a_survey_event
from tests.support.html import read

pytestmark = pytest.mark.django_db


def fold(client, decision, prefix=""):
    (found,) = read(client.get(f"{prefix}/my/decisions/{decision.id}/")).all("details", cls="fold")
    return found


def test_decision_shows_all_that_was_shown_when_answering(as_hanako, hanako, open_request):
    asked = read(as_hanako.get(f"/my/requests/{open_request.id}/")).one("main")
    decision = answer(hanako, open_request, "name")
    kept = fold(as_hanako, decision).text
    facts = [fact.text for folded in asked.all("details") for fact in folded.all("dd")]
    assert len(facts) > 4 and [text for text in facts if text not in kept] == []
    assert decision.text["scenario"]["title"] in kept


def test_decision_shows_what_was_shown_then_not_what_is_written_now(as_hanako, hanako, decision):
    Recipient.objects.filter(code="northwind-analytics").update(measures="あとから書き換えた措置")
    assert "あとから書き換えた措置" not in fold(as_hanako, decision).text


def test_reason_why_measures_are_unknown_is_part_of_the_text(hanako, reporter):
    Recipient.objects.filter(code="northwind-analytics").update(measures="", measures_unknown="回答がありません。")
    publish_as_it_is()
    decision = answer(hanako, ask(hanako, reporter), "name")
    assert decision.text["recipient"]["measures_unknown"] == "回答がありません。"


def test_what_was_read_in_japanese_says_so_on_an_english_page(as_hanako, decision):
    page = read(as_hanako.get(f"/en/my/decisions/{decision.id}/"))
    words = page.one("details", cls="fold").words
    japanese = [(text, element.language) for text, element in words if re.search(r"[\u3040-\u30ff]", text)]
    assert len(japanese) > 5 and [text for text, language in japanese if language != "ja"] == []


def test_reporter_says_its_language_on_an_english_page(as_hanako, disclosure):
    page = read(as_hanako.get(f"/en/my/disclosures/{disclosure.id}/"))
    (named,) = [element for text, element in page.words if text == "じゃらんnet予約システム"]
    assert named.language == "ja"


def test_decision_says_when_it_was_asked(as_hanako, decision, open_request):
    steps = read(as_hanako.get(f"/my/decisions/{decision.id}/")).one(cls="page-side").one("ol")
    assert len(steps.all("time")) == 2


def test_refusal_says_for_how_long_it_is_not_asked_again(as_hanako, hanako, open_request):
    decision = answer(hanako, open_request)
    for path in (f"/my/decisions/{decision.id}/", f"/my/requests/{open_request.id}/"):
        assert "90日" in read(as_hanako.get(path)).one("main").text


def test_what_was_allowed_does_not_speak_of_asking_again(as_hanako, decision):
    assert "改めて確認されません" not in read(as_hanako.get(f"/my/decisions/{decision.id}/")).one("main").text


def test_ground_is_one_that_was_reported(as_hanako, hanako, reporter, disclosure):
    record_disclosures(events=[a_survey_event()], by=reporter)
    for reported in hanako.disclosures.all():
        assert "報告された根拠" in read(as_hanako.get(f"/my/disclosures/{reported.id}/")).one("main").text


@pytest.mark.parametrize(("days", "words"), [(14, "まだあなたの回答を待っています"), (1, "回答しませんでした")])
def test_rule_preview_tells_a_request_that_waits_from_one_that_ran_out(as_hanako, hanako, reporter, days, words):
    with clock_at(timezone.now() - timedelta(days=2)):
        ask(hanako, reporter, days=days)
    text = read(as_hanako.get("/my/rules/preview/?about=all%3A&setting=refuse")).one("ul", cls="rows").text
    assert words in text


# --- Who represents the recipient, and the basis abroad --------------------------------------------------------------


def facts_on(client, path) -> dict[str, str]:
    found: dict[str, str] = {}
    for facts in read(client.get(path)).one("main").all("dl", cls="facts"):
        found |= {term.text: said.text for term, said in zip(facts.all("dt"), facts.all("dd"), strict=True)}
    return found


LATER = ("representative", "basis_abroad", "basis_checked_on")
BASIS, UNSTATED = "Basis for provision abroad", "Not stated. Until it is, the rules for your consent apply"


@pytest.mark.parametrize(
    ("recipient", "scenario", "said"),
    [
        ({}, {}, UNSTATED),
        ({}, {"route_abroad": "consent"}, "Consent (art. 28(1))"),
        ({"basis_abroad": "equivalent_system"}, {"route_abroad": "consent"}, "When it was last checked is not stated."),
        ({"basis_abroad": "equivalent_system", "basis_checked_on": "2026-04-01"}, {}, "Last checked on April 1, 2026."),
    ],
)
def test_request_and_receipt_say_who_represents_it_and_the_basis_abroad(
    as_hanako, hanako, open_request, recipient, scenario, said
):
    change = {"representative": "代表 風見 北", "i18n": {"representative_en": "Kita Kazami, President"}, **recipient}
    Recipient.objects.filter(code="northwind-analytics").update(**change)
    Scenario.objects.filter(code="survey-results").update(**scenario)
    publish_as_it_is()
    facts = facts_on(as_hanako, f"/en/my/requests/{open_request.id}/")
    assert facts["Representative"] == "Kita Kazami, President" and said in facts[BASIS]
    decision = answer(hanako, open_request, "name")
    Recipient.objects.filter(code="northwind-analytics").update(representative="別の人", i18n={}, basis_abroad="")
    publish_as_it_is()
    kept = facts_on(as_hanako, f"/en/my/decisions/{decision.id}/")
    receipt = facts_on(as_hanako, f"/en/my/decisions/{decision.id}/receipt/")
    assert kept["Representative"] == receipt["Representative"] == "Kita Kazami, President"
    assert said in kept[BASIS]
    assert receipt[BASIS].startswith("Not stated." if said is UNSTATED else facts[BASIS][:8])


def test_what_an_older_text_did_not_say_is_neither_shown_nor_called_a_change(as_hanako, decision):
    text = {**decision.text, "recipient": {k: v for k, v in decision.text["recipient"].items() if k not in LATER}}
    tamper("UPDATE consents_decision SET text = %s", json.dumps(text))
    facts = facts_on(as_hanako, f"/en/my/decisions/{decision.id}/")
    assert not {"Representative", BASIS} & facts.keys()
    page = read(as_hanako.get(f"/en/my/decisions/{decision.id}/"))
    assert page.all(id="changed") == []
    assert not {"Representative", BASIS} & facts_on(as_hanako, f"/en/my/decisions/{decision.id}/receipt/").keys()


def test_another_representative_is_a_change_of_the_text(as_hanako, decision):
    Recipient.objects.filter(code="northwind-analytics").update(representative="別の人", basis_abroad="consent")
    publish_as_it_is()
    changed = read(as_hanako.get(f"/my/decisions/{decision.id}/")).one("section", cls="changed")
    assert [heading.text for heading in changed.all("h3")] == ["代表者", "外国への提供の根拠"]
