"""What requests to the operator leave for followers. ``site_address``: scheme and host under which somebody reached us,
for the links in mails."""

from privacycenter.outbox.topics import Payload, Topic


class InquiryFiled(Payload):
    inquiry: int
    site_address: str


class InquiryStepTaken(Payload):
    inquiry: int
    step: int
    site_address: str


INQUIRY_FILED = Topic("inquiry.filed", InquiryFiled)
INQUIRY_STEP_TAKEN = Topic("inquiry.step_taken", InquiryStepTaken)
