"""Made-up histories under made-up publications: what is stored of a report and what a check answers are what
docs/ledger.md and docs/api.md say (``tests/support/oracle.py``), and the two never disagree."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from consents.checking.checks import permission_check
from disclosures.models import CaseEvent, Disclosure, Ground
from tests.support.api import QUESTION
from tests.support.clock import INSTANT
from tests.support.events import a_survey_event, record
from tests.support.examples import examples
from tests.support.oracle import DECLARED, FLAGS, Practice, Step, answer_of, stored_of
from tests.support.staging import live_through, put_into_practice
from tests.support.states import MINUTE, answer_at

pytestmark = pytest.mark.django_db

NEVER_DECLARED = "phone"
GROUNDS = tuple(ground.code for ground in Ground)
# The person was asked that long ago. Nobody is asked again within 90 days of a refusal or withdrawal.
ASKED_DAYS_AGO = (700, 500, 300, 100)
subsets = st.sets(st.sampled_from(DECLARED)).map(frozenset)
combinations = st.sets(st.sampled_from((*DECLARED, NEVER_DECLARED)), min_size=1).map(lambda items: tuple(sorted(items)))


@st.composite
def histories(draw, now) -> list[Step]:
    steps: list[Step] = []
    for days in ASKED_DAYS_AGO:
        kind = draw(st.sampled_from(("answer", "answer", "rule", "nothing")))
        asked = draw(subsets)
        if kind == "nothing" or not asked:
            continue
        at = now - timedelta(days=days)
        allowed = draw(subsets) & asked if kind == "answer" else frozenset()
        answer = answer_at(at, allowed, asked - allowed, days=draw(st.sampled_from((50, 150, 1000))), kind=kind)
        place = len(steps)
        endings = [None, Step(at + MINUTE, "undo", ends=place)]
        if allowed:
            endings += [Step(at + timedelta(days=later), "withdraw", ends=place) for later in (5, 95)]
        steps += filter(None, [answer, draw(st.sampled_from(endings))])
    return steps


def holds(now):
    return st.tuples(
        st.just(now - timedelta(days=600)), st.sampled_from((250, 1)).map(lambda days: now - timedelta(days=days))
    )


@st.composite
def practices(draw, now) -> Practice:
    """Mostly as it was; each part may differ."""
    mostly = st.sampled_from(("listed", "listed", "listed", "missing", "as retired"))
    since = st.sampled_from((600, 250, 1)).map(lambda days: now - timedelta(days=days))
    return Practice(
        scenario=draw(mostly),
        recipient=draw(mostly),
        items=draw(st.one_of(st.just(frozenset(DECLARED)), subsets)),
        is_for_others=draw(st.sampled_from((False, False, True))),
        ground=draw(st.sampled_from(("approval", *GROUNDS))),
        draft_ground=draw(st.sampled_from(("approval", *GROUNDS))),
        retired=draw(
            st.dictionaries(st.sampled_from(("recipient", "service", "scenario", *DECLARED)), since, max_size=2)
        ),
        service=draw(st.sampled_from(("named", "named", "named", "not named", "left out"))),
        is_open=draw(st.booleans()),
        excluded=draw(st.one_of(st.just(frozenset()), st.just(frozenset()), subsets)),
        hold=draw(st.one_of(st.none(), st.none(), st.tuples(since, st.none()), holds(now))),
    )


def instants(steps, practice, now):
    """When something changed, the instant before, and now."""
    turns = [
        *(step.at for step in steps),
        *(step.until for step in steps if step.until),
        *practice.retired.values(),
        *filter(None, practice.hold or ()),
    ]
    return [now, *(moment for turn in turns if turn <= now for moment in (turn, turn - INSTANT))]


@settings(
    max_examples=examples(40), deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
)  # fmt: skip
@given(data=st.data())
def test_what_is_stored_and_answered_is_what_the_documents_say(hanako, reporter, data):
    now = timezone.now()
    steps = data.draw(histories(now), "history")
    practice = data.draw(practices(now), "practice")
    moments = st.sampled_from(instants(steps, practice, now))
    reports = data.draw(st.lists(st.tuples(combinations, st.sampled_from(GROUNDS), moments), min_size=1, max_size=8))
    with transaction.atomic():
        decisions = live_through(steps, hanako, reporter)
        put_into_practice(practice)
        for items in {items for items, _ground, _at in reports}:
            check_agrees(practice, steps, decisions, items, reporter)
        reports_agree(practice, steps, decisions, reports, reporter)
        transaction.set_rollback(True)


def reports_agree(practice, steps, decisions, reports, reporter):
    events = [
        a_survey_event(str(place), items=items, ground=Ground.from_code(ground), occurred_at=at)
        for place, (items, ground, at) in enumerate(reports)
    ]
    results = record(reporter, *events)
    for result, (items, ground, at) in zip(results, reports, strict=True):
        row = Disclosure.objects.get(id=result.disclosure_id)
        expected = stored_of(practice, steps, items, ground, at)
        named = None if expected.decision is None else decisions[expected.decision].id
        assert (row.flags, row.decision_id) == (expected.flags, named), named_flags(row.flags)
        assert (result.status, result.flags) == ("created", expected.flags)
        assert CaseEvent.objects.filter(disclosure_id=row.id, case__flags=expected.flags).exists() is bool(
            expected.flags
        )


def check_agrees(practice, steps, decisions, items, reporter):
    now = timezone.now()
    check = permission_check(**{**QUESTION, "items": items}, by=reporter)
    expected = answer_of(practice, steps, items, now)
    named = None if expected.decision is None else decisions[expected.decision].id
    assert (check.items, check.reason, check.ground.code, check.decision_id) == (
        expected.items, expected.reason, expected.ground, named,
    )  # fmt: skip
    assert check.allowed is expected.allowed
    # A report of just what is allowed is not flagged; only an item's retiring alone does not stop a check.
    if given_items := tuple(item for item, is_allowed in check.items.items() if is_allowed):
        [result] = record(
            reporter, a_survey_event(f"of {items}", items=given_items, ground=check.ground, occurred_at=now)
        )
        assert int(result.flags) & ~FLAGS["retired"] == 0
        assert Disclosure.objects.get(id=result.disclosure_id).decision_id == check.decision_id


def named_flags(flags: int) -> str:
    return ", ".join(name for name, value in FLAGS.items() if flags & value)
