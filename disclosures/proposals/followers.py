"""Follower that publishes an approved proposal at its time."""

from disclosures.models import Proposal
from disclosures.proposals.actions import publish_due_proposal
from disclosures.proposals.topics import PROPOSAL_DUE, ProposalDue
from privacycenter.outbox.followers import Follower

publishing = Follower("publishing")


@publishing.follows(PROPOSAL_DUE)
def publish_when_due(due: ProposalDue) -> None:
    """Publish an approved proposal at its time. Repeating publishes it once."""
    publish_due_proposal(proposal=Proposal.objects.get(pk=due.proposal))
