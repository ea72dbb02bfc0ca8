"""What a check answers: decision state × items × publication × time, each expectation written by hand."""

from datetime import timedelta

import pytest
from django.utils import timezone

from consents.checking.checks import CheckQuestion, permission_check, permission_checks
from consents.models import Decision
from disclosures.models import Disclosure, Ground
from privacycenter.errors import UnknownCode
from privacycenter.models import OutboxRow, User
from tests.support.api import QUESTION
from tests.support.asking import ask
from tests.support.clock import FAR_AHEAD, INSTANT, LONG_AGO
from tests.support.oracle import Practice, Step
from tests.support.staging import live_through, publish_scenario, put_into_practice
from tests.support.states import answer_at, history

pytestmark = pytest.mark.django_db

NAME, ANSWERS, BOTH, ALLOWED_TWO = ("name",), ("survey-answers",), ("name", "survey-answers"), ("name", "usage")
COMBINATIONS = (NAME, ANSWERS, BOTH, ALLOWED_TWO)


def answered(reporter, items, **more):
    """What is allowed, the reason, and the decision. The rest follows from it."""
    check = permission_check(**{**QUESTION, "items": items, **more}, by=reporter)
    assert check.items.keys() == set(items)
    assert check.allowed is all(is_allowed is True for is_allowed in check.items.values())
    assert {*check.items.values()} <= {True, False}
    return {code for code, is_allowed in check.items.items() if is_allowed}, check.reason, check.decision_id


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        # Of the name, the answers, both, and the two that were allowed: what is allowed, why, by which step.
        ("never asked", [(set(), "no_decision", None)] * 4),
        ("two allowed", [
            ({"name"}, "allowed", 0), (set(), "refused", None), ({"name"}, "partly_allowed", 0),
            ({"name", "usage"}, "allowed", 0),
        ]),
        ("all refused", [(set(), "refused", None)] * 4),
        ("two allowed, withdrawn", [
            (set(), "withdrawn", None), (set(), "refused", None), (set(), "withdrawn", None), (set(), "withdrawn", None),
        ]),
        ("two allowed, expired", [
            (set(), "expired", None), (set(), "refused", None), (set(), "expired", None), (set(), "expired", None),
        ]),
        ("refused by a rule", [(set(), "rule", None)] * 4),
        ("two allowed, undone", [(set(), "no_decision", None)] * 4),
        ("asked for the name, allowed", [
            ({"name"}, "allowed", 0), (set(), "no_decision", None), ({"name"}, "partly_allowed", 0),
            ({"name"}, "partly_allowed", 0),
        ]),
        ("asked for the name, refused", [
            (set(), "refused", None), (set(), "no_decision", None), (set(), "refused", None), (set(), "refused", None),
        ]),
        ("asked for the name, withdrawn", [
            (set(), "withdrawn", None), (set(), "no_decision", None), (set(), "withdrawn", None),
            (set(), "withdrawn", None),
        ]),
    ],
)  # fmt: skip
def test_check_answers_as_the_decisions_stand(hanako, reporter, state, expected):
    decisions = live_through(history(state, timezone.now()), hanako, reporter)
    told = [answered(reporter, items) for items in COMBINATIONS]
    named = [(items, reason, None if step is None else decisions[step].id) for items, reason, step in expected]
    assert told == named


