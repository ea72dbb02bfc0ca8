"""What changes to accounts leave for followers."""

from uuid import UUID

from privacycenter.outbox.topics import Payload, Topic


class AccountChanged(Payload):
    """Whose account, by which step, and the address that the owner had before: they are told there."""

    person: int
    step: UUID
    address: str


ACCOUNT_CHANGED = Topic("account.changed", AccountChanged)
