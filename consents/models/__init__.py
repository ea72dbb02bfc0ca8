"""Models of consent: requests, decisions, withdrawals, standing rules, exports, notices, the feed and webhooks."""

from consents.models.approvals import ApprovalRequest, FiledRequest, IdempotencyKey, RequestCancellation
from consents.models.decisions import Decision, in_effect
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
from consents.models.rules import RuleKind, RuleSetting, StandingRule
from consents.models.withdrawals import (
    ANSWER_WITHIN,
    CLOSING,
    StepKind,
    WithdrawalCase,
    WithdrawalClosure,
    WithdrawalStep,
)

__all__ = [
    "ANSWER_WITHIN",
    "CLOSING",
    "ApprovalRequest",
    "Decision",
    "DeliveryState",
    "DisabledReason",
    "Export",
    "ExportFormat",
    "FeedEntry",
    "FiledRequest",
    "Frequency",
    "IdempotencyKey",
    "Mailing",
    "Notice",
    "NoticeKind",
    "NoticeReading",
    "Preference",
    "RequestCancellation",
    "RuleKind",
    "RuleSetting",
    "StandingRule",
    "StepKind",
    "WebhookAttempt",
    "WebhookDelivery",
    "WebhookEndpoint",
    "WebhookSecret",
    "WithdrawalCase",
    "WithdrawalClosure",
    "WithdrawalStep",
    "in_effect",
]
