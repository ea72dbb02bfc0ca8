"""Models of consent: requests, decisions, withdrawals, standing rules, exports, notices, the feed and webhooks."""

from consents.models.approvals import ApprovalRequest, FiledRequest, IdempotencyKey, RequestCancellation
from consents.models.counts import ApprovalCount, CountedApproval
from consents.models.decisions import Decision, in_effect
from consents.models.deliveries import (
    DeliveryState,
    DisabledReason,
    FeedEntry,
    FeedEpoch,
    WebhookAttempt,
    WebhookDelivery,
    WebhookEndpoint,
    WebhookSecret,
)
from consents.models.exports import Export, ExportFailure, ExportFormat
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
    "ApprovalCount",
    "ApprovalRequest",
    "CountedApproval",
    "Decision",
    "DeliveryState",
    "DisabledReason",
    "Export",
    "ExportFailure",
    "ExportFormat",
    "FeedEntry",
    "FeedEpoch",
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
