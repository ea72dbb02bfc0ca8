"""GET /disclosures: a reporter looks up what it reported, and keeps the proof of it."""

from typing import Annotated, Any, Literal
from uuid import UUID

from django.http import Http404, HttpResponse
from ninja import Query
from pydantic import BaseModel

from disclosures.receiving.api import router
from disclosures.receiving.days import CURSOR, reports_of_day
from disclosures.receiving.days_api import DAY_REPORT, DayReports, answer, checked_day
from disclosures.receiving.reports import report_with_id, reports_of_event
from disclosures.reporters.auth import ReporterAuth, ReporterRequest
from disclosures.reporters.schemas import CalendarDay, Json, Problem, Time, Uuid, with_example
from disclosures.reporters.tokens import DISCLOSURES_READ
from privacycenter.api.openapi import may_refuse
from privacycenter.errors import InvalidValue, NotFound

PROOF: Json = {
    "format": "privacycenter-entry-proof/1",
    "log_key": "privacy.example/log/1+2f1c…+AQ…",
    "policy": "log privacy.example/log/1+2f1c…+AQ…\nquorum none\n",
    "checkpoint": "privacy.example/log/1\n70275\nq1…=\n\n— privacy.example/log/1 Lxw…\n",
    "index": 4711,
    "path": ["Wm…=", "Jk…="],
    "label": "6Q…==",
    "salt": "oH…==",
    "event": {"type": "disclosure", "subject": "person-4711", "event_id": "booking-2026-000123"},
}
EXAMPLE: Json = {
    "id": "booking-2026-000123",
    "source": "https://booking.operator.example/",
    "subject": "person-4711",
    "disclosure": "5a0c1b7e-2d4f-8a61-b3c2-9d8e7f605142",
    "recorded_at": "2026-11-20T00:30:02+00:00",
    "flagged": False,
    "flags": [],
    "sealed": True,
    "proof": PROOF,
}


class ReportProof(BaseModel):
    """What shows that the row is in the log, at the place ``index``: docs/proof.md. ``event`` is the whole row."""

    format: Literal["privacycenter-entry-proof/1"]
    log_key: str
    policy: str
    checkpoint: str
    index: int
    path: list[str]
    label: str
    salt: str
    event: dict[str, Any]


class OwnReport(BaseModel):
    """One report as it was recorded. ``correction`` is the id of a correction, and ``disclosure`` then the id of the
    disclosure it corrects. ``proof`` is null until the row is sealed, within ten minutes of being recorded."""

    model_config = with_example(EXAMPLE)

    id: str
    source: str | None
    subject: str
    disclosure: Uuid
    correction: Uuid | None = None
    recorded_at: Time
    flagged: bool
    flags: list[str]
    sealed: bool
    proof: ReportProof | None


class OwnReports(BaseModel):
    model_config = with_example({"data": [EXAMPLE]})

    data: list[OwnReport]


LISTS_DOCUMENTATION: Json = {
    "responses": {
        200: {
            "content": {
                "application/json": {
                    "examples": {
                        "by event": {"value": {"data": [EXAMPLE]}},
                        "by day": {"value": {"data": [DAY_REPORT], "next": None, "has_more": False}},
                    }
                }
            }
        }
    }
}
# As ``schemas.Identifier``, in the form that Ninja reads from an address.
IDENTIFIER: Any = {"pattern": r"^[^\x00-\x1f\x7f]+$", "max_length": 255}
Subject = Annotated[str, Query(**IDENTIFIER, description="Whose data it was")]
OneSubject = Annotated[str | None, Query(**IDENTIFIER, description="Whose data it was: with `event_id`")]
EventId = Annotated[str | None, Query(**IDENTIFIER, description="The `id` of the event: with `subject`")]
Source = Annotated[str | None, Query(**IDENTIFIER, description="The `source` of the event: quicker with it")]
OneDay = Annotated[CalendarDay | None, Query(description="Instead: all of a day in UTC, by the `time` of the events")]
After = Annotated[str | None, Query(pattern=CURSOR, description="With `day`: the `next` of the page before")]
Limit = Annotated[int, Query(ge=1, le=1000, description="With `day`: how many at most")]
PROBLEMS: Any = dict.fromkeys((401, 403, 422, 429, 503), Problem)


@router.get(
    "/disclosures",
    auth=ReporterAuth(DISCLOSURES_READ),
    response={200: OwnReports | DayReports, **PROBLEMS},
    openapi_extra={**may_refuse(InvalidValue), **LISTS_DOCUMENTATION},
    summary="What you reported under an event id, with its proof; or of a day",
)
def list_own_reports(
    request: ReporterRequest,
    subject: OneSubject = None,
    event_id: EventId = None,
    source: Source = None,
    day: OneDay = None,
    after: After = None,
    limit: Limit = 500,
) -> HttpResponse:
    """Empty if you reported nothing under that id about that person, or nothing of that day. Others' reports are never
    among it. By `subject` and `event_id` with the proof; by `day` page by page, in order of time."""
    if day is not None:
        refuse_both(subject, event_id, source)
        return answer(reports_of_day(request.auth, checked_day(day), after or "", limit))
    for name, value in (("subject", subject), ("event_id", event_id)):
        if value is None:
            raise InvalidValue("Send subject and event_id, or day.", name)
    return answer({"data": reports_of_event(request.auth, subject or "", event_id or "", source)})


def refuse_both(*named: str | None) -> None:
    if any(named):
        raise InvalidValue("Send either a day, or subject and event_id.", "day")


@router.get(
    "/disclosures/{disclosure_id}",
    auth=ReporterAuth(DISCLOSURES_READ),
    response={200: OwnReport, 404: Problem, **PROBLEMS},
    openapi_extra=may_refuse(NotFound, InvalidValue),
    summary="One disclosure, or one correction, that you reported, with its proof",
)
def get_own_report(request: ReporterRequest, disclosure_id: str, subject: Subject) -> HttpResponse:
    """404 for an id that does not exist, for another reporter's and for another person's: the same answer."""
    try:
        id = UUID(disclosure_id)
    except ValueError:
        raise Http404 from None
    found = report_with_id(request.auth, subject, id)
    if found is None:
        raise Http404
    return answer(found)
