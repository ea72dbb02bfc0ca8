"""Stopping a company, everyone abroad, or everything: one action, and the page that says what it does."""

import pytest

from consents.asking.decision_actions import change_answer, withdraw_decision
from consents.asking.rule_actions import set_rule
from consents.checking.checks import permission_check
from consents.checking.standing_approvals import approvals
from consents.models import RuleKind, RuleSetting, WithdrawalCase
from consents.stopping.actions import stop_provision, undo_stopping
from consents.stopping.scopes import ABROAD, EVERYTHING, Scope
from disclosures.content.publications import newest_document
from privacycenter.errors import InvalidValue, NoLongerOpen
from tests.support.api import QUESTION
from tests.support.asking import answer, ask, change_page
from tests.support.database import at_once, statements
from tests.support.events import a_survey_event, an_event, many_kinds, record
from tests.support.html import read
from tests.support.people import client_of

pytestmark = pytest.mark.django_db

NORTHWIND = Scope(RuleKind.RECIPIENT, "northwind-analytics")


def stop(person, scope=NORTHWIND):
    return stop_provision(scope=scope, language="ja", by=person)


def standing(person) -> list[str]:
    return sorted(one.recipient for one in approvals(person, newest_document()))


def rules(person) -> list[tuple]:
    return [(one.kind, one.code, one.version, one.setting) for one in person.standing_rules.order_by("version")]


@pytest.fixture
def here(hanako, reporter):
    """An approval of a recipient in Japan."""
    return answer(hanako, ask(hanako, reporter, recipient="minato-inn"), "name")


# --- The action ------------------------------------------------------------------------------------------------------


def test_stopping_a_company_ends_its_approvals_and_no_others(hanako, decision, here):
    stopped = stop(hanako)
    assert [one.withdraws_id for one in stopped.withdrawals] == [decision.id]
    assert standing(hanako) == ["minato-inn"]
    assert rules(hanako) == [("recipient", "northwind-analytics", 1, "refuse")]


def test_stopping_abroad_leaves_what_is_in_japan(hanako, decision, here):
    stop(hanako, ABROAD)
    assert standing(hanako) == ["minato-inn"]


def test_stopping_everything_ends_every_approval(hanako, decision, here):
    stopped = stop(hanako, EVERYTHING)
    assert {one.withdraws_id for one in stopped.withdrawals} == {decision.id, here.id}
    assert standing(hanako) == []


def test_checks_say_no_from_then_on_and_requests_are_refused(hanako, reporter, decision):
    stop(hanako)
    assert not permission_check(**QUESTION, by=reporter).allowed
    request = ask(hanako, reporter, service="hotpepper-gourmet")
    made = hanako.decisions.get(request_id=request.id)
    assert (made.allowed_set.codes, made.rule_id) == ([], hanako.standing_rules.get().id)


def test_withdrawal_of_a_stop_opens_its_case_where_something_was_reported(hanako, reporter, decision):
    record(reporter, a_survey_event(occurred_at=decision.decided_at))
    (withdrawal,) = stop(hanako).withdrawals
    assert withdrawal.refused_set.codes == ["name", "usage"]
    assert WithdrawalCase.objects.get().opened_at == withdrawal.decided_at


def test_stopping_twice_writes_nothing_more(hanako, decision):
    first = stop(hanako)
    second = stop(hanako)
    assert (second.rule.id, second.withdrawals) == (first.rule.id, [])
    assert hanako.decisions.count() == 2 and hanako.standing_rules.count() == 1


def test_stopping_where_nothing_is_allowed_makes_the_rule_alone(hanako, disclosure):
    assert stop(hanako, Scope(RuleKind.RECIPIENT, "minato-inn")).withdrawals == []
    assert rules(hanako) == [("recipient", "minato-inn", 1, "refuse")] and not hanako.decisions.exists()


def test_changed_answer_ends_by_its_last_change(hanako, decision):
    change = change_page(decision)
    changed = change_answer(decision_id=decision.id, allowed={"usage"}, text_sha256=change.text_sha256, by=hanako)
    assert [one.withdraws_id for one in stop(hanako).withdrawals] == [changed.id]
    assert standing(hanako) == []


def test_several_answers_about_the_same_all_end(hanako, reporter):
    for item in ("name", "usage"):
        answer(hanako, ask(hanako, reporter, items=(item,)), item)
    assert len(stop(hanako).withdrawals) == 2
    assert standing(hanako) == []


def test_stopping_ends_the_exception_for_this_company(hanako, decision):
    set_rule(kind=RuleKind.RECIPIENT, code="northwind-analytics", setting=RuleSetting.ASK, by=hanako)
    stop(hanako)
    assert rules(hanako)[-1] == ("recipient", "northwind-analytics", 2, "refuse")


@pytest.mark.parametrize(
    "scope",
    [
        NORTHWIND, Scope(RuleKind.RECIPIENT, "no-such-company"), Scope(RuleKind.COUNTRY, "US"),
        Scope(RuleKind.ITEM, "name"),
    ],
)  # fmt: skip
def test_what_another_person_has_to_do_with_cannot_be_stopped(taro, decision, scope):
    with pytest.raises(InvalidValue):
        stop(taro, scope)
    assert not taro.standing_rules.exists() and standing(decision.person) == ["northwind-analytics"]


def test_undoing_puts_the_rule_back_and_allows_nothing(hanako, reporter, decision):
    stop(hanako)
    undo_stopping(scope=NORTHWIND, by=hanako)
    assert rules(hanako)[-1] == ("recipient", "northwind-analytics", 2, "off")
    assert standing(hanako) == []
    request = ask(hanako, reporter, service="hotpepper-gourmet")
    assert not hanako.decisions.filter(request_id=request.id).exists()


