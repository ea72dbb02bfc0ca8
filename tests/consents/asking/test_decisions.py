"""Decisions: the history of what was answered, and withdrawing it."""

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from consents.asking.decision_actions import answer_request, withdraw_decision
from consents.asking.requests import request_page
from disclosures.content.publications import newest_publication
from disclosures.models import Recipient
from privacycenter.canonical import sha256_of
from privacycenter.models import OutboxRow
from tests.support.asking import about, answer, answer_again, ask
from tests.support.clock import clock_at
from tests.support.html import read

pytestmark = pytest.mark.django_db

RECIPIENTS = ["minato-inn", "kotori-salon", "komorebi-toge", "mizutama-an", "aozora-gears", "hoshikuzu-books"]


def address(decision) -> str:
    return f"/my/decisions/{decision.id}/"


def withdrawal_form(page):
    return [form for form in page.one("main").all("form") if form["action"].endswith("/withdrawals/")]


def withdraw(client, decision, prefix=""):
    return client.post(f"{prefix}{address(decision)}withdrawals/")


def history(client, path="/my/decisions/") -> list[str]:
    links = [link["href"] for link in read(client.get(path)).one("main").all("a")]
    return [link.split("/")[-2] for link in links if "/my/decisions/" in link and link.count("/") == 4]


def test_decision_shows_what_was_allowed_and_refused_and_for_how_long(as_hanako, decision):
    main = read(as_hanako.get(address(decision))).one("main")
    for words in (
        "氏名",
        "利用実績",
        "アンケートの回答内容",
        "Northwind Analytics, Inc.",
        "じゃらんnet",
        "アンケート結果の報告",
    ):
        assert words in main.text
    times = [datetime.fromisoformat(shown["datetime"]).replace(microsecond=0) for shown in main.all("time")]
    assert decision.valid_until.replace(microsecond=0) in times


def test_decision_shows_the_text_that_was_seen(as_hanako, decision):
    seen = read(as_hanako.get(address(decision))).one("main").one("details")
    assert decision.text_sha256 in seen.text
    assert "nameを使う理由" in seen.text and "nameを渡さないとき" in seen.text


def test_decision_leads_back_to_its_request(as_hanako, decision):
    links = [link["href"] for link in read(as_hanako.get(address(decision))).one("main").all("a")]
    assert f"/my/requests/{decision.request_id}/" in links


def test_withdrawing_takes_one_button(as_hanako, decision):
    form = withdrawal_form(read(as_hanako.get(address(decision))))[0]
    assert len(form.all("button")) == 1
    assert {field["type"] for field in form.all("input")} == {"hidden"}


def test_withdrawal_ends_the_decision_and_leads_back_to_it(as_hanako, hanako, decision):
    response = withdraw(as_hanako, decision)
    made = hanako.decisions.get(withdraws_id=decision.id)
    assert (response.status_code, response["Location"]) == (302, address(decision))
    assert (made.allowed_set.codes, made.refused_set.codes) == ([], ["name", "usage"])


def test_answer_is_kept_with_what_was_asked_and_shown(hanako, open_request):
    page = request_page(hanako, open_request.id)
    made = answer_request(
        request_id=open_request.id, allowed={"name"}, text_sha256=page.text_sha256, valid_days=7, by=hanako
    )
    kept = hanako.decisions.get(id=made.id)
    assert about(kept) == (
        hanako.pk, open_request.id, 0, open_request.recipient_id, open_request.service_id, open_request.scenario_id,
    )  # fmt: skip
    assert (kept.rule_id, kept.withdraws_id, kept.undoes_id, kept.changes_id) == (None, None, None, None)
    assert (kept.allowed_set.codes, kept.refused_set.codes) == (["name"], ["survey-answers", "usage"])
    assert (kept.text, kept.text_sha256, kept.language) == (page.text, page.text_sha256, "ja")
    assert (kept.publication, kept.valid_until - kept.decided_at) == (1, timedelta(days=7))
    told = OutboxRow.objects.filter(payload__decision=str(kept.id)).values_list("topic", "payload", "due_at")
    assert {topic for topic, _payload, _due in told} == {"decision.made", "approval.ending"}
    assert {payload["person"] for _topic, payload, _due in told} == {hanako.pk}
    half = kept.valid_until - timedelta(days=3.5)
    assert {due_at for topic, _payload, due_at in told if topic == "approval.ending"} == {half}