PRACTICES = {
    "as it was": (Practice(), NAME, {"name"}, "allowed"),
    "recipient retired": (Practice(retired={"recipient": LONG_AGO}), NAME, set(), "retired"),
    "service retired": (Practice(retired={"service": LONG_AGO}), NAME, set(), "retired"),
    "scenario retired": (Practice(retired={"scenario": LONG_AGO}), NAME, set(), "retired"),
    "item retired": (Practice(retired={"name": LONG_AGO}), NAME, {"name"}, "allowed"),
    "item retired and no longer listed": (
        Practice(retired={"name": LONG_AGO}, items=frozenset({"usage"})), NAME, {"name"}, "allowed",
    ),
    "scenario missing": (Practice(scenario="missing"), NAME, set(), "scenario_undeclared"),
    "scenario published as retired": (Practice(scenario="as retired"), NAME, set(), "scenario_undeclared"),
    "recipient missing": (Practice(recipient="missing"), NAME, set(), "recipient_undeclared"),
    "recipient published as retired": (Practice(recipient="as retired"), NAME, set(), "recipient_undeclared"),
    "scenario for other recipients": (Practice(is_for_others=True), NAME, set(), "recipient_undeclared"),
    "item allowed and then no longer published": (
        Practice(items=frozenset({"usage"})), ALLOWED_TWO, {"usage"}, "items_undeclared",
    ),
    "only item no longer published": (Practice(items=frozenset({"usage"})), NAME, set(), "items_undeclared"),
    "nobody can be identified": (Practice(ground="none"), NAME, set(), "nothing_per_person"),
    "law": (Practice(ground="legal"), ANSWERS, {"survey-answers"}, "no_approval_needed"),
    "law, item no longer published": (
        Practice(ground="legal", items=frozenset({"name"})), BOTH, {"name"}, "items_undeclared",
    ),
    "on hold": (Practice(hold=(LONG_AGO, None)), NAME, set(), "recipient_on_hold"),
    "on hold later": (Practice(hold=(FAR_AHEAD, None)), NAME, {"name"}, "allowed"),
    "on hold until a while ago": (
        Practice(hold=(LONG_AGO, LONG_AGO + timedelta(days=7))), NAME, {"name"}, "allowed",
    ),
    "service not named by an open list": (Practice(service="not named"), NAME, {"name"}, "allowed"),
    "service left out of a complete list": (Practice(service="left out"), NAME, set(), "service_undeclared"),
    "item excluded": (Practice(excluded=frozenset({"name"})), ALLOWED_TWO, {"usage"}, "item_excluded"),
    "item excluded, law": (
        Practice(ground="legal", excluded=frozenset({"name"})), BOTH, {"survey-answers"}, "item_excluded",
    ),
    "another item, though opened, under an approval": (
        Practice(is_open=True, items=frozenset({"usage"})), NAME, set(), "items_undeclared",
    ),
    "another item, opened, law": (
        Practice(ground="legal", is_open=True, items=frozenset({"usage"})), NAME, {"name"}, "no_approval_needed",
    ),
    "draft of another ground": (Practice(draft_ground="contract", items=frozenset({"name"})), NAME, {"name"}, "allowed"),
}  # fmt: skip


@pytest.mark.parametrize(("practice", "items", "allowed", "reason"), PRACTICES.values(), ids=PRACTICES)
def test_check_answers_as_it_is_published(hanako, reporter, practice, items, allowed, reason):
    [decision] = live_through(history("two allowed", timezone.now()), hanako, reporter)
    put_into_practice(practice)
    asks_the_person = practice.ground == "approval" and allowed
    assert answered(reporter, items) == (allowed, reason, decision.id if asks_the_person else None)


@pytest.mark.parametrize("ground", [Ground.APPROVAL, Ground.PERSON_ACT, Ground.CONTRACT, Ground.LEGAL, Ground.NONE])
def test_check_names_the_published_ground(reporter, ground):
    put_into_practice(Practice(ground=ground.code, draft_ground="contract"))
    assert permission_check(**QUESTION, by=reporter).ground is ground


@pytest.mark.parametrize(
    ("ground", "requires"), [("approval", ["evidence"]), ("legal", ["evidence", "shown_publication"])]
)
def test_check_names_what_a_report_has_to_cite_and_what_no_list_names(hanako, reporter, ground, requires):
    live_through(history("two allowed", timezone.now()), hanako, reporter)
    put_into_practice(Practice(ground=ground, service="not named"))
    publish_scenario(QUESTION["scenario"], evidence="act", route_abroad="consent")
    check = permission_check(**{**QUESTION, "items": NAME}, by=reporter)
    assert check.allowed and list(check.requires) == requires
    assert [(one.kind.problem, one.name, one.code) for one in check.not_named] == [
        ("service-not-named", "service", QUESTION["service"])
    ]


