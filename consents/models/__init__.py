"""What the person is asked, and what the person decides."""

from consents.models.approvals import ApprovalRequest, FiledRequest, RepeatedCall, RequestCancellation
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
    "FeedEntry",
    "FiledRequest",
    "RepeatedCall",
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
