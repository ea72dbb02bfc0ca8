"""What requests and decisions leave for followers."""

from uuid import UUID

from privacycenter.outbox.topics import Payload, Topic


class AboutRequest(Payload):
    person: int
    request: UUID


class AboutDecision(Payload):
    person: int
    decision: UUID


# Left for a request that waits for its person; one that a rule answered at once does not.
REQUEST_WAITING = Topic("request.waiting", AboutRequest)
# Left for every request when it is filed, due when the time to answer is over.
REQUEST_EXPIRING = Topic("request.expiring", AboutRequest)
# Left then, if it was neither answered nor cancelled.
REQUEST_EXPIRED = Topic("request.expired", AboutRequest)
DECISION_MADE = Topic("decision.made", AboutDecision)
# ``decision``: the later one, which withdraws or undoes.
DECISION_WITHDRAWN = Topic("decision.withdrawn", AboutDecision)
# Left when something is allowed, due some time before it ends.
# What is allowed may have changed without a decision: accounts were put together or taken apart.
APPROVALS_CHANGED = Topic("approvals.changed", AboutDecision)
APPROVAL_ENDING = Topic("approval.ending", AboutDecision)
