"""Each refusal of a request to the operator, called directly: it says why, and nothing was written."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.utils import timezone

from disclosures.inquiries.actions import (
    ATTEMPTS,
    LONGEST_BODY,
    LONGEST_MESSAGE,
    LONGEST_NAME,
    Filing,
    file_inquiry,
    take_step,
)
from disclosures.inquiries.handling_actions import (
    LONGEST_WORDS,
    check_identity,
    choose_law,
    extend_inquiry,
    give_inquiry,
    link_inquiry,
    note_inquiry,
)
from disclosures.inquiries.numbers import new_token
from disclosures.inquiries.template_actions import load_templates, write_template
from disclosures.models import (
    AnswerTemplate,
    AnswerWay,
    IdentityState,
    IdentityWay,
    InquiryKind,
    InquiryLaw,
    InquiryStatus,
)
from tests.support.clock import clock_at
from tests.support.inquiries import filed
from tests.support.refusals import Refused, assert_refused, without_a_case
from tests.support.uploads import kept

pytestmark = pytest.mark.django_db

IN_PROGRESS, ANSWERED, DECLINED, CLOSED = (
    InquiryStatus.IN_PROGRESS, InquiryStatus.ANSWERED, InquiryStatus.DECLINED, InquiryStatus.CLOSED,
)  # fmt: skip


def filing(**more):
    told = Filing(new_token(), InquiryKind.QUESTION, "山田 花子", "hanako@example.jp", "教えてください。", "", "ja")
    return {"filing": replace(told, **more), "by": None}


def with_taken_numbers(has):
    """All numbers that the form could get belong to others."""
    has.monkeypatch.setattr(Filing, "reference", lambda self, attempt=0: f"R-{attempt}")
    for number in range(ATTEMPTS):
        has.monkeypatch.setattr(Filing, "reference", lambda self, attempt=0, number=number: f"R-{number}")
        file_inquiry(**filing(name=f"other {number}"))
    has.monkeypatch.setattr(Filing, "reference", lambda self, attempt=0: f"R-{attempt}")
    return filing()


def step(has, status, *, before=None, **more):
    inquiry, _is_new = file_inquiry(**filing())
    if before:
        take_step(inquiry=inquiry, status=before, message="済みました。", by=has.officer)
    return {"inquiry": inquiry, "status": status, "by": has.officer, **more}


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


def template(**more):
    known = {"code": "a", "titles": {"ja": "題"}, "texts": {"ja": "文"}}
    return {"template": AnswerTemplate(**{**known, **more})}


def entries(**more):
    return {"entries": [{"code": "a", "titles": {"ja": "題"}, "texts": {"ja": "文"}, **more}]}


HANDLING = [
    Refused(take_step, "Confirm first", lambda has: {**waiting(has), "status": ANSWERED, "message": "答え"}),
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
    Refused(write_template, "A title is needed", lambda has: template(titles={"en": "x"})),
    Refused(write_template, "A text is needed", lambda has: template(texts={"ja": " "})),
    Refused(write_template, "A title has at most", lambda has: template(titles={"ja": "題" * 101})),
    Refused(write_template, "A text has at most", lambda has: template(texts={"ja": "文" * 4001})),
    Refused(write_template, "Nothing fills in", lambda has: template(texts={"ja": "{what}"})),
    Refused(load_templates, "no kind of request", lambda has: entries(kind="money")),
]  # fmt: skip

CASES = [
    *HANDLING,
    Refused(file_inquiry, "name", lambda has: filing(name="  ")),
    Refused(file_inquiry, "name", lambda has: filing(name="花" * (LONGEST_NAME + 1))),
    Refused(file_inquiry, "body", lambda has: filing(body="\n")),
    Refused(file_inquiry, "body", lambda has: filing(body="あ" * (LONGEST_BODY + 1))),
    Refused(file_inquiry, "email", lambda has: filing(email="hanako")),
    Refused(file_inquiry, "No free reference number", with_taken_numbers),
    Refused(take_step, "received once", lambda has: step(has, InquiryStatus.RECEIVED, message="再び")),
    Refused(take_step, "is closed", lambda has: step(has, ANSWERED, before=CLOSED, message="答え")),
    Refused(take_step, "reason for declining", lambda has: step(has, ANSWERED, message=" ", note="メモ")),
    Refused(take_step, "reason for declining", lambda has: step(has, DECLINED, note="メモ")),
    Refused(take_step, "At most 5,000", lambda has: step(has, IN_PROGRESS, message="あ" * (LONGEST_MESSAGE + 1))),
    Refused(take_step, "At most 5,000", lambda has: step(has, IN_PROGRESS, note="あ" * (LONGEST_MESSAGE + 1))),
    Refused(take_step, "Nothing would change", lambda has: step(has, IN_PROGRESS, before=IN_PROGRESS, note=" ")),
    Refused(take_step, "attached", lambda has: step(has, IN_PROGRESS, kept=kept())),
    Refused(take_step, "way", lambda has: step(has, IN_PROGRESS, way=AnswerWay.ONE_TIME, code="ABCD-2345")),
    Refused(take_step, "code", lambda has: step(has, ANSWERED, message="答え", way=AnswerWay.ONE_TIME)),
    Refused(take_step, "Somebody else took a step", lambda has: step(has, IN_PROGRESS, before=IN_PROGRESS, message="次", seen=0)),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=str)
def test_refused_action_says_why_and_writes_nothing(case, request):
    assert_refused(case, request)


def test_every_refusal_has_a_case():
    assert without_a_case("disclosures.inquiries", CASES) == []
