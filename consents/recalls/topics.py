"""What recalls leave for followers."""

from uuid import UUID

from pydantic import AwareDatetime

from privacycenter.outbox.topics import Payload, Topic


class AboutRecall(Payload):
    person: int
    recall: UUID


class RecallMoved(Payload):
    """A step of one case. ``step``: its code."""

    person: int
    recall: UUID
    case: UUID
    step: str
    at: AwareDatetime


class MailAsked(Payload):
    """``mail``: the key of the ``RecallMail``. ``is_reminder``: the recipient was told by it before."""

    mail: int
    is_reminder: bool = False


RECALL_FILED = Topic("recall.filed", AboutRecall)
RECALL_MOVED = Topic("recall.moved", RecallMoved)
RECALL_MAIL_ASKED = Topic("recall.mail_asked", MailAsked)
