"""What proposals leave for followers."""

from privacycenter.outbox.topics import Payload, Topic


class ProposalDue(Payload):
    proposal: int


# Left when a proposal with a time is approved, due at that time.
PROPOSAL_DUE = Topic("proposal.due", ProposalDue)


class ProposalLost(Payload):
    proposal: int


# Left when a proposal ended because it could no longer be published.
PROPOSAL_LOST = Topic("proposal.lost", ProposalLost)
