"""What following up a withdrawal leaves for followers."""

from uuid import UUID

from privacycenter.outbox.topics import Payload, Topic


class WithdrawalMoved(Payload):
    """``withdrawal``: the id of the withdrawing decision; ``step``: the code of what was done."""

    person: int
    withdrawal: UUID
    step: str


WITHDRAWAL_MOVED = Topic("withdrawal.moved", WithdrawalMoved)