def test_check_names_the_request_that_waits(hanako, reporter):
    request = ask(hanako, reporter)
    check = permission_check(**QUESTION, by=reporter)
    assert (check.reason, check.request.pk) == ("request_open", request.pk)


def test_check_names_the_request_that_waits_beside_what_was_said_before(hanako, reporter):
    live_through(history("two allowed, expired", timezone.now()), hanako, reporter)
    request = ask(hanako, reporter, items=ALLOWED_TWO)
    check = permission_check(**{**QUESTION, "items": NAME}, by=reporter)
    assert (check.reason, check.request.pk) == ("expired", request.pk)


def test_check_of_several_noes_names_the_clearest(hanako, reporter):
    now = timezone.now()
    steps = [
        answer_at(now - timedelta(days=40), NAME), answer_at(now - timedelta(days=30), ("usage",), days=10),
        answer_at(now - timedelta(days=20), (), ANSWERS), Step(now - timedelta(days=10), "withdraw", ends=0),
    ]  # fmt: skip
    live_through(steps, hanako, reporter)
    assert answered(reporter, ("name", "survey-answers", "usage")) == (set(), "withdrawn", None)
    assert answered(reporter, ("survey-answers", "usage")) == (set(), "expired", None)
    assert answered(reporter, ANSWERS) == (set(), "refused", None)


@pytest.mark.parametrize(("left", "allowed"), [(INSTANT, False), (timedelta(hours=1), True)])
def test_check_ends_with_the_approval(hanako, reporter, left, allowed):
    at = timezone.now() - timedelta(days=90) + left
    live_through([answer_at(at, NAME)], hanako, reporter)
    assert answered(reporter, NAME)[:2] == (({"name"}, "allowed") if allowed else (set(), "expired"))


def test_check_names_the_newest_of_the_decisions_that_allow(hanako, reporter):
    now = timezone.now()
    steps = [answer_at(now - timedelta(days=20), NAME), answer_at(now - timedelta(days=10), ("usage",))]
    _older, newer = live_through(steps, hanako, reporter)
    assert answered(reporter, ALLOWED_TWO) == (set(ALLOWED_TWO), "allowed", newer.id)


def test_checks_answer_each_question_in_order_and_say_what_cannot_be_asked(hanako, reporter, decision):
    named = {**QUESTION, "items": NAME}
    changes = [{"recipient": "nobody"}, {}, {"subject": "nobody-yet"}, {"scenario": "online-booking"}]
    asked = [CheckQuestion(**{**named, **change}) for change in changes]
    unknown, allowed, unseen, needless = permission_checks(asked, by=reporter)
    assert (type(unknown), unknown.field) == (UnknownCode, "recipient")
    assert (allowed.reason, allowed.decision_id) == ("allowed", decision.id)
    assert (unseen.reason, needless.reason) == ("no_decision", "no_approval_needed")
    with pytest.raises(UnknownCode):
        permission_check(**{**named, "recipient": "nobody"}, by=reporter)


def test_questions_that_no_decision_answers_read_none(hanako, reporter, decision, django_assert_num_queries):
    needless = CheckQuestion(**{**QUESTION, "items": NAME, "scenario": "online-booking"})
    with django_assert_num_queries(1):  # codes and publication
        permission_checks([needless], by=reporter)
    with django_assert_num_queries(2):  # decisions and waiting requests, too
        permission_checks([needless, CheckQuestion(**{**QUESTION, "items": NAME})] * 2, by=reporter)


def test_check_about_somebody_never_seen_is_no_and_makes_nobody(reporter):
    assert answered(reporter, NAME, subject="nobody-yet") == (set(), "no_decision", None)
    assert not User.objects.filter(subject="nobody-yet").exists()


def test_check_leaves_no_trace(hanako, reporter, decision):
    kept = [model.objects.count() for model in (Decision, Disclosure, OutboxRow)]
    answered(reporter, NAME)
    assert [model.objects.count() for model in (Decision, Disclosure, OutboxRow)] == kept
