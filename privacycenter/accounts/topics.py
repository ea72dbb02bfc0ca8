"""What log-ins leave for followers."""

from datetime import datetime
from uuid import UUID

from privacycenter.outbox.topics import Payload, Topic


class NewDevice(Payload):
    """``device``: the id of its row. ``user_agent``: as it named itself, at most 200 characters."""

    person: int
    device: UUID
    user_agent: str
    at: datetime


# A person who had logged in before did so in a browser that was not known.
LOGGED_IN_ANEW = Topic("device.new", NewDevice)
