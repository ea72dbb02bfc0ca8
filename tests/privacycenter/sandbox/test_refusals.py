"""Each refusal to put a clock forward, called directly: it says why, and nothing was written."""

from datetime import timedelta

import pytest
from django.test import override_settings

from privacycenter.sandbox.actions import FARTHEST, FARTHEST_AT_ONCE, put_clock_forward
from tests.support.refusals import Refused, assert_refused, without_a_case

pytestmark = pytest.mark.django_db
DAY = {"forward": timedelta(days=1), "by": "x"}


def in_a_sandbox(has, **move):
    assert has.sandbox is None
    return {"by": "x", **move}


def at_its_end(has):
    in_a_sandbox(has)
    for _time in range(FARTHEST // FARTHEST_AT_ONCE):
        put_clock_forward(forward=FARTHEST_AT_ONCE, by="x")
    return DAY


def with_another_database(has):
    return has.as_if_a_sandbox


@pytest.fixture
def as_if_a_sandbox(hanako):
    with override_settings(SANDBOX=True):
        yield DAY


CASES = [
    Refused(put_clock_forward, "This is no sandbox", lambda has: DAY),
    Refused(put_clock_forward, "not begun as a sandbox", with_another_database),
    Refused(put_clock_forward, "Say either", in_a_sandbox),
    Refused(put_clock_forward, "The clock goes forward", lambda has: in_a_sandbox(has, forward=timedelta())),
    Refused(put_clock_forward, "The clock of a sandbox goes at most", at_its_end),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_refused_action_says_why_and_writes_nothing(case, request, db):
    assert_refused(case, request)


def test_every_refusal_has_a_case():
    assert without_a_case("privacycenter.sandbox", CASES) == []
