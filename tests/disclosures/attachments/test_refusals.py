"""Each refusal about a file with a request, called directly: it says why, and nothing was written."""

import pytest

from disclosures.attachments.actions import MOST_OF_A_PERSON, attach_more
from disclosures.inquiries.actions import take_step
from disclosures.models import InquiryStatus
from tests.support.refusals import Refused, assert_refused, without_a_case
from tests.support.uploads import PDF, a_file, an_inquiry, kept

pytestmark = pytest.mark.django_db


def to_an_answered_one(has):
    inquiry = an_inquiry(has.hanako)
    take_step(inquiry=inquiry, status=InquiryStatus.ANSWERED, message="はい。", by=has.officer)
    return {"inquiry": inquiry, "kept": kept()}


def too_many(has):
    sent = [a_file(f"{number}.pdf", PDF + bytes([number])) for number in range(MOST_OF_A_PERSON + 1)]
    return {"inquiry": an_inquiry(has.hanako), "kept": kept(*sent)}


CASES = [
    Refused(attach_more, "is answered", to_an_answered_one),
    Refused(attach_more, "attached", too_many),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_refused_action_says_why_and_writes_nothing(case, request):
    assert_refused(case, request)


def test_every_refusal_has_a_case():
    assert without_a_case("disclosures.attachments", CASES) == []
