"""Permission checks in the API: one question, or up to 500."""

from collections.abc import Sequence
from typing import Annotated, Any, Literal

from django.http import JsonResponse
from ninja import Router
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from consents.checking.checks import Check, CheckQuestion, Reason, permission_check, permission_checks
from consents.checking.counted_answers import counted
from consents.models.public_ids import public_id
from consents.question_log.collecting_actions import count_questions
from disclosures.receiving.api import ReportWarning
from disclosures.reporters.auth import ReporterAuth, ReporterRequest
from disclosures.reporters.bodies import first_error
from disclosures.reporters.schemas import Body, CheckProblem, Code, GroundCode, Identifier, ItemCodes, Json, Problem
from disclosures.reporters.tokens import PERMISSIONS_READ
from privacycenter.api.openapi import may_refuse
from privacycenter.errors import ForeignService, Refusal, UnknownCode

MOST_CHECKS = 500

router = Router(tags=["permission checks"])


EXAMPLE: Json = {
    "subject": "person-4711",
    "recipient": "example-research",
    "service": "booking",
    "scenario": "survey-answers",
    "items": ["name", "usage"],
}
ANSWER: Json = {
    "allowed": False,
    "items": {"name": True, "usage": False},
    "ground": "approval",
    "reason": "partly_allowed",
    "decision": "01a2b3c4-d5e6-7f80-9a1b-2c3d4e5f6071",
}
PROBLEM: Json = {**UnknownCode("There is no recipient “nobody”.", "recipient").as_problem()}


class PermissionQuestion(Body):
    """``items``: codes of data items, never their values."""

    model_config = ConfigDict(json_schema_extra={"examples": [EXAMPLE]})

    subject: Identifier
    recipient: Code
    service: Code
    scenario: Code
    items: ItemCodes

    def as_question(self) -> CheckQuestion:
        return CheckQuestion(self.subject, self.recipient, self.service, self.scenario, self.items)


Requirement = Literal["evidence", "shown_publication"]


class PermissionAnswer(BaseModel):
    """``allowed`` is true only if every item is. ``request``: the open approval request on this question, if any.
    ``requires``: what a report has to cite in ``data.evidence``, or be flagged; left out if nothing.
    ``warnings``: what the page does not name, where its list gives examples only; not a no."""

    model_config = ConfigDict(json_schema_extra={"examples": [ANSWER]})

    allowed: bool
    items: dict[str, bool]
    ground: GroundCode
    reason: Reason
    decision: str | None = None
    request: str | None = None
    requires: list[Requirement] | None = None
    warnings: list[ReportWarning] | None = None


class PermissionQuestions(Body):
    """``checks``: questions in the form of the single call."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"checks": [EXAMPLE]}]})

    # Validated one by one, so that an invalid one does not stop the others; the schema shows the form of each.
    checks: Annotated[
        list[Any],
        Field(
            min_length=1,
            max_length=MOST_CHECKS,
            json_schema_extra={"items": PermissionQuestion.model_json_schema()},
        ),
    ]


class PermissionResult(BaseModel):
    """The answer to the question at ``index``, or the ``problem`` with it; ``allowed`` is then false."""

    index: int
    allowed: bool
    items: dict[str, bool] | None = None
    ground: GroundCode | None = None
    reason: Reason | None = None
    decision: str | None = None
    request: str | None = None
    requires: list[Requirement] | None = None
    warnings: list[ReportWarning] | None = None
    problem: Problem | None = None


class PermissionResults(BaseModel):
    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"results": [{"index": 0, **ANSWER}, {"index": 1, "allowed": False, "problem": PROBLEM}]}]
        }
    )

    results: list[PermissionResult]


@router.post(
    "/permission-checks",
    auth=ReporterAuth(PERMISSIONS_READ),
    response={200: PermissionAnswer, 401: CheckProblem, 403: CheckProblem, 422: CheckProblem, 503: CheckProblem},
    openapi_extra=may_refuse(ForeignService, UnknownCode),
    summary="Ask before you give: item by item, as things stand now",
    exclude_none=True,
)
def check_permission(request: ReporterRequest, question: PermissionQuestion) -> JsonResponse:
    """Only a 200 with ``allowed: true`` permits giving the data."""
    check = permission_check(**question.model_dump(), by=request.auth)
    count_questions(counted([check]))
    return never_kept(as_answer(check, question.items))


@router.post(
    "/permission-checks/batch",
    auth=ReporterAuth(PERMISSIONS_READ),
    response={200: PermissionResults, 401: CheckProblem, 403: CheckProblem, 422: CheckProblem, 503: CheckProblem},
    summary="Ask about up to 500 people or recipients at once",
    exclude_none=True,
)
def check_permissions(request: ReporterRequest, questions: PermissionQuestions) -> JsonResponse:
    """One result for each question, in order. An invalid question gets a no and does not stop the others."""
    read = [read_question(check) for check in questions.checks]
    asked = [question for question in read if isinstance(question, CheckQuestion)]
    checks = permission_checks(asked, by=request.auth) if asked else []
    count_questions(counted(checks))
    found = iter(checks)
    outcomes = [next(found) if isinstance(one, CheckQuestion) else one for one in read]
    sent = [one.items if isinstance(one, CheckQuestion) else () for one in read]
    results = [as_result(*pair) for pair in zip(outcomes, sent, strict=True)]
    return never_kept({"results": [{"index": index, **result} for index, result in enumerate(results)]})


def read_question(body: Any) -> CheckQuestion | Refusal:
    try:
        return PermissionQuestion.model_validate(body).as_question()
    except ValidationError as error:
        return first_error(error)


def as_result(outcome: Check | Refusal, items: Sequence[str]) -> dict[str, Any]:
    if isinstance(outcome, Refusal):
        return {"allowed": False, "problem": outcome.as_problem()}
    return as_answer(outcome, items)


def as_answer(check: Check, items: Sequence[str]) -> dict[str, Any]:
    """Return the answer's body. ``items`` are in the order in which they were asked about."""
    answer = {
        "allowed": check.allowed,
        "items": check.items,
        "ground": check.ground.code,
        "reason": check.reason,
        "decision": str(check.decision_id) if check.decision_id else None,
        "request": public_id(check.request) if check.request else None,
        "requires": check.requires or None,
        "warnings": [one.as_warning("", items) for one in check.not_named] or None,
    }
    return {name: value for name, value in answer.items() if value is not None}


def never_kept(answer: dict[str, Any]) -> JsonResponse:
    """Return the answer with ``no-store``: it holds for this moment only. Not validated again: its parts are typed."""
    return JsonResponse(answer, headers={"Cache-Control": "no-store"}, json_dumps_params={"ensure_ascii": False})
