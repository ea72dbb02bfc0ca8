"""What the person is asked, and what the person decides."""

from consents.models.approvals import ApprovalRequest, FiledRequest, RepeatedCall, RequestCancellation
from consents.models.decisions import Decision
from consents.models.deliveries import FeedEntry

__all__ = ["ApprovalRequest", "Decision", "FeedEntry", "FiledRequest", "RepeatedCall", "RequestCancellation"]
