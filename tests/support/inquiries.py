"""Requests to the operator for tests, each filed by the action."""

from disclosures.inquiries.actions import Filing, file_inquiry
from disclosures.inquiries.numbers import new_token
from disclosures.inquiry_handling.actions import check_identity
from disclosures.models import IdentityState, IdentityWay, Inquiry, InquiryKind

CORRECTION = InquiryKind.CORRECTION


def filed(kind=CORRECTION, *, by=None, name="山田 花子", email="hanako@example.jp", language="ja") -> Inquiry:
    filing = Filing(new_token(), kind, name, email, "電話番号が違います。", "", language)
    inquiry, _is_new = file_inquiry(filing=filing, is_mail_sent=False, by=by)
    return inquiry


def confirm(inquiry: Inquiry, by) -> None:
    check_identity(inquiry=inquiry, identity=IdentityState.CONFIRMED, way=IdentityWay.PHONE, by=by)
