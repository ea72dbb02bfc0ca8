"""POST /permission-checks: may I give this person's data to this recipient?"""

from typing import Any

from ninja import Router
from pydantic import BaseModel

from consents.public_ids import public_id
from consents.queries.checks import Reason, permission_check
from disclosures.api.auth import ReporterAuth, ReporterRequest
from disclosures.api.schemas import Body, CheckProblem, Code, GroundCode, Identifier, ItemCodes
from disclosures.reporter_tokens import PERMISSIONS_READ

router = Router(tags=["permission checks"])


class PermissionQuestion(Body):
    subject: Identifier
    recipient: Code
    service: Code
    scenario: Code
    items: ItemCodes


class PermissionAnswer(BaseModel):
    """``allowed`` is true only if every item is. ``request``: the open approval request about this, if there is one."""

    allowed: bool
    items: dict[str, bool]
    ground: GroundCode
    reason: Reason
    decision: str | None = None
    request: str | None = None


@router.post(
    "/permission-checks",
    auth=ReporterAuth(PERMISSIONS_READ),
    response={200: PermissionAnswer, 401: CheckProblem, 403: CheckProblem, 422: CheckProblem, 503: CheckProblem},
    summary="Ask before you give: item by item, as things stand now",
    exclude_none=True,
)
def check_permission(request: ReporterRequest, question: PermissionQuestion) -> dict[str, Any]:
    """Anything but a 200 with allowed true means: do not give."""
    check = permission_check(**question.model_dump(), by=request.auth)
    return {
        "allowed": check.allowed,
        "items": check.items,
        "ground": check.ground.code,
        "reason": check.reason,
        "decision": str(check.decision_id) if check.decision_id else None,
        "request": public_id(check.request) if check.request else None,
    }
