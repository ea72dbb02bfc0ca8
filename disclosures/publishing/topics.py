"""What publishing leaves for followers."""

from privacycenter.outbox.topics import Payload, Topic


class ContentPublished(Payload):
    """``number``: the newest publication."""

    number: int


class SetUntil(Payload):
    """``change_set``: the key of a published set, at the end of its publication."""

    change_set: int


# Left with each publication while proposals are open, and where a proposed set is discarded: they may no longer fit.
CONTENT_PUBLISHED = Topic("content.published", ContentPublished)
SET_UNTIL = Topic("change_set.until", SetUntil)
