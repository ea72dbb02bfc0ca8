"""POST /disclosures: services report what they provided and correct earlier reports, as CloudEvents 1.0."""

from typing import Any, Literal

from django.http import HttpRequest, HttpResponse, JsonResponse
from ninja import Router
from pydantic import BaseModel, ValidationError

from disclosures.ledger.recording import LARGEST_BATCH, record_disclosures
from disclosures.receiving.binary_mode import BATCH, DATA_TYPE, PREFIX, SINGLE, binary_event, is_binary
from disclosures.receiving.results import as_answer, invalid
from disclosures.receiving.schemas import CORRECTION_TYPE, EVENT_TYPE, CorrectionReport, DisclosureEvent, read_event
from disclosures.reporters.auth import ReporterAuth, ReporterRequest
from disclosures.reporters.bodies import first_error, read_json
from disclosures.reporters.schemas import Json, Problem, inlined, with_example
from disclosures.reporters.tokens import DISCLOSURES_WRITE
from privacycenter.errors import BodyTooLarge, InvalidValue, UnknownCode, WrongContentType

router = Router(tags=["disclosures"])


class ReportWarning(BaseModel):
    """Recorded, but different from the newest publication. ``type`` is as in a problem; ``field`` is the fact that
    differs."""

    type: str
    title: str
    detail: str
    field: str


class ReportResult(BaseModel):
    """Result of one event. ``flags`` says why the disclosure is shown with a warning, ``warnings`` what differs from
    what is published. ``correction`` is the id of a correction, and ``disclosure`` then the id of the disclosure it
    corrects."""

    index: int
    id: str
    status: Literal["created", "duplicate", "conflict", "invalid"]
    disclosure: str | None = None
    correction: str | None = None
    flagged: bool | None = None
    flags: list[str] | None = None
    warnings: list[ReportWarning] | None = None
    problem: Problem | None = None


EXAMPLE: Json = {
    "specversion": "1.0",
    "id": "booking-2026-000123",
    "source": "https://booking.operator.example/",
    "type": EVENT_TYPE,
    "time": "2026-11-20T09:30:00+09:00",
    "subject": "person-4711",
    "data": {
        "recipient": "example-inn",
        "service": "booking",
        "scenario": "booking-made",
        "items": ["name", "phone"],
        "ground": "person_act",
        "evidence": {"kind": "act", "reference": "R-000123"},
    },
}
CORRECTION_EXAMPLE: Json = {
    "specversion": "1.0",
    "id": "correction-2026-000007",
    "source": "https://booking.operator.example/",
    "type": CORRECTION_TYPE,
    "time": "2026-11-21T11:00:00+09:00",
    "subject": "person-4711",
    "data": {
        "disclosure": "5a0c1b7e-2d4f-8a61-b3c2-9d8e7f605142",
        "reason": {"ja": "提供先を誤って報告しました。", "en": "The recipient was reported wrongly."},
        "corrected": {**EXAMPLE["data"], "recipient": "other-inn", "time": EXAMPLE["time"]},
    },
}
ROW: Json = {"disclosure": "5a0c1b7e-2d4f-8a61-b3c2-9d8e7f605142", "flagged": False, "flags": []}
RESULTS: Json = {
    "results": [
        {"index": 0, "id": "booking-2026-000123", "status": "created", **ROW},
        {"index": 1, "id": "booking-2026-000122", "status": "duplicate", **ROW},
        {
            "index": 2,
            "id": "booking-2026-000124",
            "status": "created",
            "disclosure": "7c1d2e3f-4a5b-8c6d-9e7f-8a9b0c1d2e3f",
            "flagged": True,
            "flags": ["items_undeclared"],
            "warnings": [
                {
                    "type": "urn:privacycenter:problem:item-undeclared",
                    "title": "The item is not published for this scenario.",
                    "detail": "“birth-date”: recorded, and flagged “items_undeclared”.",
                    "field": "data.items[1]",
                }
            ],
        },
        {
            "index": 3,
            "id": "booking-2026-000125",
            "status": "invalid",
            "problem": UnknownCode("There is no recipient “nobody”.", "data.recipient").as_problem(),
        },
    ]
}


