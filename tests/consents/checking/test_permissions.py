"""Where decisions stand at a moment: the one place that says allowed or not."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.utils import timezone

from consents.asking.decision_actions import withdraw_decision
from consents.asking.rule_actions import set_rule
from consents.checking.permissions import permissions_at
from consents.models import RuleKind, RuleSetting
from disclosures.ledger.permissions import ItemStanding, ItemState, Standing, StandingQuestion, standings
from tests.support.asking import answer, ask
from tests.support.clock import clock_at

pytestmark = pytest.mark.django_db

INSTANT = timedelta(microseconds=1)


def question(decision, at=None, **more):
    values = {
        "person": decision.person_id,
        "recipient": decision.recipient_id,
        "service": decision.service_id,
        "scenario": decision.scenario_id,
    }
    return StandingQuestion(**{**values, **more}, at=at)


def states(decision, at=None, **more):
    return dict(standings([question(decision, at, **more)])[0].states)


def test_standing_names_each_item_of_a_decision(decision):
    assert states(decision) == {
        "name": ItemState.ALLOWED, "usage": ItemState.ALLOWED, "survey-answers": ItemState.REFUSED,
    }  # fmt: skip


def test_standing_says_of_each_item_which_decision_counts_since_when_and_until_when(decision):
    [standing] = standings([question(decision)])
    given, ends = decision.decided_at, decision.valid_until
    allowed = ItemStanding(ItemState.ALLOWED, decision.id, given, ends, False)
    refused = ItemStanding(ItemState.REFUSED, decision.id, given, None, False)
    assert standing == Standing({"name": allowed, "usage": allowed, "survey-answers": refused}, decision.id)
    [after] = standings([question(decision, ends)])
    assert after.items["name"] == ItemStanding(ItemState.EXPIRED, decision.id, ends, ends, False)


def test_standing_after_a_withdrawal_names_it(decision, withdrawal):
    [standing] = standings([question(decision)])
    ended = ItemStanding(ItemState.WITHDRAWN, withdrawal.id, withdrawal.decided_at, None, False)
    assert (standing.items["name"], standing.newest) == (ended, withdrawal.id)


def test_standing_by_what_was_known_leaves_out_what_came_after(decision, withdrawal):
    question_of_then = replace(question(decision), newest=decision.id)
    [then, now] = standings([question_of_then, question(decision)])
    assert (then.states["name"], then.newest) == (ItemState.ALLOWED, decision.id)
    assert now.states["name"] is ItemState.WITHDRAWN


def test_standing_by_a_rule_says_so(hanako, reporter):
    set_rule(kind=RuleKind.ALL, code="", setting=RuleSetting.REFUSE, by=hanako)
    ask(hanako, reporter)
    made = hanako.decisions.get()
    [standing] = standings([question(made)])
    assert standing.by_rule == standing.items.keys() == {"name", "usage", "survey-answers"}
    refused = ItemStanding(ItemState.REFUSED, made.id, made.decided_at, None, True)
    assert {*standing.items.values()} == {refused}


def test_standing_of_nobody_names_nothing(decision, taro):
    assert standings([question(decision, person=taro.pk)]) == [Standing({}, None)]


def test_standing_without_a_decision_has_no_states(decision, taro):
    assert states(decision, person=taro.pk) == {}


@pytest.mark.parametrize("other", ["person", "recipient", "service", "scenario"])
def test_standing_about_anything_else_has_no_states(decision, other):
    assert states(decision, **{other: 999_999}) == {}


def test_standing_begins_with_its_decision(decision):
    assert states(decision, decision.decided_at - INSTANT) == {}
    assert states(decision, decision.decided_at)["name"] is ItemState.ALLOWED


def test_standing_ends_with_its_validity(decision):
    assert states(decision, decision.valid_until - INSTANT)["name"] is ItemState.ALLOWED
    assert states(decision, decision.valid_until)["name"] is ItemState.EXPIRED


def test_standing_of_a_refusal_never_expires(decision):
    assert states(decision, decision.valid_until + timedelta(days=9))["survey-answers"] is ItemState.REFUSED


def test_standing_turns_with_a_withdrawal(decision, withdrawal):
    assert states(decision, withdrawal.decided_at - INSTANT)["name"] is ItemState.ALLOWED
    assert states(decision, withdrawal.decided_at)["name"] is ItemState.WITHDRAWN


def test_standing_now_counts_a_withdrawal_of_a_clock_that_is_ahead(hanako, decision):
    with clock_at(timezone.now() + timedelta(hours=1)):
        withdraw_decision(decision_id=decision.id, language="ja", by=hanako)
    assert states(decision)["name"] is ItemState.WITHDRAWN


def test_withdrawal_is_later_than_its_decision_although_a_clock_is_behind(hanako, open_request):
    decision = answer(hanako, open_request, "name")
    with clock_at(timezone.now() - timedelta(hours=1)):
        withdrawal = withdraw_decision(decision_id=decision.id, language="ja", by=hanako)
    assert withdrawal.decided_at == decision.decided_at + INSTANT


def test_standings_come_in_the_order_of_the_questions(decision, taro):
    asked = [question(decision, person=taro.pk), question(decision), question(decision, decision.valid_until)]
    assert [standing.states.get("name") for standing in standings(asked)] == [
        None, ItemState.ALLOWED, ItemState.EXPIRED,
    ]  # fmt: skip


@pytest.mark.parametrize("other", ["recipient", "service", "scenario"])
def test_standings_asked_together_do_not_mix(decision, other):
    """One SQL statement fetches the decisions of both questions; each must find its own alone."""
    elsewhere = question(decision, **{other: getattr(decision, f"{other}_id") + 1})
    both = [standing.states for standing in standings([question(decision), elsewhere])]
    assert (len(both[0]), both[1]) == (3, {})


@pytest.mark.parametrize("count", [1, 50])
def test_standings_cost_one_statement_for_any_number_of_questions(decision, count, django_assert_num_queries):
    with django_assert_num_queries(1):
        permissions_at([question(decision, person=decision.person_id + n) for n in range(count)])


def test_standings_of_no_question_cost_nothing(db, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert standings([]) == []


def test_standing_names_a_decision_only_if_it_allows_everything(decision):
    standing = standings([question(decision)])[0]
    assert standing.decision_for(["name", "usage"]) == decision.id
    assert standing.decision_for(["name", "survey-answers"]) is None
    assert standing.decision_for([]) is None


def test_standing_of_nothing_allows_nothing():
    assert not Standing().allows("name")
