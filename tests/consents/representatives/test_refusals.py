"""Each refusal about representatives, called directly: it says why, and nothing was written."""

from datetime import timedelta
from functools import partial

import pytest
from django.utils import timezone

from consents.models import RepresentationEvidence
from consents.representatives.actions import (
    answer_appointment,
    appoint_representative,
    end_by_officer,
    end_by_person,
    resign,
)
from disclosures.models import AccountChange, AccountStage, AccountStep
from privacycenter.identifiers import uuid7
from tests.support.people import make_user
from tests.support.refusals import Refused, assert_refused, without_a_case
from tests.support.representatives import WHY, an_agent, appointed, wanted
from tests.support.together import put_together, second_account

pytestmark = pytest.mark.django_db


def appointment(has, **more):
    """taro shall act for hanako."""
    given = {"person": has.hanako, "representative": has.taro, "wanted": wanted(), "reason": WHY, "by": has.officer}
    return {**given, **more}


def changed(has, who, **columns):
    type(has.hanako).objects.filter(pk=who.pk).update(**columns)
    return appointment(has)


def put_in(has):
    account, _into = put_together(second_account(), has.hanako)
    return appointment(has, person=has.taro, representative=account)


def already(has, **more):
    appointed(has.hanako, has.taro, has.officer)
    return appointment(has, **more)


def child(has):
    appointed(has.taro, make_user("mother"), has.officer)
    return appointment(has)


def answer(has, *, detail=None, **more):
    id = uuid7()
    proposed = AccountStep.objects.create(
        person=has.hanako, id=id, change_id=id, kind=AccountChange.REPRESENTED, stage=AccountStage.PROPOSED,
        detail={"other": has.taro.pk, **wanted().as_detail(), **(detail or {})}, reason="x",
        staff_id=has.officer.pk, role="officers", taken_at=timezone.now(),
    )  # fmt: skip
    return {"proposed": proposed, "is_approved": True, "reason": "x", "by": has.editor, **more}


def answered(has):
    given = answer(has, is_approved=False)
    answer_appointment(**given)
    return given


def answered_by_nobody(has):
    has.settings.SECOND_PERSON = True
    return answer(has, by=has.taro)


def ended(has):
    row = appointed(has.hanako, has.taro, has.officer)
    end_by_person(representation=row.id, by=has.hanako)
    return row


def by_officer(has, **more):
    row = appointed(has.hanako, has.taro, has.officer)
    return {"person": has.hanako, "representation": row.id, "reason": "x", "by": has.officer, **more}


GIVEN_UP = {"password": "!", "username": None}
CASES = [
    Refused(appoint_representative, "Say why", partial(appointment, reason=" ")),
    Refused(appoint_representative, "same", lambda has: appointment(has, representative=has.hanako)),
    Refused(appoint_representative, "staff", lambda has: appointment(has, representative=has.editor)),
    Refused(appoint_representative, "no-log-in", lambda has: changed(has, has.taro, **GIVEN_UP)),
    Refused(appoint_representative, "no-log-in", lambda has: changed(has, has.taro, is_active=False)),
    Refused(appoint_representative, "erased", lambda has: changed(has, has.hanako, subject="erased:1")),
    Refused(appoint_representative, "put-in", put_in),
    Refused(appoint_representative, "already", already),
    Refused(appoint_representative, "circle", lambda has: already(has, person=has.taro, representative=has.hanako)),
    Refused(appoint_representative, "represented", child),
    Refused(appoint_representative, "too-short", partial(appointment, wanted=wanted(days=0))),
    Refused(appoint_representative, "too-short", partial(appointment, wanted=an_agent(days=13))),
    Refused(appoint_representative, "too-long", partial(appointment, wanted=an_agent(days=800))),
    Refused(appoint_representative, "service", partial(appointment, wanted=wanted(left_out=("no-such",)))),
    Refused(
        appoint_representative, "evidence",
        partial(appointment, wanted=wanted(evidence=RepresentationEvidence.POWER_OF_ATTORNEY)),
    ),
    Refused(answer_appointment, "Say why", partial(answer, reason="")),
    Refused(answer_appointment, "service", partial(answer, detail={"left_out": ["no-such"]})),
    Refused(answer_appointment, "has answered", answered),
    Refused(answer_appointment, "Another member", lambda has: answer(has, by=has.officer)),
    Refused(answer_appointment, "waits a day", answered_by_nobody),
    Refused(end_by_person, "ended already", lambda has: {"representation": ended(has).id, "by": has.hanako}),
    Refused(end_by_person, "ended already", lambda has: {"representation": by_officer(has)["representation"], "by": has.taro}),
    Refused(resign, "no such", lambda has: {"representation": by_officer(has)["representation"], "by": has.hanako}),
    Refused(resign, "ended already", lambda has: {"representation": ended(has).id, "by": has.taro}),
    Refused(end_by_officer, "Say why", partial(by_officer, reason="")),
    Refused(end_by_officer, "ended already", lambda has: by_officer(has, person=has.taro)),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=str)
def test_refusal_writes_nothing(case, request):
    assert_refused(case, request)


def test_every_refusal_has_a_case():
    assert without_a_case("consents.representatives", CASES) == []


def test_agent_may_be_entered_for_as_long_as_two_years(hanako, taro, officer):
    assert appointed(hanako, taro, officer, an_agent(days=730)).until > timezone.now() + timedelta(days=700)