class ReportAnswer(BaseModel):
    model_config = with_example(RESULTS)

    results: list[ReportResult]


MIXED = {"disclosure": {"value": [EXAMPLE]}, "with a correction": {"value": [EXAMPLE, CORRECTION_EXAMPLE]}}


def event_schema() -> dict[str, Any]:
    return {"oneOf": [inlined(model.model_json_schema()) for model in (DisclosureEvent, CorrectionReport)]}


def data_schema() -> dict[str, Any]:
    models = (DisclosureEvent, CorrectionReport)
    return {"oneOf": [inlined(model.model_json_schema())["properties"]["data"] for model in models]}


def in_header(name: str, example: str) -> dict[str, Any]:
    """Return the header of one attribute. It is needed in binary mode alone."""
    told = f"In binary mode: `{name}` of the event, percent-encoded."
    return {
        "name": PREFIX + name,
        "in": "header",
        "description": told,
        "schema": {"type": "string"},
        "example": example,
    }


BODY_DOCUMENTATION = {
    "parameters": [
        in_header(name, EXAMPLE[name]) for name in ("specversion", "id", "source", "type", "time", "subject")
    ],
    "requestBody": {
        "required": True,
        "content": {
            BATCH: {
                "schema": {"type": "array", "maxItems": LARGEST_BATCH, "items": event_schema()},
                "examples": MIXED,
            },
            SINGLE: {
                "schema": event_schema(),
                "examples": {"disclosure": {"value": EXAMPLE}, "correction": {"value": CORRECTION_EXAMPLE}},
            },
            DATA_TYPE: {"schema": data_schema(), "examples": {"disclosure": {"value": EXAMPLE["data"]}}},
        },
    },
}
ERRORS = (400, 401, 403, 413, 415, 422, 429, 503)


@router.post(
    "/disclosures",
    auth=ReporterAuth(DISCLOSURES_WRITE),
    response={200: ReportAnswer, **dict.fromkeys(ERRORS, Problem)},
    openapi_extra=BODY_DOCUMENTATION,
    summary="Report disclosures, and correct them: one event or a batch of up to 1,000",
)
def report_disclosures(request: ReporterRequest) -> HttpResponse:
    """The answer comes after the commit. An invalid event does not stop the others. Repeating an event is safe."""
    bodies = read_events(request)
    events, indices, results = [], [], []
    for index, body in enumerate(bodies):
        try:
            events.append(read_event(body))
            indices.append(index)
        except ValidationError as error:
            results.append(invalid(index, body, first_error(error)))
        except InvalidValue as refusal:
            results.append(invalid(index, body, refusal))
    recorded = record_disclosures(events=events, by=request.auth)
    results += [as_answer(result, indices[result.index]) for result in recorded]
    # Not through the response model: validating a thousand results costs as much as recording them.
    return JsonResponse(
        {"results": sorted(results, key=lambda result: result["index"])}, json_dumps_params={"ensure_ascii": False}
    )


def read_events(request: HttpRequest) -> list[Any]:
    """Return the events of the body, not yet validated."""
    content_type = (request.content_type or "").lower()
    if is_binary(request):
        return [binary_event(request, read_json(request))]
    if content_type not in (SINGLE, BATCH):
        raise WrongContentType(f"Send {SINGLE} for one event or {BATCH} for several, or JSON with ce- headers.")
    body = read_json(request)
    if content_type == SINGLE:
        return [body]
    if not isinstance(body, list):
        raise InvalidValue(f"A body of {BATCH} is an array of events.")
    if len(body) > LARGEST_BATCH:
        raise BodyTooLarge(f"At most {LARGEST_BATCH} events in a batch, not {len(body)}.")
    return body
