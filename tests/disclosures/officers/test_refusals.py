"""Each refusal of a step on a case, called directly: it says why, and nothing was written."""

from datetime import timedelta

import pytest
from django.utils import timezone

from disclosures.models import Case, LedgerFault, WithholdingGround
from disclosures.officers.actions import (
    LONGEST_REASON,
    LONGEST_WORDS,
    MOST_AT_ONCE,
    close_cases,
    give_case,
    move_case,
    take_case_step,
)
from disclosures.officers.fault_actions import acknowledge_fault, keep_faults
from disclosures.officers.withholding_actions import release_disclosure, review_withholding, withhold_disclosure
from privacycenter.database.verifying import Fault
from tests.support.events import a_survey_event, an_event, record
from tests.support.refusals import Refused, assert_refused, without_a_case

pytestmark = pytest.mark.django_db


def step(has, **more):
    record(has.reporter, a_survey_event())
    return {"case": Case.objects.latest("pk"), "is_closing": True, "reason": "確認した。", "by": has.officer, **more}


def step_about_nobody(has, **more):
    assert has.disclosure
    record(has.reporter, an_event(items=("name",)))
    return {"case": Case.objects.get(), "is_closing": True, "reason": "確認した。", "by": has.officer, **more}


def closed_before_more_came(has):
    take_case_step(**step(has))
    record(has.reporter, a_survey_event("since then"))
    return {**step(has, case=Case.objects.earliest("pk")), "is_closing": False}


def giving(has, **more):
    return {"case": step(has)["case"], "owner": has.officer, "by": has.officer, **more}


def given_before(has):
    give_case(**giving(has))
    return giving(has)


def moving(has, **more):
    return {
        "case": step(has)["case"], "due_on": timezone.localdate(), "reason": "確認に時間がかかる", "by": has.officer, **more,
    }  # fmt: skip


def moving_a_closed_one(has):
    take_case_step(**step(has))
    return moving(has)


def closing(has, **more):
    chosen = {step(has)["case"].pk: 0}
    return {"chosen": chosen, "reason": "設定の誤り。直した。", "by": has.officer, **more}


def acknowledgement(has, **more):
    keep_faults(part="cases", found=[Fault("a row", "is wrong")])
    return {"fault": LedgerFault.objects.get(), "reason": "既知", "by": has.officer, **more}


def acknowledged(has):
    acknowledge_fault(**acknowledgement(has))
    return acknowledgement(has)


def withholding(has, **more):
    return {
        "disclosure": has.disclosure,
        "ground": WithholdingGround.CRIME,
        "until": timezone.now() + timedelta(days=30),
        "reason": "捜査の妨げになるため",
        "by": has.officer,
        **more,
    }


def withheld(has, **more):
    """The entry is withheld; another officer may take the next step."""
    withhold_disclosure(**withholding(has))
    return {"disclosure": has.disclosure, "reason": "確認した。", "by": has.publisher, **more}


def not_withheld(has, **more):
    return {"disclosure": has.disclosure, "reason": "確認した。", "by": has.officer, **more}


def withheld_before(has):
    withhold_disclosure(**withholding(has))
    return withholding(has)


def approver_of_nobody(has):
    has.settings.SECOND_PERSON = True
    return withheld(has, is_approved=True, by=has.hanako)


def reviewed(has):
    review_withholding(**withheld(has, is_approved=True))
    return not_withheld(has, is_approved=True, by=has.publisher)


LONG = "あ" * (LONGEST_REASON + 1)
CASES = [
    Refused(withhold_disclosure, "Say why", lambda has: withholding(has, reason=" ")),
    Refused(withhold_disclosure, "Say why", lambda has: withholding(has, reason=LONG)),
    Refused(withhold_disclosure, "end in the future", lambda has: withholding(has, until=timezone.now())),
    Refused(withhold_disclosure, "withheld already", withheld_before),
    Refused(review_withholding, "Say why", lambda has: withheld(has, is_approved=True, reason=" ")),
    Refused(review_withholding, "nothing to review", lambda has: not_withheld(has, is_approved=True)),
    Refused(review_withholding, "nothing to review", reviewed),
    Refused(review_withholding, "Another officer", lambda has: withheld(has, is_approved=True, by=has.officer)),
    Refused(review_withholding, "waits a day", approver_of_nobody),
    Refused(release_disclosure, "Say why", lambda has: withheld(has, reason=LONG)),
    Refused(release_disclosure, "not withheld", not_withheld),
    Refused(acknowledge_fault, "why it is there", lambda has: acknowledgement(has, reason=" ")),
    Refused(acknowledge_fault, "why it is there", lambda has: acknowledgement(has, reason="あ" * (LONGEST_REASON + 1))),
    Refused(acknowledge_fault, "Somebody has acknowledged", acknowledged),
    Refused(take_case_step, "what was found", lambda has: step(has, reason=" ")),
    Refused(take_case_step, "what was found", lambda has: step(has, reason="あ" * (LONGEST_REASON + 1))),
    Refused(take_case_step, "There is nobody to be told", lambda has: step_about_nobody(has, words={"ja": "確認した。"})),
    Refused(take_case_step, "in Japanese, too", lambda has: step(has, words={"en": "Checked."})),
    Refused(take_case_step, "words", lambda has: step(has, words={"ja": "\u200b"})),
    Refused(take_case_step, "At most ", lambda has: step(has, words={"ja": "あ" * (LONGEST_WORDS + 1)})),
    Refused(take_case_step, "Somebody else took a step", lambda has: step(has, seen=1)),
    Refused(take_case_step, "What was reported since", closed_before_more_came),
    Refused(give_case, "Somebody else took a step", lambda has: giving(has, seen=1)),
    Refused(give_case, "who works on cases", lambda has: giving(has, owner=has.editor)),
    Refused(give_case, "Nothing would change", given_before),
    Refused(give_case, "Nothing would change", lambda has: giving(has, owner=None)),
    Refused(move_case, "what was found", lambda has: moving(has, reason=" ")),
    Refused(move_case, "from today on", lambda has: moving(has, due_on=timezone.localdate() - timedelta(days=1))),
    Refused(move_case, "from today on", lambda has: moving(has, due_on=timezone.localdate() + timedelta(days=367))),
    Refused(move_case, "is closed", moving_a_closed_one),
    Refused(move_case, "Somebody else took a step", lambda has: moving(has, seen=1)),
    Refused(close_cases, "Choose from 1", lambda has: closing(has, chosen={})),
    Refused(close_cases, "Choose from 1", lambda has: closing(has, chosen=dict.fromkeys(range(MOST_AT_ONCE + 1), 0))),
    Refused(close_cases, "what was found", lambda has: closing(has, reason="")),
    Refused(close_cases, "in Japanese, too", lambda has: closing(has, words={"en": "Mended."})),
    Refused(close_cases, "words", lambda has: closing(has, words={"ja": "\u200b"})),
    Refused(close_cases, "At most ", lambda has: closing(has, words={"ja": "あ" * (LONGEST_WORDS + 1)})),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=str)
def test_refused_action_says_why_and_writes_nothing(case, request):
    assert_refused(case, request)


def test_every_refusal_has_a_case():
    assert without_a_case("disclosures.officers", CASES) == []
