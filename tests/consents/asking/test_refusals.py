"""Each refusal of the actions that ask and answer, called directly: it says why, and nothing was written."""

from contextlib import nullcontext
from datetime import timedelta

import pytest
from django.utils import timezone

from consents.asking.answer_changes import change_of
from consents.asking.decision_actions import (
    answer_request,
    change_answer,
    refuse_by_rule,
    undo_answer,
    withdraw_decision,
)
from consents.asking.decisions import decision_page
from consents.asking.idempotency import file_request_once
from consents.asking.request_actions import LONGEST_VALIDITY_DAYS, LONGEST_WAIT, cancel_request, file_request
from consents.asking.requests import request_page
from consents.asking.rule_actions import set_rule
from consents.models import RuleKind, RuleSetting, StandingRule
from disclosures.content.publications import newest_document
from disclosures.models import Recipient
from disclosures.public.titles import Names
from disclosures.reporters.actions import change_reporter, create_reporter
from privacycenter.errors import NoLongerOpen
from privacycenter.identifiers import uuid7
from tests.support.asking import answer, ask, question
from tests.support.clock import INSTANT, clock_at
from tests.support.oracle import Practice
from tests.support.refusals import Refused, assert_refused, without_a_case
from tests.support.staging import put_into_practice

pytestmark = pytest.mark.django_db

MONTHS_AGO = timedelta(days=60)


def answering(has, request=None, **more):
    """The page as the person sees it, and the name allowed; but for ``more``."""
    shown = request_page(has.hanako, (request or has.open_request).id)
    told = {"request_id": shown.id, "allowed": {"name"}, "text_sha256": shown.text_sha256, "by": has.hanako}
    return {**told, **more}


def expired_request(has):
    with clock_at(timezone.now() - MONTHS_AGO):
        return ask(has.hanako, has.reporter)


def answered_request(has):
    return has.hanako.approval_requests.get(id=has.decision.request_id)


def cancelled_request(has):
    cancel_request(request=has.open_request, by=has.reporter)
    return has.open_request


def withdrawn(has):
    return has.hanako.decisions.get(id=has.withdrawal.withdraws_id)


def changing(has, **more):
    """The page as the person sees it, and the name alone allowed from now on; but for ``more``."""
    published = newest_document()
    page = decision_page(has.hanako, has.decision.id, published)
    shown = change_of(page, Names(published))
    sha256 = shown.text_sha256 if shown else "0" * 64
    return {"decision_id": has.decision.id, "allowed": {"name"}, "text_sha256": sha256, "by": has.hanako, **more}


def changed_before(has):
    again = changing(has)
    change_answer(**again)
    return again


def ending(has, decision):
    return {"decision_id": decision.id, "language": "ja", "by": has.hanako}


def asking(has, **more):
    return {**question(**more), "by": has.reporter}


def in_practice(has, practice, **more):
    put_into_practice(practice)
    return asking(has, **more)


def retired_recipient(has):
    Recipient.objects.filter(code="northwind-analytics").update(retired_at=timezone.now())
    return asking(has)


def filing_again(has, *, body="0", is_stranger=False):
    """The second call under one key."""
    file_request_once(key="key", body_sha256="0" * 64, by=has.reporter, **question())
    if is_stranger:
        change_reporter(reporter=has.reporter, services=["hotpepper-gourmet"])
    return {**asking(has), "key": "key", "body_sha256": body * 64}


def another_reporter():
    return create_reporter(code="another", title="Another", services=["jalan"])[0]


def rule(has, kind, code, setting):
    return {"kind": kind, "code": code, "setting": setting, "by": has.hanako}


