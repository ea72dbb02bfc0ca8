"""Followers of publishing: work that is done after the commit."""

from typing import Any

from disclosures.models import Proposal
from disclosures.publishing.proposal_actions import publish_due_proposal


def publish_when_due(topic: str, payload: dict[str, Any]) -> None:
    """Publish an approved proposal at its time. Repeating publishes it once."""
    publish_due_proposal(proposal=Proposal.objects.get(pk=payload["proposal"]))
