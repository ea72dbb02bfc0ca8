"""Approval requests in the API: file, list, read and cancel."""

from datetime import UTC
from typing import Annotated, Any, Literal
from uuid import UUID

from django.http import Http404, HttpResponse, JsonResponse
from ninja import Header, Query, Router
from pydantic import BaseModel, ConfigDict, Field

from consents.asking.idempotency import CREATED, EARLIER, Filed, file_request_once
from consents.asking.request_actions import LONGEST_VALIDITY_DAYS, Asked, cancel_request, file_request
from consents.asking.requests import request_for_reporter, request_state, requests_of
from consents.models import ApprovalRequest
from consents.models.public_ids import parse_public_id
from disclosures.reporters.auth import ReporterAuth, ReporterRequest
from disclosures.reporters.schemas import Body, Code, Identifier, Json, Moment, Problem, Said, Time, Uuid
from disclosures.reporters.tokens import REQUESTS_WRITE
from privacycenter.api.openapi import may_refuse, with_header
from privacycenter.canonical import sha256_of
from privacycenter.errors import (
    AlreadyAnswered,
    ApprovalNotNeeded,
    ForeignService,
    InvalidValue,
    KeyReused,
    NoLongerOpen,
    NotFound,
    NotYourRequest,
    RecipientOnHold,
    RetiredCode,
    UnknownCode,
)

router = Router(tags=["approval requests"])

# A hundred years: longer than any purpose.
LONGEST_RETENTION_DAYS = 36_525


class ItemAskedFor(Body):
    """``purpose``: what the item is for. ``consequence``: what happens if the person leaves it out.

    Both are a Japanese string or one text for each language. ``retention_days``: how long the recipient keeps the data;
    without it the person reads that it is not stated.
    """

    code: Code
    purpose: Said
    consequence: Said
    retention_days: Annotated[int, Field(ge=1, le=LONGEST_RETENTION_DAYS, strict=True)] | None = None

    def as_asked(self) -> Asked:
        return Asked(self.code, self.purpose.texts(), self.consequence.texts(), self.retention_days)


QUESTION: Json = {
    "subject": "person-4711",
    "recipient": "example-research",
    "service": "booking",
    "scenario": "survey-answers",
    "items": [
        {
            "code": "name",
            "purpose": {"ja": "アンケートの集計", "en": "To count the survey"},
            "consequence": {"ja": "なくても利用できます", "en": "You can use the service without it"},
            "retention_days": 365,
        }
    ],
    "expires_at": "2026-12-31T23:59:59+09:00",
    "valid_days": 180,
}
STATE: Json = {
    "id": "1-01a2b3c4d5e67f809a1b2c3d4e5f6071",
    "state": "open",
    **{name: QUESTION[name] for name in ("subject", "recipient", "service", "scenario")},
    "items": {"name": None},
    "requested_at": "2026-12-01T00:00:00+00:00",
    "expires_at": "2026-12-31T14:59:59+00:00",
    "valid_days": 180,
    "decision": None,
}


class ApprovalQuestion(Body):
    """``expires_at``: the deadline for an answer. ``valid_days``: how long an approval holds, in days."""

    model_config = ConfigDict(json_schema_extra={"examples": [QUESTION]})

    subject: Identifier
    recipient: Code
    service: Code
    scenario: Code
    items: Annotated[list[ItemAskedFor], Field(min_length=1, max_length=100)]
    expires_at: Moment
    valid_days: Annotated[int, Field(ge=1, le=LONGEST_VALIDITY_DAYS, strict=True)]

    def as_question(self) -> dict[str, Any]:
        """Return the keyword arguments of ``file_request``."""
        return {
            "subject": self.subject,
            "recipient": self.recipient,
            "service": self.service,
            "scenario": self.scenario,
            "items": [item.as_asked() for item in self.items],
            "expires_at": self.expires_at.astimezone(UTC),
            "valid_days": self.valid_days,
        }

    def sha256(self) -> str:
        """Return the hash of the body, by which a repeated call is recognised.

        What a body of before could not say is left out where it is not said: it stays the same body.
        """
        body = self.model_dump(mode="json")
        for item in body["items"]:
            if item["retention_days"] is None:
                del item["retention_days"]
        return sha256_of(body)


State = Literal[
    "open", "allowed", "partly_allowed", "refused", "withdrawn", "expired", "replaced", "suspended", "cancelled"
]


