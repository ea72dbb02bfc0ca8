"""Each refusal of an erasure, called directly: it says why, and nothing was written."""

from functools import partial

import pytest

from consents.people.actions import answer_erasure, erase_person
from consents.people.merging_actions import answer_merging, merge_people, separate_people
from disclosures.models import AccountChange, AccountStage, AccountStep
from privacycenter.identifiers import uuid7
from tests.support.events import an_event, record
from tests.support.refusals import Refused, assert_refused, without_a_case

pytestmark = pytest.mark.django_db


def erasure(has, **more):
    return {"person": has.hanako, "reason": "x", "by": has.officer, **more}


def demanded(has, **more):
    record(has.reporter, an_event(subject=has.hanako.subject))
    return erasure(has, **more)


def answer(has, *, kind=AccountChange.ERASED, other=None, **more):
    id = uuid7()
    proposed = AccountStep.objects.create(
        person=has.hanako, id=id, change_id=id, kind=kind, stage=AccountStage.PROPOSED, detail={"other": other},
        reason="x", staff_id=has.officer.pk, role="officers", taken_at="2026-11-01T00:00:00Z",
    )  # fmt: skip
    return {"proposed": proposed, "is_approved": True, "reason": "x", "by": has.editor, **more}


def answered(has):
    given = answer(has, is_approved=False)
    answer_erasure(**given)
    return given


def answer_too_late(has):
    given = answer(has)
    record(has.reporter, an_event(subject=has.hanako.subject))
    return given


def staff_answered(has):
    given = answer(has)
    type(has.hanako).objects.filter(pk=has.hanako.pk).update(is_staff=True)
    return given


def approver_of_nobody(has):
    has.settings.SECOND_PERSON = True
    return answer(has, by=has.taro)


def merging(has, **more):
    return {"account": has.taro, "into": has.hanako, "reason": "x", **more}


def shared(has, given):
    merge_people(**merging(has))
    return given(has, **({"person": has.hanako} if given is erasure else {}))


def separation(has, **more):
    merge_people(**merging(has))
    return merging(has, **more)


def merge_answer(has, **more):
    return answer(has, **{"kind": AccountChange.MERGED, "other": has.taro.pk, **more})


def merge_answered(has):
    given = merge_answer(has, is_approved=False)
    answer_merging(**given)
    return given


def merge_of_nobody(has):
    has.settings.SECOND_PERSON = True
    return merge_answer(has, by=has.taro)


CASES = [
    Refused(merge_people, "Say why", partial(merging, reason="")),
    Refused(merge_people, "同じアカウント", lambda has: merging(has, into=has.taro)),
    Refused(separate_people, "Say why", partial(separation, reason=" ")),
    Refused(separate_people, "一緒になっていません", merging),
    Refused(answer_merging, "Say why", partial(merge_answer, reason="")),
    Refused(answer_merging, "スタッフ", lambda has: merge_answer(has, other=has.officer.pk)),
    Refused(answer_merging, "has answered", merge_answered),
    Refused(answer_merging, "Another member", lambda has: merge_answer(has, by=has.officer)),
    Refused(answer_merging, "waits a day", merge_of_nobody),
    Refused(erase_person, "one of several", partial(shared, given=erasure)),
    Refused(answer_erasure, "one of several", partial(shared, given=answer)),
    Refused(erase_person, "Say why", partial(erasure, reason=" ")),
    Refused(erase_person, "blocked, not erased", lambda has: erasure(has, person=has.publisher)),
    Refused(erase_person, "The law demands", demanded),
    Refused(answer_erasure, "Say why", partial(answer, reason="")),
    Refused(answer_erasure, "has answered", answered),
    Refused(answer_erasure, "Another member", lambda has: answer(has, by=has.officer)),
    Refused(answer_erasure, "waits a day", approver_of_nobody),
    Refused(answer_erasure, "The law demands", answer_too_late),
    Refused(answer_erasure, "blocked, not erased", staff_answered),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_refusal_writes_nothing(case, request):
    assert_refused(case, request)


def test_every_refusal_has_a_case():
    assert without_a_case("consents.people", CASES) == []
