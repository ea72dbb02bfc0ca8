"""Approval requests: have a person asked, and see what became of it."""

from datetime import UTC
from typing import Annotated, Any, Literal

from django.http import Http404
from ninja import Router, Status
from pydantic import BaseModel, Field, StringConstraints

from consents.actions.requests import LONGEST_VALIDITY_DAYS, Asked, file_request
from consents.public_ids import parse_public_id
from consents.queries.requests import request_for_reporter, request_state
from disclosures.api.auth import ReporterAuth, ReporterRequest
from disclosures.api.schemas import Body, Code, Identifier, Moment, Problem
from disclosures.reporter_tokens import REQUESTS_WRITE

router = Router(tags=["approval requests"])

Sentence = Annotated[str, StringConstraints(pattern=r"^[^\x00-\x1f\x7f]+$", max_length=500, strip_whitespace=True)]


class Sentences(Body):
    """One text in the site's languages. Japanese is required; English readers see it marked when English is missing."""

    ja: Sentence
    en: Sentence | None = None


class ItemAskedFor(Body):
    code: Code
    purpose: Sentence | Sentences
    consequence: Sentence | Sentences


class ApprovalQuestion(Body):
    """``expires_at``: until when the person can answer. ``valid_days``: how long an approval holds."""

    subject: Identifier
    recipient: Code
    service: Code
    scenario: Code
    items: Annotated[list[ItemAskedFor], Field(min_length=1, max_length=100)]
    expires_at: Moment
    valid_days: Annotated[int, Field(ge=1, le=LONGEST_VALIDITY_DAYS)]


class ApprovalState(BaseModel):
    """One request as it stands. ``items``: code → allowed, once the person answered."""

    id: str
    state: Literal["open", "allowed", "partly_allowed", "refused", "withdrawn", "expired"]
    subject: str
    recipient: str
    service: str
    scenario: str
    items: dict[str, bool | None]
    requested_at: str
    expires_at: str
    valid_days: int
    decision: str | None


PROBLEMS = {401: Problem, 403: Problem, 422: Problem, 503: Problem}


def texts(value: str | Sentences) -> dict[str, str]:
    return {"ja": value} if isinstance(value, str) else value.model_dump(exclude_none=True)


@router.post(
    "/approval-requests",
    auth=ReporterAuth(REQUESTS_WRITE),
    response={201: ApprovalState, 200: ApprovalState, **PROBLEMS},
    summary="Have a person asked",
)
def create_approval_request(request: ReporterRequest, question: ApprovalQuestion) -> Status:
    """201 with the new request, or 200 with the one that is open or in which an item was refused within 90 days."""
    filed, created = file_request(
        subject=question.subject,
        recipient=question.recipient,
        service=question.service,
        scenario=question.scenario,
        items=[Asked(item.code, texts(item.purpose), texts(item.consequence)) for item in question.items],
        expires_at=question.expires_at.astimezone(UTC),
        valid_days=question.valid_days,
        by=request.auth,
    )
    return Status(201 if created else 200, request_state(filed))


@router.get(
    "/approval-requests/{request_id}",
    auth=ReporterAuth(REQUESTS_WRITE),
    response={200: ApprovalState, 404: Problem, **PROBLEMS},
    summary="One approval request as it stands",
)
def get_approval_request(request: ReporterRequest, request_id: str) -> dict[str, Any]:
    """404 for an id that does not exist and for one of a service that is not yours: the same answer."""
    key = parse_public_id(request_id)
    found = request_for_reporter(request.auth, *key) if key else None
    if found is None:
        raise Http404
    return request_state(found)
