"""Answers on pages that open once."""

from disclosures.inquiries.actions import take_step
from disclosures.models import AnswerWay, InquiryStatus, OneTimePage
from disclosures.one_time.links import token_of
from privacycenter.models import User
from tests.support.uploads import an_inquiry, kept

CODE = "ABCD-2345"


def wrong() -> str:
    return "ZZZZ-9999"


def a_page(asker: User | None, officer: User, *files) -> OneTimePage:
    """The page of an answer that says 秘密の答え."""
    inquiry = an_inquiry(asker)
    step = take_step(
        inquiry=inquiry, status=InquiryStatus.ANSWERED, message="秘密の答え", kept=kept(*files) if files else (),
        way=AnswerWay.ONE_TIME, code=CODE, by=officer,
    )  # fmt: skip
    return step.one_time_page


def address_of(page: OneTimePage) -> str:
    return f"/answers/{token_of(page.pk)}/"
