"""Each refusal of a step after a withdrawal: it says why, and nothing was written."""

import pytest

from consents.asking.decision_actions import withdraw_decision
from consents.models import StepKind
from consents.withdrawals.actions import LONGEST_REASON, take_withdrawal_step
from tests.support.refusals import Refused, assert_refused, without_a_case

pytestmark = pytest.mark.django_db

LAW = {"ja": "法律で決まっているため"}


def step(has, kind, reason=None, *, after=None):
    """``after``: the step that was taken before."""
    if after:
        take_withdrawal_step(
            withdrawal=has.withdrawal, kind=after, reason=LAW if after is StepKind.KEPT else None, by=has.reporter
        )
    return {"withdrawal": has.withdrawal, "kind": kind, "reason": reason, "by": has.reporter}


def step_without_report(has):
    withdrawal = withdraw_decision(decision_id=has.decision.id, language="ja", by=has.hanako)
    return {"withdrawal": withdrawal, "kind": StepKind.ACKNOWLEDGED, "by": has.reporter}


CASES = [
    Refused(take_withdrawal_step, "no disclosure of before", step_without_report),
    Refused(take_withdrawal_step, "reason in Japanese", lambda has: step(has, StepKind.KEPT)),
    Refused(take_withdrawal_step, "reason in Japanese", lambda has: step(has, StepKind.KEPT, {"en": "The law."})),
    Refused(take_withdrawal_step, "reason in Japanese", lambda has: step(has, StepKind.KEPT, {"ja": "  "})),
    Refused(take_withdrawal_step, "reason", lambda has: step(has, StepKind.KEPT, {"ja": "\u200b"})),
    Refused(take_withdrawal_step, "Only what is kept", lambda has: step(has, StepKind.DELETED, LAW)),
    Refused(
        take_withdrawal_step, "At most ", lambda has: step(has, StepKind.KEPT, {"ja": "法" * (LONGEST_REASON + 1)})
    ),
    Refused(
        take_withdrawal_step, "told first stays", lambda has: step(has, StepKind.KEPT, {"ja": "別"}, after=StepKind.KEPT)
    ),
    Refused(take_withdrawal_step, "later step", lambda has: step(has, StepKind.TOLD, after=StepKind.ACKNOWLEDGED)),
    Refused(take_withdrawal_step, "later step", lambda has: step(has, StepKind.KEPT, LAW, after=StepKind.DELETED)),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=str)
def test_refused_action_says_why_and_writes_nothing(case, request):
    assert_refused(case, request)


def test_every_refusal_has_a_case():
    assert without_a_case("consents.withdrawals", CASES) == []
