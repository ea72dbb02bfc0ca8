"""GET /disclosures: a reporter looks up what it reported, and keeps the proof of it."""

from typing import Annotated, Any, Literal
from uuid import UUID

from django.http import Http404, HttpResponse, JsonResponse
from ninja import Query
from pydantic import BaseModel

from disclosures.receiving.api import router
from disclosures.receiving.reports import report_with_id, reports_of_event
from disclosures.reporters.auth import ReporterAuth, ReporterRequest
from disclosures.reporters.schemas import Json, Problem, with_example
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
    "event": {"type": "disclosure", "subject": "demo-hanako", "event_id": "booking-2026-000123"},
}
EXAMPLE: Json = {
    "id": "booking-2026-000123",
    "source": "https://booking.jalan.example/",
    "subject": "demo-hanako",
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
    disclosure: str
    correction: str | None = None
    recorded_at: str
    flagged: bool
    flags: list[str]
    sealed: bool
    proof: ReportProof | None


class OwnReports(BaseModel):
    model_config = with_example({"data": [EXAMPLE]})

    data: list[OwnReport]


# As ``schemas.Identifier``, in the form that Ninja reads from an address.
IDENTIFIER: Any = {"pattern": r"^[^\x00-\x1f\x7f]+$", "max_length": 255}
Subject = Annotated[str, Query(**IDENTIFIER, description="Whose data it was")]
EventId = Annotated[str, Query(**IDENTIFIER, description="The `id` of the event")]
Source = Annotated[str | None, Query(**IDENTIFIER, description="The `source` of the event: quicker with it")]
PROBLEMS: Any = dict.fromkeys((401, 403, 422, 429, 503), Problem)


@router.get(
    "/disclosures",
    auth=ReporterAuth(DISCLOSURES_READ),
    response={200: OwnReports, **PROBLEMS},
    openapi_extra=may_refuse(InvalidValue),
    summary="What you reported under an event id, with its proof",
)
def list_own_reports(
    request: ReporterRequest,
    subject: Subject,
    event_id: EventId,
    source: Source = None,
) -> HttpResponse:
    """Empty if you reported nothing under that id about that person. Others' reports are never among it."""
    return answer({"data": reports_of_event(request.auth, subject, event_id, source)})


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


def answer(body: Json) -> JsonResponse:
    # It names a person, and changes when the row is sealed.
    return JsonResponse(body, headers={"Cache-Control": "private, no-store"}, json_dumps_params={"ensure_ascii": False})
