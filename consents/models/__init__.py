"""What the person is asked, what the person decides, takes home and is told, and what services are told."""

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
from consents.models.exports import Export, ExportFormat
from consents.models.notices import Frequency, Mailing, Notice, NoticeKind, NoticeReading, Preference

__all__ = [
    "ApprovalRequest",
    "Decision",
    "DeliveryState",
    "DisabledReason",
    "Export",
    "ExportFormat",
    "FeedEntry",
    "FiledRequest",
    "Frequency",
    "Mailing",
    "Notice",
    "NoticeKind",
    "NoticeReading",
    "Preference",
    "RepeatedCall",
    "RequestCancellation",
    "WebhookAttempt",
    "WebhookDelivery",
    "WebhookEndpoint",
    "WebhookSecret",
]
