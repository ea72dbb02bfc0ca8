"""Recalls in the API: what people ask of recipients of a service, and what the recipients did."""

from typing import Annotated, Any, Literal

from django.http import Http404
from ninja import Query, Router, Status
from pydantic import BaseModel, ConfigDict

from consents.feed.api import RestoredProblem
from consents.feed.cursors import PATTERN
from consents.feed.queries import feed_after
from consents.models import Feed, RecallCase, RecallStepKind
from consents.models.public_ids import parse_public_id
from consents.recalls.actions import take_recall_step
from consents.recalls.queries import case_for_reporter, case_state
from disclosures.countersigning.api import CountersignatureSent, CountersignatureTaken, StatementsToSign
from disclosures.models import Reporter
from disclosures.reporters.auth import ReporterAuth, ReporterRequest
from disclosures.reporters.schemas import Body, Json, Problem, Said, Time, with_example
from disclosures.reporters.tokens import REQUESTS_WRITE
from privacycenter.api.openapi import may_refuse
from privacycenter.errors import (
    AlreadyCountersigned,
    FeedRestored,
    InvalidValue,
    NotFound,
    RetiredKey,
    StatementDiffers,
    StepDiffers,
    StepTooLate,
    TimeInFuture,
    UnknownKey,
    WrongSignature,
)

router = Router(tags=["recalls"])

RecallCode = Literal["delete", "correct", "stop"]
RecallState = Literal[
    "opened", "told", "acknowledged", "taken_back", "refused", "kept", "corrected", "stopped", "deleted"
]

EXAMPLE: Json = {
    "recall": "1-01a2b3c4d5e67f809a1b2c3d4e5f6073",
    "kind": "delete",
    "subject": "person-4711",
    "recipient": "example-inn",
    "service": "booking",
    "items": ["name", "phone"],
    "asked_at": "2026-12-02T03:04:05.678901+00:00",
    "due_at": "2026-12-16T03:04:05.678901+00:00",
}
TO_SIGN = (
    '{"about":"recall","at":"2026-12-02T03:04:05.678901+00:00","format":"privacycenter-countersignature/1",'
    '"id":"01a2b3c4-d5e6-7f80-9a1b-2c3d4e5f6073","items":["name","phone"],"origin":"privacy.example/log/1",'
    '"recipient":"example-inn","reference":"","said":"received","service":"booking","signed_at":"2026-12-03T01:00:00Z"}'
)


class RecallEvent(BaseModel):
    """``number`` increases with each entry, and skips those of other feeds. ``recall``: the case, of one recipient
    and one service; where to report what became of it. ``items``: what is to be deleted, corrected or no longer used.

    ``step``: of ``recall.moved``. ``state``: how far the case has come by now.
    """

    number: int
    epoch: str | None = None
    type: Literal["recall.filed", "recall.moved"]
    happened_at: Time
    recall: str
    kind: RecallCode
    subject: str
    recipient: str
    service: str
    items: list[str]
    asked_at: Time
    due_at: Time
    step: RecallState | None = None
    state: RecallState | None = None


class RecallFeed(BaseModel):
    """``next``: pass it as ``after`` to continue. ``has_more``: there is more now; otherwise ask again later."""

    model_config = with_example(
        {
            "data": [
                {"number": 8, "type": "recall.filed", "happened_at": EXAMPLE["asked_at"], **EXAMPLE, "state": "opened"}
            ],
            "next": "8",
            "has_more": False,
        }
    )

    data: list[RecallEvent]
    next: str
    has_more: bool


@router.get(
    "/recalls",
    auth=ReporterAuth(REQUESTS_WRITE),
    response={200: RecallFeed, 401: Problem, 403: Problem, 409: RestoredProblem, 422: Problem, 503: Problem},
    openapi_extra=may_refuse(InvalidValue, FeedRestored),
    summary="Recalls of what your services provided, in the order they became known",
    exclude_none=True,
)
def list_recalls(
    request: ReporterRequest,
    after: Annotated[str, Query(pattern=PATTERN, description="The cursor of the answer before")] = "",
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
) -> dict[str, Any]:
    """What people ask of recipients, and each step. Pass a recall on to the recipient, then report what it did."""
    return feed_after(request.auth, Feed.RECALLS, after, limit)


