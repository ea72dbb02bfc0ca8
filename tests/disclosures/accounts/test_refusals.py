"""Each refusal of a change to an account, called directly: it says why, and nothing was written."""

from functools import partial

import pytest
from django.utils import timezone

from disclosures.accounts.actions import LONGEST_REASON, answer_account_change, change_account, make_staff
from disclosures.models import AccountChange, AccountStage, AccountStep
from privacycenter.identifiers import uuid7
from tests.support.refusals import Refused, assert_refused, without_a_case

pytestmark = pytest.mark.django_db


def change(has, **more):
    return {"account": has.publisher, "kind": AccountChange.BLOCKED, "reason": "x", "by": has.officer, **more}


def staff(has, **more):
    names = {"username": "new", "display_name": "New", "email": "new@example.jp", "roles": []}
    return {**names, "is_administrator": False, "reason": "x", "by": has.officer, **more}


def answer(has, **more):
    id = uuid7()
    proposed = AccountStep.objects.create(
        person=has.publisher, id=id, change_id=id, kind=AccountChange.BLOCKED, stage=AccountStage.PROPOSED,
        reason="x", staff_id=has.officer.pk, role="officers", taken_at="2026-11-01T00:00:00Z",
    )  # fmt: skip
    return {"proposed": proposed, "is_approved": True, "reason": "x", "by": has.editor, **more}


def answered(has):
    given = answer(has, is_approved=False)
    answer_account_change(**given)
    return given


def reset_of_blocked(has):
    has.publisher.is_active = False
    has.publisher.save()
    return change(has, kind=AccountChange.RESET_SENT)


def answered_by_puppet(has):
    """The officer proposes a new address, and gave the editor roles just now."""
    id = uuid7()
    step = {"reason": "x", "staff_id": has.officer.pk, "role": "officers", "taken_at": timezone.now()}
    AccountStep.objects.create(
        person=has.editor, id=id, change_id=id, kind=AccountChange.ROLES_CHANGED, stage=AccountStage.DONE, **step
    )
    id = uuid7()
    proposed = AccountStep.objects.create(
        person=has.publisher, id=id, change_id=id, kind=AccountChange.ADDRESS_CHANGED, stage=AccountStage.PROPOSED,
        detail={"email": "new@example.jp"}, **step,
    )  # fmt: skip
    return {"proposed": proposed, "is_approved": True, "reason": "x", "by": has.editor}


def approver_of_nobody(has):
    has.settings.SECOND_PERSON = True
    return answer(has, by=has.hanako)


LONG = "x" * (LONGEST_REASON + 1)
CASES = [
    Refused(change_account, "Say why", partial(change, reason=" ")),
    Refused(change_account, "Say why", partial(change, reason=LONG)),
    Refused(change_account, "their own account", lambda has: change(has, by=has.publisher)),
    Refused(
        change_account, "staff alone", lambda has: change(has, account=has.hanako, kind=AccountChange.ROLES_CHANGED)
    ),
    Refused(change_account, "is blocked", reset_of_blocked),
    Refused(make_staff, "Say why", partial(staff, reason="")),
    Refused(make_staff, "is taken", lambda has: staff(has, username=has.hanako.username.upper())),
    Refused(answer_account_change, "Say why", partial(answer, reason="")),
    Refused(answer_account_change, "has answered", answered),
    Refused(answer_account_change, "from the proposer", answered_by_puppet),
    Refused(answer_account_change, "Another member", lambda has: answer(has, by=has.officer)),
    Refused(answer_account_change, "waits a day", approver_of_nobody),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_refusal_writes_nothing(case, request):
    assert_refused(case, request)


def test_every_refusal_has_a_case():
    assert without_a_case("disclosures.accounts", CASES) == []