def test_refusal_has_no_end_to_be_told_of(hanako, open_request):
    answer(hanako, open_request)
    assert not OutboxRow.objects.filter(topic="approval.ending").exists()


@pytest.mark.parametrize("days", [1, 90])
def test_approval_may_be_as_long_as_was_asked_and_a_day_at_least(hanako, open_request, days):
    shown = request_page(hanako, open_request.id).text_sha256
    made = answer_request(request_id=open_request.id, allowed={"name"}, text_sha256=shown, valid_days=days, by=hanako)
    assert made.valid_until - made.decided_at == timedelta(days=days)


def test_withdrawal_is_kept_with_what_it_ends(hanako, reporter):
    decision = answer_again(hanako, reporter, "name", "usage")
    made = withdraw_decision(decision_id=decision.id, language="en", by=hanako)
    kept = hanako.decisions.get(id=made.id)
    assert (kept.withdraws_id, kept.undoes_id, kept.changes_id, kept.rule_id) == (decision.id, None, None, None)
    assert about(kept) == about(decision)
    assert kept.publication == newest_publication().number
    text = {"language": "en", "withdraws": str(decision.id), "of_text_sha256": decision.text_sha256}
    assert (kept.language, kept.text, kept.text_sha256) == ("en", text, sha256_of(text))
    assert kept.valid_until == kept.decided_at > decision.decided_at
    told = OutboxRow.objects.filter(topic="decision.withdrawn", payload__decision=str(kept.id))
    assert {row.payload["person"] for row in told} == {hanako.pk}


def test_withdrawn_decision_says_so_and_cannot_be_withdrawn_again(as_hanako, decision, withdrawal):
    page = read(as_hanako.get(address(decision)))
    assert page.one("header", cls="page-head").one(cls="withdrawn").text
    assert withdrawal_form(page) == []
    assert address(withdrawal) in [link["href"] for link in page.all("a")]


def test_second_withdrawal_is_refused(as_hanako, hanako, decision, withdrawal):
    response = withdraw(as_hanako, decision)
    assert response.status_code == 409
    assert hanako.decisions.count() == 2


def test_refusal_cannot_be_withdrawn(as_hanako, hanako, open_request):
    refusal = answer(hanako, open_request)
    assert withdrawal_form(read(as_hanako.get(address(refusal)))) == []
    assert withdraw(as_hanako, refusal).status_code == 409
    assert hanako.decisions.count() == 1


def test_withdrawal_itself_cannot_be_withdrawn(as_hanako, hanako, decision, withdrawal):
    assert withdrawal_form(read(as_hanako.get(address(withdrawal)))) == []
    assert withdraw(as_hanako, withdrawal).status_code == 409
    assert hanako.decisions.count() == 2


def test_withdrawal_in_english_is_recorded_in_english(as_hanako, hanako, decision):
    response = withdraw(as_hanako, decision, prefix="/en")
    assert response["Location"] == f"/en{address(decision)}"
    assert hanako.decisions.get(withdraws_id=decision.id).language == "en"


def test_withdrawing_by_reading_is_not_possible(as_hanako, hanako, decision):
    assert as_hanako.get(f"{address(decision)}withdrawals/")["Location"] == address(decision)
    assert hanako.decisions.count() == 1


@pytest.fixture
def expired(hanako, reporter):
    """A decision whose validity is over."""
    with clock_at(timezone.now() - timedelta(days=200)):
        return answer(hanako, ask(hanako, reporter), "name")


