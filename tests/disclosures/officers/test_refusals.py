"""Each refusal of a step on a case, called directly: it says why, and nothing was written."""

import pytest

from disclosures.models import Case
from disclosures.officers.actions import LONGEST_REASON, take_case_step
from tests.support.events import a_survey_event, record
from tests.support.refusals import Refused, assert_refused, without_a_case

pytestmark = pytest.mark.django_db


def step(has, **more):
    record(has.reporter, a_survey_event())
    return {"case": Case.objects.get(), "is_closing": True, "reason": "確認した。", "by": has.officer, **more}


CASES = [
    Refused(take_case_step, "what was found", lambda has: step(has, reason=" ")),
    Refused(take_case_step, "what was found", lambda has: step(has, reason="あ" * (LONGEST_REASON + 1))),
    Refused(take_case_step, "Somebody else took a step", lambda has: step(has, seen=1)),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=str)
def test_refused_action_says_why_and_writes_nothing(case, request):
    assert_refused(case, request)


def test_every_refusal_has_a_case():
    assert without_a_case("disclosures.officers", CASES) == []
