"""What the person is asked, what the person decides, takes home and is told."""

from consents.models.approvals import ApprovalRequest
from consents.models.decisions import Decision
from consents.models.deliveries import FeedEntry
from consents.models.exports import Export, ExportFormat
from consents.models.notices import (
    Frequency,
    Mailing,
    Notice,
    NoticeKind,
    NoticeReading,
    Preference,
)

__all__ = [
    "ApprovalRequest",
    "Decision",
    "Export",
    "ExportFormat",
    "FeedEntry",
    "Frequency",
    "Mailing",
    "Notice",
    "NoticeKind",
    "NoticeReading",
    "Preference",
]
