"""What representations leave for followers."""

from uuid import UUID

from privacycenter.outbox.topics import Payload, Topic


class AboutRepresentation(Payload):
    """``person``: who is represented."""

    person: int
    representation: UUID


class RepresentationNews(Payload):
    """Of what both are told: ``entered``, ``begun`` or ``ended``."""

    person: int
    representation: UUID
    news: str


REPRESENTATION_CHANGED = Topic("representation.changed", RepresentationNews)
REPRESENTATION_OVER = Topic("representation.over", AboutRepresentation)