class CitedMatter(BaseModel):
    kind: Literal["act", "policy", "contract", "order"]
    reference: str


class RecalledMatter(BaseModel):
    """One disclosure that is recalled, by what its report cites: so the recipient finds it without your ``subject``."""

    occurred_at: Time
    evidence: CitedMatter | None
    items: list[str]


class RecallStepTaken(BaseModel):
    step: RecallState
    taken_at: Time


class RecallCaseState(BaseModel):
    """One case. ``matters``: the newest 200 of the ``matter_count`` disclosures that it is about. ``to_sign``: what
    the recipient can sign with its key; ``countersignatures``: what it signed."""

    model_config = with_example(
        {
            **EXAMPLE,
            "state": "told",
            "matters": [
                {
                    "occurred_at": "2026-11-20T01:00:00+00:00",
                    "evidence": {"kind": "act", "reference": "booking-4711"},
                    "items": ["name", "phone"],
                }
            ],
            "matter_count": 1,
            "steps": [{"step": "told", "taken_at": "2026-12-02T03:04:07.123456+00:00"}],
            "countersignatures": [],
            "to_sign": {"received": TO_SIGN, "deleted": TO_SIGN.replace('"received"', '"deleted"')},
        }
    )

    recall: str
    kind: RecallCode
    subject: str
    recipient: str
    service: str
    items: list[str]
    asked_at: Time
    due_at: Time
    state: RecallState
    matters: list[RecalledMatter]
    matter_count: int
    steps: list[RecallStepTaken]
    countersignatures: list[CountersignatureTaken]
    to_sign: StatementsToSign


class RecallStepReport(Body):
    """``reason``: why data is kept or the recall is refused, for the person to read; only with these two.
    ``countersignature``: what the recipient signed with its key, from ``to_sign`` of the case: ``received`` with
    ``acknowledged``, ``deleted`` with ``deleted``; also later, with the same step again."""

    step: Literal["told", "acknowledged", "refused", "kept", "corrected", "stopped", "deleted"]
    reason: Said | None = None
    countersignature: CountersignatureSent | None = None

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {"step": "deleted"},
                {"step": "kept", "reason": {"ja": "税法により7年間保存します。", "en": "Kept for 7 years by tax law."}},
            ]
        },
    )


PROBLEMS = {401: Problem, 403: Problem, 404: Problem, 503: Problem}


def case_or_404(reporter: Reporter, recall_id: str) -> RecallCase:
    key = parse_public_id(recall_id)
    found = case_for_reporter(reporter, *key) if key else None
    if found is None:
        raise Http404
    return found


@router.get(
    "/recalls/{recall_id}",
    auth=ReporterAuth(REQUESTS_WRITE),
    response={200: RecallCaseState, **PROBLEMS},
    openapi_extra=may_refuse(NotFound),
    summary="One recall case as it stands",
)
def get_recall(request: ReporterRequest, recall_id: str) -> dict[str, Any]:
    """404 both for an id that does not exist and for a case about a service that is not yours."""
    return case_state(case_or_404(request.auth, recall_id))


@router.post(
    "/recalls/{recall_id}/steps",
    auth=ReporterAuth(REQUESTS_WRITE),
    response={201: RecallCaseState, 200: RecallCaseState, 409: Problem, 422: Problem, **PROBLEMS},
    openapi_extra=may_refuse(
        NotFound, InvalidValue, StepTooLate, StepDiffers, StatementDiffers, TimeInFuture, UnknownKey, RetiredKey,
        WrongSignature, AlreadyCountersigned,
    ),
    summary="Say what the recipient did about a recall",
)  # fmt: skip
def create_recall_step(request: ReporterRequest, recall_id: str, report: RecallStepReport) -> Status[Any]:
    """201 with the case as it stands now; 200 if the same step was reported before."""
    case = case_or_404(request.auth, recall_id)
    _step, created = take_recall_step(
        case=case,
        kind=RecallStepKind.from_code(report.step),
        reason=report.reason.texts() if report.reason else None,
        signed=report.countersignature.signed if report.countersignature else None,
        by=request.auth,
    )
    return Status(201 if created else 200, case_state(case_or_404(request.auth, recall_id)))
