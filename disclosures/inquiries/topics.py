"""What requests to the operator leave for followers."""

from privacycenter.outbox.topics import Payload, Topic


class InquiryFiled(Payload):
    inquiry: int


class InquiryStepTaken(Payload):
    inquiry: int
    step: int


class InquiryTold(Payload):
    """``event``: what the sender is to be told of beside the steps."""

    inquiry: int
    event: int


INQUIRY_FILED = Topic("inquiry.filed", InquiryFiled)
INQUIRY_STEP_TAKEN = Topic("inquiry.step_taken", InquiryStepTaken)
INQUIRY_TOLD = Topic("inquiry.told", InquiryTold)
