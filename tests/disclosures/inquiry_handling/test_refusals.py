"""Each refusal of what officers do about a request to the operator, called directly: it says why, and nothing was written."""

from datetime import timedelta

import pytest
from django.utils import timezone

from disclosures.inquiries.actions import take_step
from disclosures.inquiry_handling.actions import (
    LONGEST_WORDS,
    check_identity,
    choose_law,
    extend_inquiry,
    give_inquiry,
    link_inquiry,
    note_inquiry,
)
from disclosures.models import (
    IdentityState,
    IdentityWay,
    InquiryLaw,
    InquiryStatus,
)
from tests.support.clock import clock_at
from tests.support.inquiries import filed
from tests.support.refusals import Refused, assert_refused, without_a_case

pytestmark = pytest.mark.django_db


IN_PROGRESS, ANSWERED, DECLINED, CLOSED = (
    InquiryStatus.IN_PROGRESS, InquiryStatus.ANSWERED, InquiryStatus.DECLINED, InquiryStatus.CLOSED,
)  # fmt: skip


DAY, TOO_LONG = timedelta(days=1), "あ" * (LONGEST_WORDS + 1)


ASKED, CONFIRMED, FREE = IdentityState.ASKED, IdentityState.CONFIRMED, IdentityState.NOT_NEEDED


def waiting(has, *, law=None, age=0, extended=0, is_closed=False, by=None, **more):
    """``age``: of how many days; ``extended``: by how many."""
    with clock_at(timezone.now() - age * DAY):
        inquiry = filed(by=by)
        if law:
            choose_law(inquiry=inquiry, law=law, by=has.officer)
        if extended:
            extend_inquiry(inquiry=inquiry, until=in_days(14 + extended), reason="照会", by=has.officer)
    if is_closed:
        take_step(inquiry=inquiry, status=CLOSED, by=has.officer)
    return {"inquiry": inquiry, "by": has.officer, **more}


def in_days(days):
    return timezone.localdate() + days * DAY


def extension(has, days, *, reason="照会", **more):
    return {**waiting(has, **more), "until": in_days(days), "reason": reason}


def identity(has, state, *, is_closed=False, **more):
    return {**waiting(has, is_closed=is_closed), "identity": state, **more}


def given(has, owner, instead_of=None):
    return {**waiting(has), "owner": owner, "instead_of": instead_of}


CASES = [
    Refused(choose_law, "does not wait", lambda has: waiting(has, is_closed=True, law=None) | {"law": InquiryLaw.GDPR}),
    Refused(choose_law, "under this law already", lambda has: waiting(has) | {"law": InquiryLaw.APPI}),
    Refused(choose_law, "More time was taken", lambda has: waiting(has, extended=3) | {"law": InquiryLaw.GDPR}),
    Refused(extend_inquiry, "does not wait", lambda has: extension(has, 20, is_closed=True)),
    Refused(extend_inquiry, "A text is needed", lambda has: extension(has, 20, reason=" ")),
    Refused(extend_inquiry, "At most 2,000", lambda has: extension(has, 20, reason=TOO_LONG)),
    Refused(extend_inquiry, "must be later", lambda has: extension(has, 14)),
    Refused(extend_inquiry, "must be later", lambda has: extension(has, -1, age=20)),
    Refused(extend_inquiry, "does not allow so much time", lambda has: extension(has, 61)),
    Refused(extend_inquiry, "does not allow so much time", lambda has: extension(has, 100, law=InquiryLaw.GDPR)),
    Refused(extend_inquiry, "before the first period", lambda has: extension(has, 20, law=InquiryLaw.GDPR, age=40)),
    Refused(check_identity, "is closed", lambda has: identity(has, CONFIRMED, is_closed=True, way=IdentityWay.PHONE)),
    Refused(check_identity, "not set by hand", lambda has: identity(has, IdentityState.NEEDED)),
    Refused(check_identity, "Say how", lambda has: identity(has, CONFIRMED)),
    Refused(check_identity, "Say how", lambda has: identity(has, ASKED, way=IdentityWay.PHONE, words="書類を")),
    Refused(check_identity, "A text is needed", lambda has: identity(has, ASKED)),
    Refused(check_identity, "A text is needed", lambda has: identity(has, FREE)),
    Refused(check_identity, "written to only", lambda has: identity(has, FREE, words="書類を", note="不要")),
    Refused(check_identity, "At most 2,000", lambda has: identity(has, CONFIRMED, way=IdentityWay.PHONE, note=TOO_LONG)),
    Refused(give_inquiry, "took charge meanwhile", lambda has: given(has, has.officer, has.officer)),
    Refused(give_inquiry, "Nothing would change", lambda has: given(has, None)),
    Refused(give_inquiry, "Only who may answer", lambda has: given(has, has.editor)),
    Refused(note_inquiry, "A text is needed", lambda has: waiting(has, note=" ")),
    Refused(note_inquiry, "At most 2,000", lambda has: waiting(has, note=TOO_LONG)),
    Refused(link_inquiry, "was logged in", lambda has: waiting(has, by=has.hanako) | {"whose": has.taro, "reason": "電話"}),
    Refused(link_inquiry, "Nothing would change", lambda has: waiting(has, whose=None, reason="電話")),
    Refused(link_inquiry, "A text is needed", lambda has: waiting(has, whose=has.taro, reason="")),
    Refused(link_inquiry, "At most 2,000", lambda has: waiting(has, whose=has.taro, reason=TOO_LONG)),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=str)
def test_refused_action_says_why_and_writes_nothing(case, request):
    assert_refused(case, request)


def test_every_refusal_has_a_case():
    assert without_a_case("disclosures.inquiry_handling", CASES) == []