CASES = [
    # Answering
    Refused(answer_request, "no such request", lambda has: answering(has, request_id=uuid7())),
    Refused(answer_request, "no such request", lambda has: answering(has, by=has.taro)),
    Refused(answer_request, "no longer asks", lambda has: answering(has, cancelled_request(has))),
    Refused(answer_request, "time to answer is over", lambda has: answering(has, expired_request(has))),
    Refused(answer_request, "answered already", lambda has: answering(has, answered_request(has))),
    Refused(answer_request, "text changed", lambda has: answering(has, text_sha256="0" * 64)),
    Refused(answer_request, "text changed", lambda has: answering(has, text_sha256="")),
    Refused(answer_request, "was not asked for", lambda has: answering(has, allowed={"name", "phone"})),
    Refused(answer_request, "valid_days", lambda has: answering(has, valid_days=0)),
    Refused(answer_request, "valid_days", lambda has: answering(has, valid_days=91)),
    Refused(answer_request, "valid_days", lambda has: answering(has, valid_days=-1)),
    Refused(
        refuse_by_rule, "no such open request",
        lambda has: {"request_id": uuid7(), "rule": StandingRule(id=uuid7()), "by": has.hanako},
    ),
    Refused(
        refuse_by_rule, "no such open request",
        lambda has: {"request_id": has.decision.request_id, "rule": StandingRule(id=uuid7()), "by": has.hanako},
    ),
    # Taking an answer back
    Refused(undo_answer, "no longer be undone", lambda has: {**ending(has, has.decision), "decision_id": uuid7()}),
    Refused(undo_answer, "no longer be undone", lambda has: {**ending(has, has.decision), "by": has.taro}),
    Refused(undo_answer, "no longer be undone", lambda has: ending(has, withdrawn(has))),
    Refused(undo_answer, "no longer be undone", lambda has: ending(has, has.withdrawal)),
    Refused(withdraw_decision, "cannot be withdrawn", lambda has: {**ending(has, has.decision), "by": has.taro}),
    Refused(withdraw_decision, "cannot be withdrawn", lambda has: ending(has, withdrawn(has))),
    Refused(withdraw_decision, "cannot be withdrawn", lambda has: ending(has, has.withdrawal)),
    Refused(withdraw_decision, "cannot be withdrawn", lambda has: ending(has, answer(has.hanako, has.open_request))),
    # Changing it
    Refused(change_answer, "no longer be changed", lambda has: changing(has, by=has.taro)),
    Refused(change_answer, "no longer be changed", changed_before),
    Refused(change_answer, "no longer be changed", lambda has: changing(has, decision_id=withdrawn(has).id)),
    Refused(change_answer, "text changed", lambda has: changing(has, text_sha256="0" * 64)),
    Refused(change_answer, "cannot be chosen here", lambda has: changing(has, allowed={"name", "phone"})),
    Refused(change_answer, "withdraw the answer", lambda has: changing(has, allowed=set())),
    Refused(change_answer, "Nothing would change", lambda has: changing(has, allowed={"name", "usage"})),
    # Asking
    Refused(file_request, "is not one of your services", lambda has: asking(has, service="suumo")),
    Refused(file_request, "There is no ", lambda has: asking(has, recipient="nobody")),
    Refused(file_request, "There is no ", lambda has: asking(has, scenario="nothing")),
    Refused(file_request, "There is no ", lambda has: asking(has, items=["name", "shoe-size"])),
    Refused(file_request, "no longer in use", retired_recipient),
    Refused(file_request, "named twice", lambda has: asking(has, items=["name", "usage", "name"])),
    Refused(file_request, "is not published.", lambda has: in_practice(has, Practice(scenario="missing"))),
    Refused(file_request, "is not published, or not for", lambda has: in_practice(has, Practice(recipient="missing"))),
    Refused(file_request, "is not published, or not for", lambda has: in_practice(has, Practice(is_for_others=True))),
    Refused(
        file_request, "nothing is provided to", lambda has: in_practice(has, Practice(hold=(timezone.now(), None)))
    ),
    Refused(
        file_request, "nothing is provided to", lambda has: asking(has, recipient="driftwood-research")
    ),
    Refused(file_request, "for other services than", lambda has: in_practice(has, Practice(service="left out"))),
    Refused(
        file_request, " does not provide ", lambda has: in_practice(has, Practice(excluded=frozenset({"usage"})))
    ),
    Refused(file_request, "The ground of", lambda has: in_practice(has, Practice(ground="contract"))),
    Refused(file_request, " does not declare ", lambda has: asking(has, items=["name", "phone"])),
    Refused(
        file_request, " does not declare ", lambda has: in_practice(has, Practice(items=frozenset({"usage"})), items=["name"])
    ),
    Refused(file_request, "expires_at", lambda has: asking(has, expires_at=timezone.now())),
    Refused(
        file_request, "expires_at", lambda has: asking(has, expires_at=timezone.now() + LONGEST_WAIT + timedelta(hours=1))
    ),
    Refused(file_request, "valid_days", lambda has: asking(has, valid_days=0)),
    Refused(file_request, "valid_days", lambda has: asking(has, valid_days=LONGEST_VALIDITY_DAYS + 1)),
    Refused(file_request_once, "Send the body of the first call again", lambda has: filing_again(has, body="1")),
    Refused(file_request_once, "is not one of your services", lambda has: filing_again(has, is_stranger=True)),
    Refused(cancel_request, "Another reporter", lambda has: {"request": has.open_request, "by": another_reporter()}),
    Refused(cancel_request, "has answered", lambda has: {"request": answered_request(has), "by": has.reporter}),
    Refused(cancel_request, "was over already", lambda has: {"request": expired_request(has), "by": has.reporter}),
    # Rules
    Refused(set_rule, "no such rule", lambda has: rule(has, RuleKind.ALL, "", RuleSetting.OFF)),
    Refused(set_rule, "needs a code", lambda has: rule(has, RuleKind.ALL, "US", RuleSetting.REFUSE)),
    Refused(set_rule, "needs a code", lambda has: rule(has, RuleKind.COUNTRY, "", RuleSetting.REFUSE)),
    Refused(set_rule, "Being asked each time", lambda has: rule(has, RuleKind.COUNTRY, "US", RuleSetting.ASK)),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=str)
def test_refused_action_says_why_and_writes_nothing(case, request):
    assert_refused(case, request)


def test_every_refusal_has_a_case():
    assert without_a_case("consents.asking", CASES) == []


@pytest.mark.parametrize("days", [1, 90])
def test_answer_holds_for_as_long_as_the_person_says(hanako, open_request, days):
    shown = request_page(hanako, open_request.id).text_sha256
    made = answer_request(request_id=open_request.id, allowed={"name"}, text_sha256=shown, valid_days=days, by=hanako)
    assert made.valid_until - made.decided_at == timedelta(days=days)


@pytest.mark.parametrize(("before", "is_undone"), [(INSTANT, True), (timedelta(), False)])
def test_answer_can_be_undone_for_ten_minutes(hanako, decision, before, is_undone):
    with (
        clock_at(decision.decided_at + timedelta(minutes=10) - before),
        nullcontext() if is_undone else pytest.raises(NoLongerOpen),
    ):
        undo_answer(decision_id=decision.id, language="ja", by=hanako)
    assert hanako.decisions.filter(undoes_id=decision.id).exists() is is_undone
