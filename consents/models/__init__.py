"""Models of consent: requests, decisions, withdrawals, recalls, rules, exports, notices, feeds and webhooks."""

from consents.models.approvals import ApprovalRequest, FiledRequest, IdempotencyKey, RequestCancellation
from consents.models.counts import ApprovalCount, CountedApproval
from consents.models.decisions import Decision, in_effect
from consents.models.deliveries import (
    DeliveryState,
    DisabledReason,
    Feed,
    FeedEntry,
    FeedEpoch,
    WebhookAttempt,
    WebhookDelivery,
    WebhookEndpoint,
    WebhookSecret,
)
from consents.models.exports import Export, ExportFailure, ExportFormat
from consents.models.incident_notices import IncidentNotice
from consents.models.notices import Frequency, Mailing, Notice, NoticeKind, NoticeReading, Preference
from consents.models.question_counts import QuestionAnswer, QuestionCount, QuestionSpike, QuestionTotal
from consents.models.recalls import (
    DONE_WITHIN,
    Recall,
    RecallCase,
    RecallClosure,
    RecallKind,
    RecallMail,
    RecallStep,
    RecallStepKind,
)
from consents.models.representatives import (
    OBJECTION_TIME,
    ActedFor,
    HeldRepresentation,
    Representation,
    RepresentationEnd,
    RepresentationEnding,
    RepresentationEvidence,
    RepresentationKind,
    RepresentationScope,
)
from consents.models.rules import RuleKind, RuleSetting, StandingRule
from consents.models.sandbox import MadeUpPerson
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
    "DONE_WITHIN",
    "OBJECTION_TIME",
    "ActedFor",
    "ApprovalCount",
    "ApprovalRequest",
    "CountedApproval",
    "Decision",
    "DeliveryState",
    "DisabledReason",
    "Export",
    "ExportFailure",
    "ExportFormat",
    "Feed",
    "FeedEntry",
    "FeedEpoch",
    "FiledRequest",
    "Frequency",
    "HeldRepresentation",
    "IdempotencyKey",
    "IncidentNotice",
    "MadeUpPerson",
    "Mailing",
    "Notice",
    "NoticeKind",
    "NoticeReading",
    "Preference",
    "QuestionAnswer",
    "QuestionCount",
    "QuestionSpike",
    "QuestionTotal",
    "Recall",
    "RecallCase",
    "RecallClosure",
    "RecallKind",
    "RecallMail",
    "RecallStep",
    "RecallStepKind",
    "Representation",
    "RepresentationEnd",
    "RepresentationEnding",
    "RepresentationEvidence",
    "RepresentationKind",
    "RepresentationScope",
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
