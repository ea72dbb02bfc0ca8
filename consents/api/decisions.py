"""GET /decisions: the feed of what people decided about a reporter's services."""

from typing import Annotated, Any, Literal

from ninja import Query, Router
from pydantic import BaseModel

from consents.queries.feed import feed_after
from disclosures.api.auth import ReporterAuth, ReporterRequest
from disclosures.api.schemas import Problem
from disclosures.reporter_tokens import DECISIONS_READ

router = Router(tags=["decisions"])


class FeedEvent(BaseModel):
    """``number`` counts up without gaps for each reporter. ``case``: of a withdrawal, where to report what follows."""

    number: int
    type: Literal["decision.made", "decision.withdrawn", "request.expired"]
    happened_at: str
    subject: str
    recipient: str
    service: str
    scenario: str
    request: str
    decision: str | None = None
    withdraws: str | None = None
    allowed: list[str] | None = None
    refused: list[str] | None = None
    valid_until: str | None = None
    case: str | None = None


class Feed(BaseModel):
    """``next``: send it as ``after`` to go on. ``has_more``: there is more now; otherwise ask again later."""

    data: list[FeedEvent]
    next: str
    has_more: bool


@router.get(
    "/decisions",
    auth=ReporterAuth(DECISIONS_READ),
    response={200: Feed, 401: Problem, 403: Problem, 422: Problem, 503: Problem},
    summary="Decisions about your services, in the order they became known",
    exclude_none=True,
)
def list_decisions(
    request: ReporterRequest,
    after: Annotated[str, Query(pattern=r"^[0-9]{0,18}$", description="The cursor of the answer before")] = "",
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
) -> dict[str, Any]:
    """Nothing is skipped, however late it was committed: numbers are given after the commit."""
    return feed_after(request.auth, int(after or 0), limit)
