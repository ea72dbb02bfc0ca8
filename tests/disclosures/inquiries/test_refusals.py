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
from disclosures.inquiries.numbers import new_token
from disclosures.inquiry_handling.actions import LONGEST_WORDS, choose_law, extend_inquiry
from disclosures.models import AnswerWay, InquiryKind, InquiryStatus
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


CASES = [
    Refused(take_step, "Confirm first", lambda has: {**waiting(has), "status": ANSWERED, "message": "答え"}),
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
    Refused(take_step, "double brackets", lambda has: step(has, ANSWERED, message="[[理由]]です。")),
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