def test_expired_decision_says_so(as_hanako, expired):
    assert read(as_hanako.get(address(expired))).one("header", cls="page-head").one(cls="expired").text


def test_expired_decision_can_still_be_withdrawn(as_hanako, hanako, expired):
    assert withdraw(as_hanako, expired).status_code == 302
    assert hanako.decisions.filter(withdraws_id=expired.id).exists()


# --- History ---------------------------------------------------------------------------------------------------------


def machine_clock(ahead: timedelta):
    """A machine whose clock goes wrong by so much: the one that stamps rows and the one that ids are made of."""
    return clock_at(timezone.now() + ahead)


def test_history_shows_every_step_the_newest_first(as_hanako, hanako, reporter):
    with machine_clock(timedelta(hours=-2)):
        first = answer(hanako, ask(hanako, reporter, recipient="minato-inn"), "name")
    with machine_clock(timedelta(hours=-1)):
        second = answer(hanako, ask(hanako, reporter, recipient="kotori-salon"))
    third = withdraw_decision(decision_id=first.id, language="ja", by=hanako)
    assert history(as_hanako) == [str(step.id) for step in (third, second, first)]


def test_history_keeps_its_order_when_another_machines_clock_was_ahead(as_hanako, hanako, open_request):
    with machine_clock(timedelta(hours=1)):
        decision = answer(hanako, open_request, "name")
    withdrawal = withdraw_decision(decision_id=decision.id, language="ja", by=hanako)
    assert history(as_hanako) == [str(withdrawal.id), str(decision.id)]


def test_history_says_what_each_step_is_worth_now(as_hanako, decision, withdrawal):
    rows = read(as_hanako.get("/my/decisions/")).one("main").one("ul", cls="rows")
    assert len(rows.all(cls="withdrawn")) == 2


def test_long_history_is_paged_and_shows_each_step_once(as_hanako, hanako, reporter):
    steps = []
    for recipient in Recipient.objects.values_list("code", flat=True)[:11]:
        decision = answer(hanako, ask(hanako, reporter, recipient=recipient), "name")
        steps += [decision, withdraw_decision(decision_id=decision.id, language="ja", by=hanako)]
    older = read(as_hanako.get("/my/decisions/")).one("main").one("a", rel="next")["href"]
    shown = history(as_hanako) + history(as_hanako, f"/my/decisions/{older}")
    assert sorted(shown) == sorted(str(step.id) for step in steps)


@pytest.mark.parametrize("before", ["x", "%00", "00000000-0000-0000-0000-000000000000", "1" * 500])
def test_history_from_a_place_that_is_not_ours_does_no_harm(as_hanako, decision, before):
    assert as_hanako.get(f"/my/decisions/?before={before}").status_code == 200


def test_empty_history_says_so(as_hanako):
    assert read(as_hanako.get("/my/decisions/")).one("main").one(cls="empty").text


# --- Cost ------------------------------------------------------------------------------------------------------------


def statements(client, path) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(path).status_code == 200
    return len(captured)


def test_cost_of_the_history_does_not_grow_with_it(as_hanako, hanako, reporter, decision, withdrawal):
    few = statements(as_hanako, "/my/decisions/")
    for recipient in RECIPIENTS:
        answer(hanako, ask(hanako, reporter, recipient=recipient), "name")
    assert statements(as_hanako, "/my/decisions/") == few <= 9


def test_cost_of_a_decision_does_not_grow_with_its_items(as_hanako, hanako, reporter):
    small = answer(hanako, ask(hanako, reporter, recipient="minato-inn", items=("name",)), "name")
    large = answer(hanako, ask(hanako, reporter, recipient="kotori-salon"), "name", "survey-answers", "usage")
    assert statements(as_hanako, address(large)) == statements(as_hanako, address(small)) <= 9
