"""A service's client of a privacy center: ask before you give, report what you gave, lose nothing.

Python 3.11, standard library alone. README.md begins with an afternoon's work.
"""

from privacycenter_client.client import Flushed, Kept, ReporterClient
from privacycenter_client.errors import (
    ClientError,
    NoAnswer,
    ProofError,
    ServiceError,
    WebhookError,
)
from privacycenter_client.events import correction_event, disclosure_event
from privacycenter_client.proofs import check_proof
from privacycenter_client.reconciliation import DayDifference, digest_of
from privacycenter_client.sandbox import Sandbox
from privacycenter_client.uploads import LineCounts, LineResult, Upload, Uploads, write_lines
from privacycenter_client.webhooks import verify_webhook

__all__ = [
    "ClientError",
    "DayDifference",
    "Flushed",
    "Kept",
    "LineCounts",
    "LineResult",
    "NoAnswer",
    "ProofError",
    "ReporterClient",
    "Sandbox",
    "ServiceError",
    "Upload",
    "Uploads",
    "WebhookError",
    "check_proof",
    "correction_event",
    "digest_of",
    "disclosure_event",
    "verify_webhook",
    "write_lines",
]