class ApprovalState(BaseModel):
    """The current state of one request.

    ``items``: code → allowed, as a permission check answers now; null until the person has answered.
    """

    model_config = ConfigDict(json_schema_extra={"examples": [STATE]})

    id: str
    state: State
    subject: str
    recipient: str
    service: str
    scenario: str
    items: dict[str, bool | None]
    requested_at: Time
    expires_at: Time
    valid_days: int
    decision: Uuid | None


class ApprovalStates(BaseModel):
    """One page of requests. ``next``: pass it as ``after`` to get older ones; null on the last page."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"data": [STATE], "next": None}]})

    data: list[ApprovalState]
    next: str | None


PROBLEMS = {401: Problem, 403: Problem, 503: Problem}
KeyHeader = Annotated[
    str,
    Header(
        alias="Idempotency-Key",
        pattern=r"^[\x21-\x7e]*$",
        max_length=255,
        description="Your own name for this call. Sent again with the same body, it is answered like the first time.",
    ),
]
Cursor = Annotated[str, Query(pattern=r"^([0-9a-f]{32})?$", description="`next` of the page before")]


@router.post(
    "/approval-requests",
    auth=ReporterAuth(REQUESTS_WRITE),
    response={201: ApprovalState, 200: ApprovalState, 422: Problem, **PROBLEMS},
    openapi_extra={
        **may_refuse(ForeignService, UnknownCode, RetiredCode, ApprovalNotNeeded, RecipientOnHold, KeyReused),
        **with_header("Idempotency-Replayed", 200, 201),
    },
    summary="Have a person asked",
)
def create_approval_request(request: ReporterRequest, question: ApprovalQuestion, key: KeyHeader = "") -> HttpResponse:
    """201 with the new request; 200 with the open one, or with one in which an item was refused within 90 days."""
    if key:
        filed = file_request_once(key=key, body_sha256=question.sha256(), by=request.auth, **question.as_question())
    else:
        found, is_new = file_request(by=request.auth, **question.as_question())
        filed = Filed(found, CREATED if is_new else EARLIER)
    headers = {"Idempotency-Replayed": "true"} if filed.is_repeated else None
    return answer(request_state(filed.request), status=filed.status, headers=headers)


@router.get(
    "/approval-requests",
    auth=ReporterAuth(REQUESTS_WRITE),
    response={200: ApprovalStates, 422: Problem, **PROBLEMS},
    openapi_extra=may_refuse(InvalidValue),
    summary="The requests you filed, newest first",
)
def list_approval_requests(
    request: ReporterRequest,
    after: Cursor = "",
    state: Annotated[Literal[State, ""], Query(description="Only those in this state")] = "",
    limit: Annotated[int, Query(ge=1, le=100)] = 50,
) -> HttpResponse:
    """With ``state``, a page may be shorter than ``limit``, even empty, while ``next`` says that there are more."""
    return answer(requests_of(request.auth, UUID(hex=after) if after else None, limit, state))


@router.get(
    "/approval-requests/{request_id}",
    auth=ReporterAuth(REQUESTS_WRITE),
    response={200: ApprovalState, 404: Problem, **PROBLEMS},
    openapi_extra=may_refuse(NotFound),
    summary="One approval request as it stands",
)
def get_approval_request(request: ReporterRequest, request_id: str) -> HttpResponse:
    """404 both for an id that does not exist and for a request about a service that is not yours."""
    return answer(request_state(fetch(request, request_id)))


@router.post(
    "/approval-requests/{request_id}/cancellations",
    auth=ReporterAuth(REQUESTS_WRITE),
    response={201: ApprovalState, 200: ApprovalState, 404: Problem, 409: Problem, **PROBLEMS},
    openapi_extra=may_refuse(NotFound, NotYourRequest, AlreadyAnswered, NoLongerOpen),
    summary="Cancel a request that nobody answered yet",
)
def cancel_approval_request(request: ReporterRequest, request_id: str) -> HttpResponse:
    """201 when it is cancelled now and shown to the person as closed; 200 if it was cancelled before.

    409 once the person has answered (the decision holds, and the feed brings it) or the deadline has passed.
    """
    was_open = cancel_request(request=fetch(request, request_id), by=request.auth)
    return answer(request_state(fetch(request, request_id)), status=CREATED if was_open else EARLIER)


def fetch(request: ReporterRequest, request_id: str) -> ApprovalRequest:
    key = parse_public_id(request_id)
    found = request_for_reporter(request.auth, *key) if key else None
    if found is None:
        raise Http404
    return found


def answer(body: dict[str, Any], *, status: int = 200, headers: dict[str, str] | None = None) -> JsonResponse:
    return JsonResponse(body, status=status, headers=headers, json_dumps_params={"ensure_ascii": False})
