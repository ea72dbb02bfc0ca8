"""What telling people of an incident leaves for followers."""

from uuid import UUID

from privacycenter.outbox.topics import Payload, Topic


class NoticesDue(Payload):
    """``step``: the ``NOTIFIED`` step; ``list``: whom to tell; ``after``: the key of the last person who was told,
    0 at the beginning; ``part``: how many parts were told before; ``rest``: the lists whose turn comes after it."""

    step: int
    list: UUID
    rest: tuple[UUID, ...] = ()
    after: int = 0
    part: int = 0


class IncidentMail(Payload):
    person: int
    incident: UUID


INCIDENT_NOTICES_DUE = Topic("incident.notices_due", NoticesDue)
INCIDENT_MAIL_DUE = Topic("incident.mail_due", IncidentMail)
