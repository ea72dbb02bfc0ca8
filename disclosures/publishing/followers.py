"""Followers of publishing: work that is done after the commit."""

from disclosures.models import Proposal
from disclosures.publishing.proposal_actions import publish_due_proposal
from disclosures.publishing.topics import PROPOSAL_DUE, ProposalDue
from privacycenter.outbox.followers import Follower

publishing = Follower("publishing")


@publishing.follows(PROPOSAL_DUE)
def publish_when_due(due: ProposalDue) -> None:
    """Publish an approved proposal at its time. Repeating publishes it once."""
    publish_due_proposal(proposal=Proposal.objects.get(pk=due.proposal))
