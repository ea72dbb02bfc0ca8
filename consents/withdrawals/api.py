"""Withdrawal cases in the API: services report and read their steps."""

from typing import Any, Literal

from django.http import Http404
from ninja import Router, Status
from pydantic import BaseModel, ConfigDict

from consents.models import Decision, StepKind
from consents.models.public_ids import parse_public_id
from consents.withdrawals.actions import take_withdrawal_step
from consents.withdrawals.queries import case_state, withdrawal_for_reporter
from disclosures.models import Reporter
from disclosures.reporters.auth import ReporterAuth, ReporterRequest
from disclosures.reporters.schemas import Body, Problem, Said, Time, with_example
from disclosures.reporters.tokens import REQUESTS_WRITE
from privacycenter.api.openapi import may_refuse
from privacycenter.errors import NotFound, NothingReported, StepDiffers, StepTooLate

router = Router(tags=["withdrawal cases"])


class WithdrawalStepReport(Body):
    """``reason``: why data is kept, for the person to read; only with ``kept``."""

    step: Literal["acknowledged", "deleted", "kept"]
    reason: Said | None = None

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {"step": "acknowledged"},
                {"step": "kept", "reason": {"ja": "税法により7年間保存します。", "en": "Kept for 7 years by tax law."}},
            ]
        },
    )


class StepTaken(BaseModel):
    step: Literal["told", "acknowledged", "kept", "deleted"]
    taken_at: Time


class WithdrawalCaseState(BaseModel):
    """``state``: ``opened``, or the last step; ``nothing_reported`` while no disclosure of before the withdrawal was
    reported, so that there is nothing to follow. ``items``: the items withdrawn.

    ``due_at``: by when the recipient should have deleted the data or said why it keeps it; null: nothing is due.
    """

    model_config = with_example(
        {
            "id": "1-01a2b3c4d5e67f809a1b2c3d4e5f6072",
            "state": "acknowledged",
            "subject": "person-4711",
            "recipient": "example-research",
            "service": "booking",
            "scenario": "survey-answers",
            "items": ["name"],
            "withdrawn_at": "2026-12-02T03:04:05.678901+00:00",
            "due_at": "2026-12-16T03:04:05.678901+00:00",
            "steps": [
                {"step": "told", "taken_at": "2026-12-02T03:04:07.123456+00:00"},
                {"step": "acknowledged", "taken_at": "2026-12-03T00:00:00+00:00"},
            ],
        }
    )

    id: str
    state: Literal["nothing_reported", "opened", "told", "acknowledged", "kept", "deleted"]
    subject: str
    recipient: str
    service: str
    scenario: str
    items: list[str]
    withdrawn_at: Time
    due_at: Time | None
    steps: list[StepTaken]


PROBLEMS = {401: Problem, 403: Problem, 404: Problem, 503: Problem}


def withdrawal_or_404(reporter: Reporter, case_id: str) -> Decision:
    key = parse_public_id(case_id)
    found = withdrawal_for_reporter(reporter, *key) if key else None
    if found is None:
        raise Http404
    return found


@router.post(
    "/withdrawal-cases/{case_id}/steps",
    auth=ReporterAuth(REQUESTS_WRITE),
    response={201: WithdrawalCaseState, 200: WithdrawalCaseState, 409: Problem, 422: Problem, **PROBLEMS},
    openapi_extra=may_refuse(NotFound, NothingReported, StepTooLate, StepDiffers),
    summary="Say what the recipient did after a withdrawal",
)
def create_withdrawal_step(request: ReporterRequest, case_id: str, report: WithdrawalStepReport) -> Status[Any]:
    """201 with the case as it stands now; 200 if the same step was reported before."""
    withdrawal = withdrawal_or_404(request.auth, case_id)
    _step, created = take_withdrawal_step(
        withdrawal=withdrawal,
        kind=StepKind.from_code(report.step),
        reason=report.reason.texts() if report.reason else None,
        by=request.auth,
    )
    return Status(201 if created else 200, case_state(withdrawal))


@router.get(
    "/withdrawal-cases/{case_id}",
    auth=ReporterAuth(REQUESTS_WRITE),
    response={200: WithdrawalCaseState, **PROBLEMS},
    openapi_extra=may_refuse(NotFound),
    summary="One withdrawal case as it stands",
)
def get_withdrawal_case(request: ReporterRequest, case_id: str) -> dict[str, Any]:
    """404 both for an id that does not exist and for a case about a service that is not yours."""
    return case_state(withdrawal_or_404(request.auth, case_id))
