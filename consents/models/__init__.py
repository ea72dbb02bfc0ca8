"""What the person is asked, and what the person decides."""

from consents.models.approvals import ApprovalRequest, FiledRequest, RepeatedCall, RequestCancellation
from consents.models.decisions import Decision
from consents.models.deliveries import (
    DeliveryState,
    DisabledReason,
    FeedEntry,
    WebhookAttempt,
    WebhookDelivery,
    WebhookEndpoint,
    WebhookSecret,
)

__all__ = [
    "ApprovalRequest",
    "Decision",
    "DeliveryState",
    "DisabledReason",
    "FeedEntry",
    "FiledRequest",
    "RepeatedCall",
    "RequestCancellation",
    "WebhookAttempt",
    "WebhookDelivery",
    "WebhookEndpoint",
    "WebhookSecret",
]