def test_undoing_restores_the_exception_that_was_there(hanako, decision):
    set_rule(kind=RuleKind.RECIPIENT, code="northwind-analytics", setting=RuleSetting.ASK, by=hanako)
    stop(hanako)
    undo_stopping(scope=NORTHWIND, by=hanako)
    assert rules(hanako)[-1] == ("recipient", "northwind-analytics", 3, "ask")


def test_undoing_what_is_not_stopped_writes_nothing(hanako, decision):
    with pytest.raises(NoLongerOpen):
        undo_stopping(scope=NORTHWIND, by=hanako)
    stop(hanako)
    undo_stopping(scope=NORTHWIND, by=hanako)
    with pytest.raises(NoLongerOpen):
        undo_stopping(scope=NORTHWIND, by=hanako)
    assert hanako.standing_rules.count() == 2


def test_failure_in_the_middle_leaves_nothing(hanako, decision, here, monkeypatch):
    def fail(**_more):
        raise RuntimeError

    monkeypatch.setattr("consents.stopping.actions.withdraw_decision", fail)
    with pytest.raises(RuntimeError):
        stop(hanako, EVERYTHING)
    assert not hanako.standing_rules.exists() and standing(hanako) == ["minato-inn", "northwind-analytics"]


@pytest.mark.concurrency
def test_stopping_at_the_same_time_ends_each_approval_once(world, hanako, decision):
    results = at_once(*(lambda: stop(hanako, EVERYTHING) for _ in range(4)))
    assert sorted(len(one.withdrawals) for one in results) == [0, 0, 0, 1]
    assert hanako.decisions.count() == 2 and hanako.standing_rules.count() == 1


@pytest.mark.concurrency
def test_withdrawing_and_stopping_at_the_same_time_end_it_once(world, hanako, decision):
    at_once(
        lambda: withdraw_decision(decision_id=decision.id, language="ja", by=hanako), lambda: stop(hanako, EVERYTHING)
    )
    assert hanako.decisions.filter(withdraws_id=decision.id).count() == 1 and standing(hanako) == []


# --- The pages -------------------------------------------------------------------------------------------------------


def page_of(client, what="recipient:northwind-analytics"):
    return read(client.get("/my/stop/", {"what": what})).one("main")


def post(client, address="stoppings", what="recipient:northwind-analytics"):
    return client.post(f"/my/stop/{address}/", {"what": what})


def test_page_names_what_ends_and_saves_nothing(as_hanako, hanako, decision):
    main = page_of(as_hanako)
    assert f"/my/decisions/{decision.id}/" in [link["href"] for link in main.all("a")]
    assert not hanako.standing_rules.exists() and hanako.decisions.count() == 1


def test_page_says_what_cannot_be_stopped_and_why(as_hanako, disclosure, reporter):
    record(reporter, an_event("again"))
    main = page_of(as_hanako, "recipient:minato-inn")
    assert "あなた自身の予約や応募によるものです。" in main.text and "1社 ・ 2回" in main.text


def test_exception_that_a_wider_stop_leaves_is_named(as_hanako, hanako, decision):
    set_rule(kind=RuleKind.RECIPIENT, code="northwind-analytics", setting=RuleSetting.ASK, by=hanako)
    assert "あなたが決めた例外は残ります。" in page_of(as_hanako, "all:").text


def test_stopping_shows_receipts_and_the_way_back(as_hanako, hanako, decision):
    page = read(as_hanako.get(post(as_hanako)["Location"])).one("main")
    withdrawal = hanako.decisions.get(withdraws_id=decision.id)
    assert f"/my/decisions/{withdrawal.id}/receipt/" in [link["href"] for link in page.all("a")]
    (form,) = page.all("form")
    assert form["action"] == "/my/stop/undoings/"
    post(as_hanako, "undoings")
    assert rules(hanako)[-1][-1] == "off"


def test_undoing_twice_says_that_there_is_nothing(as_hanako, hanako, decision):
    page = read(as_hanako.get(post(as_hanako, "undoings")["Location"]))
    assert "元に戻すものはありません" in page.one("main").text


@pytest.mark.parametrize("what", ["", "x", "recipient:", "all:x", "country:US", "recipient:no-such", "recipient:\x00"])
def test_what_cannot_be_stopped_is_not_found(as_hanako, hanako, decision, what):
    assert as_hanako.get("/my/stop/", {"what": what}).status_code == 404
    assert post(as_hanako, what=what).status_code == 404
    assert not hanako.standing_rules.exists()


def test_recipient_of_another_person_is_not_found(as_taro, taro, decision):
    assert as_taro.get("/my/stop/", {"what": NORTHWIND.value}).status_code == 404
    assert post(as_taro).status_code == 404
    assert not taro.standing_rules.exists()


def test_choices_are_what_the_person_has_to_do_with(as_hanako, hanako, decision, disclosure):
    links = [link["href"] for link in read(as_hanako.get("/my/stop/")).one("main").all("a")]
    found = {link.split("=")[1] for link in links if "what=" in link}
    assert found == {"all%3A", "abroad%3A", "recipient%3Anorthwind-analytics", "recipient%3Aminato-inn"}


def test_form_without_a_log_in_stops_nothing(client, hanako, decision):
    assert post(client)["Location"].startswith("/accounts/login/")
    assert not hanako.standing_rules.exists()


def test_pages_cost_the_same_for_any_record(hanako, reporter, decision):
    client = client_of(hanako)
    record(reporter, an_event())
    paths = ("/my/stop/", "/my/stop/?what=all:")
    few = [statements(client, path) for path in paths]
    many_kinds(reporter, 40)
    for recipient in ("kotori-salon", "komorebi-toge"):
        answer(hanako, ask(hanako, reporter, recipient=recipient), "name")
    assert [statements(client, path) for path in paths] == few
