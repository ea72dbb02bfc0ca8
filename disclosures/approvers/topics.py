"""What a new approver leaves for followers."""

from privacycenter.outbox.topics import Payload, Topic


class ApproverNoticed(Payload):
    """``row``: the row that says so."""

    row: int


APPROVER_NOTICED = Topic("approver.noticed", ApproverNoticed)
