"""The decision feed in the API: what people decided about a reporter's services."""

from typing import Annotated, Any, Literal

from ninja import Query, Router
from pydantic import BaseModel

from consents.checking.effective_permissions import DecisionState
from consents.feed.cursors import PATTERN
from consents.feed.queries import feed_after
from consents.models import Feed as FeedName
from disclosures.reporters.auth import ReporterAuth, ReporterRequest
from disclosures.reporters.schemas import Json, Problem, Time, Uuid, with_example
from disclosures.reporters.tokens import DECISIONS_READ
from privacycenter.api.openapi import may_refuse
from privacycenter.errors import FeedRestored, InvalidValue

router = Router(tags=["decisions"])


class FeedEvent(BaseModel):
    """``number`` increases with each entry, and skips those of other feeds; after a restore it goes on from what
    was restored, and ``epoch`` tells those numbers from the former ones. ``case``: where to report the steps of a
    withdrawal.

    ``state``: what became of the decision by now; everything else is as it was when it became known.
    """

    number: int
    epoch: str | None = None
    type: Literal["decision.made", "decision.withdrawn", "request.expired"]
    happened_at: Time
    subject: str
    recipient: str
    service: str
    scenario: str
    request: str
    decision: Uuid | None = None
    withdraws: Uuid | None = None
    changes: Uuid | None = None
    allowed: list[str] | None = None
    refused: list[str] | None = None
    valid_until: Time | None = None
    case: str | None = None
    state: DecisionState | None = None


WITHDRAWAL: Json = {
    "number": 7,
    "type": "decision.withdrawn",
    "happened_at": "2026-12-02T03:04:05.678901+00:00",
    "subject": "person-4711",
    "recipient": "example-research",
    "service": "booking",
    "scenario": "survey-answers",
    "request": "1-01a2b3c4d5e67f809a1b2c3d4e5f6071",
    "decision": "01a2b3c4-d5e6-7f80-9a1b-2c3d4e5f6072",
    "withdraws": "01a2b3c4-d5e6-7f80-9a1b-2c3d4e5f6071",
    "allowed": [],
    "refused": ["name"],
    "valid_until": "2027-05-30T00:00:00+00:00",
    "case": "1-01a2b3c4d5e67f809a1b2c3d4e5f6072",
}


class Feed(BaseModel):
    """``next``: pass it as ``after`` to continue. ``has_more``: there is more now; otherwise ask again later."""

    model_config = with_example({"data": [WITHDRAWAL], "next": "7", "has_more": False})

    data: list[FeedEvent]
    next: str
    has_more: bool


class RestoredProblem(Problem):
    """The database was restored, and what you read after ``continue_after`` is no longer on record.

    Go on with that cursor, and send again what you reported since ``send_again_since``.
    """

    continue_after: str
    restored_to: Time
    send_again_since: Time


@router.get(
    "/decisions",
    auth=ReporterAuth(DECISIONS_READ),
    response={200: Feed, 401: Problem, 403: Problem, 409: RestoredProblem, 422: Problem, 503: Problem},
    openapi_extra=may_refuse(InvalidValue, FeedRestored),
    summary="Decisions about your services, in the order they became known",
    exclude_none=True,
)
def list_decisions(
    request: ReporterRequest,
    after: Annotated[str, Query(pattern=PATTERN, description="The cursor of the answer before")] = "",
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
) -> dict[str, Any]:
    """No entry is skipped, however late it was committed: numbers are assigned after the commit. A cursor from before
    a restore goes on where it can; else the answer is 409, never an empty list."""
    return feed_after(request.auth, FeedName.DECISIONS, after, limit)
