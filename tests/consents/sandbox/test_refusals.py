"""Each refusal to act as a made-up person, called directly: it says why, and nothing was written."""

from uuid import UUID

import pytest

from consents.models import RecallKind
from consents.sandbox.actions import answer_as, make_person, recall_as, withdraw_as
from disclosures.reporters.actions import create_reporter
from tests.support.people import make_user
from tests.support.refusals import Refused, assert_refused, without_a_case

pytestmark = pytest.mark.django_db
NOBODY = UUID(int=0)


def a_reporter(code="travel"):
    return create_reporter(code=code, title="じゃらんnet予約システム", services=["jalan"])[0]


def outside(has, **more):
    return {**more, "by": has.reporter}


def inside(has, *, made=("kenji",), **more):
    """``made``: whom the reporter made up before."""
    assert has.sandbox is None
    reporter = a_reporter()
    for subject in made:
        make_person(subject=subject, by=reporter)
    return {"subject": "kenji", **more, "by": reporter}


def with_an_account(has):
    arranged = inside(has)
    make_user("hanako")
    return {**arranged, "subject": "subject-hanako"}


def another_reporters(has):
    return {**inside(has), "by": a_reporter("other")}


ANSWER = {"request": "1-0", "allow": set(), "language": "ja"}
WITHDRAWAL = {"decision": NOBODY, "language": "ja"}
RECALL = {"kind": RecallKind.DELETE}
CASES = [
    Refused(make_person, "This is no sandbox", outside),
    Refused(make_person, "Somebody has that subject", with_an_account),
    Refused(make_person, "Another reporter made up", another_reporters),
    Refused(answer_as, "This is no sandbox", lambda has: outside(has, subject="kenji", **ANSWER)),
    Refused(answer_as, "There is no such person", lambda has: inside(has, made=(), **ANSWER)),
    Refused(answer_as, "There is no such request", lambda has: inside(has, **ANSWER)),
    Refused(withdraw_as, "This is no sandbox", lambda has: outside(has, subject="kenji", **WITHDRAWAL)),
    Refused(withdraw_as, "There is no such person", lambda has: inside(has, made=(), **WITHDRAWAL)),
    Refused(withdraw_as, "There is no such decision", lambda has: inside(has, **WITHDRAWAL)),
    Refused(recall_as, "This is no sandbox", lambda has: outside(has, subject="kenji", **RECALL)),
    Refused(recall_as, "There is no such person", lambda has: inside(has, made=(), **RECALL)),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_refused_action_says_why_and_writes_nothing(case, request):
    assert_refused(case, request)


def test_every_refusal_has_a_case():
    assert without_a_case("consents.sandbox", CASES) == []
