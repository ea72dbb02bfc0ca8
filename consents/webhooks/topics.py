"""What webhooks leave for followers."""

from uuid import UUID

from consents.models.deliveries import EventType
from privacycenter.outbox.topics import Payload, Topic


class WebhookDue(Payload):
    """``attempt``: how many tries there were before. Of two pieces of work with one number the second does nothing."""

    delivery: int
    attempt: int


class WebhookDelivered(Payload):
    """``decision``, ``case`` (of a recall): None for an event that is about none."""

    person: int
    type: EventType
    decision: UUID | None
    reporter: int
    case: UUID | None = None


WEBHOOK_DUE = Topic("webhook.due", WebhookDue)
WEBHOOK_DELIVERED = Topic("webhook.delivered", WebhookDelivered)
