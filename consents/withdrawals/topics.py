"""What following up a withdrawal leaves for followers."""

from datetime import datetime
from uuid import UUID

from privacycenter.outbox.topics import Payload, Topic


class WithdrawalMoved(Payload):
    """``withdrawal``: the id of the withdrawing decision; ``step``: the code of what was done, ``at`` this time.

    ``at`` is None in what an earlier version left.
    """

    person: int
    withdrawal: UUID
    step: str
    at: datetime | None = None


WITHDRAWAL_MOVED = Topic("withdrawal.moved", WithdrawalMoved)
