"""POST /heartbeats: a reporter says until when its reports are complete, so that missing reports are noticed."""

from datetime import UTC
from typing import Annotated, Any, Literal

from ninja import Router, Status
from pydantic import BaseModel, ConfigDict, Field

from disclosures.coverage.actions import LARGEST_COUNT, HeartbeatReport, record_heartbeat
from disclosures.reporters.auth import ReporterAuth, ReporterRequest
from disclosures.reporters.schemas import Body, Code, Moment, Problem, Time, with_example
from disclosures.reporters.tokens import DISCLOSURES_WRITE
from privacycenter.api.openapi import may_refuse
from privacycenter.errors import ForeignService, TimeInFuture

router = Router(tags=["disclosures"])


class HeartbeatBody(Body):
    """“Complete until then; so many distinct events since the last heartbeat.”

    Count every event that you reported or should have reported, including refused and lost ones. ``since`` says where
    your count begins, unless that is the ``complete_until`` of the preceding heartbeat.
    """

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {"service": "booking", "complete_until": "2026-11-20T10:00:00+09:00", "events_since_last": 128}
            ]
        },
    )

    service: Code
    complete_until: Moment
    events_since_last: Annotated[int, Field(ge=0, le=LARGEST_COUNT, strict=True)]
    since: Moment | None = None


class HeartbeatAnswer(BaseModel):
    """``duplicate``: you had already sent exactly this."""

    model_config = with_example(
        {
            "status": "created",
            "service": "booking",
            "complete_until": "2026-11-20T01:00:00+00:00",
            "events_since_last": 128,
        }
    )

    status: Literal["created", "duplicate"]
    service: str
    complete_until: Time
    events_since_last: int


@router.post(
    "/heartbeats",
    auth=ReporterAuth(DISCLOSURES_WRITE),
    response={
        201: HeartbeatAnswer, 200: HeartbeatAnswer, 400: Problem, 401: Problem, 403: Problem, 413: Problem,
        422: Problem, 503: Problem,
    },
    openapi_extra=may_refuse(ForeignService, TimeInFuture),
    summary="Say until when your reports are complete",
)  # fmt: skip
def create_heartbeat(request: ReporterRequest, heartbeat: HeartbeatBody) -> Status[Any]:
    """201 if new, 200 if you sent it before. Any order is fine; another number for the same time corrects the earlier
    one."""
    report = HeartbeatReport(
        service=heartbeat.service,
        complete_until=heartbeat.complete_until.astimezone(UTC),
        event_count=heartbeat.events_since_last,
        since=heartbeat.since.astimezone(UTC) if heartbeat.since else None,
    )
    recorded, is_new = record_heartbeat(report=report, by=request.auth)
    answer = {
        "status": "created" if is_new else "duplicate",
        "service": heartbeat.service,
        "complete_until": recorded.complete_until.isoformat(),
        "events_since_last": recorded.event_count,
    }
    return Status(201 if is_new else 200, answer)
