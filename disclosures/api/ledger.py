"""POST /disclosures: services report what they provided, as CloudEvents 1.0."""

from datetime import UTC
from typing import Annotated, Any, Literal
from uuid import UUID

from django.http import HttpRequest
from ninja import Router
from pydantic import AfterValidator, BaseModel, ConfigDict, StringConstraints, ValidationError

from disclosures.actions.ledger import INVALID, LARGEST_BATCH, Event, Result, record_disclosures
from disclosures.api.auth import ReporterAuth, ReporterRequest
from disclosures.api.bodies import BodyTooLarge, WrongContentType, first_error, read_json
from disclosures.api.schemas import Body, Code, GroundCode, Identifier, ItemCodes, Moment, Problem
from disclosures.models import Ground
from disclosures.reporter_tokens import DISCLOSURES_WRITE
from privacycenter.errors import InvalidValue

router = Router(tags=["disclosures"])

SINGLE = "application/cloudevents+json"
BATCH = "application/cloudevents-batch+json"
EVENT_TYPE = "privacycenter.disclosure.v1"


def a_uuid(text: str) -> str:
    return str(UUID(text))


class DisclosureData(Body):
    """What was provided: codes of the catalogue, never values."""

    recipient: Code
    service: Code
    scenario: Code
    items: ItemCodes
    ground: GroundCode
    decision: Annotated[str, StringConstraints(max_length=36), AfterValidator(a_uuid)] | None = None


class DisclosureEvent(BaseModel):
    """One CloudEvents 1.0 event. Extension attributes are accepted and not kept."""

    model_config = ConfigDict(extra="ignore")

    specversion: Literal["1.0"]
    id: Identifier
    source: Identifier
    type: Literal["privacycenter.disclosure.v1"]
    time: Moment
    subject: Identifier
    data: DisclosureData

    def as_event(self) -> Event:
        return Event(
            source=self.source,
            event_id=self.id,
            subject=self.subject,
            recipient=self.data.recipient,
            service=self.data.service,
            scenario=self.data.scenario,
            items=tuple(self.data.items),
            ground=Ground.from_code(self.data.ground),
            decision=self.data.decision or "",
            occurred_at=self.time.astimezone(UTC),
        )


class ReportResult(BaseModel):
    """What became of one event. ``flags`` says why it is shown with a warning."""

    index: int
    id: str
    status: Literal["created", "duplicate", "conflict", "invalid"]
    disclosure: str | None = None
    flagged: bool | None = None
    flags: list[str] | None = None
    problem: Problem | None = None


class ReportAnswer(BaseModel):
    results: list[ReportResult]


EXAMPLE = {
    "specversion": "1.0",
    "id": "booking-2026-000123",
    "source": "https://booking.jalan.example/",
    "type": EVENT_TYPE,
    "time": "2026-11-20T09:30:00+09:00",
    "subject": "demo-hanako",
    "data": {
        "recipient": "minato-inn",
        "service": "jalan",
        "scenario": "online-booking",
        "items": ["name", "phone"],
        "ground": "person_act",
    },
}
BODY_DOCUMENTATION = {
    "requestBody": {
        "required": True,
        "content": {
            BATCH: {
                "schema": {
                    "type": "array",
                    "maxItems": LARGEST_BATCH,
                    "items": DisclosureEvent.model_json_schema(ref_template="#/components/schemas/{model}"),
                },
                "example": [EXAMPLE],
            },
            SINGLE: {
                "schema": DisclosureEvent.model_json_schema(ref_template="#/components/schemas/{model}"),
                "example": EXAMPLE,
            },
        },
    }
}


@router.post(
    "/disclosures",
    auth=ReporterAuth(DISCLOSURES_WRITE),
    response={200: ReportAnswer, 400: Problem, 401: Problem, 403: Problem, 413: Problem, 415: Problem, 503: Problem},
    openapi_extra=BODY_DOCUMENTATION,
    summary="Report disclosures: one event or a batch of up to 1,000",
    exclude_none=True,
)
def report_disclosures(request: ReporterRequest) -> dict[str, Any]:
    """Answered only after the commit. One bad event does not stop the others. Safe to repeat for ever."""
    bodies = read_events(request)
    events, indices, results = [], [], []
    for index, body in enumerate(bodies):
        try:
            events.append(DisclosureEvent.model_validate(body).as_event())
            indices.append(index)
        except ValidationError as error:
            results.append(invalid(index, body, first_error(error)))
    recorded = record_disclosures(events=events, by=request.auth)
    results += [as_answer(result, indices[result.index]) for result in recorded]
    return {"results": sorted(results, key=lambda result: result["index"])}


def read_events(request: HttpRequest) -> list[Any]:
    """The events of the body, not yet checked."""
    content_type = (request.content_type or "").lower()
    if content_type not in (SINGLE, BATCH):
        raise WrongContentType(f"Send {SINGLE} for one event or {BATCH} for several.")
    body = read_json(request)
    if content_type == SINGLE:
        return [body]
    if not isinstance(body, list):
        raise InvalidValue(f"A body of {BATCH} is an array of events.")
    if len(body) > LARGEST_BATCH:
        raise BodyTooLarge(f"At most {LARGEST_BATCH} events in a batch, not {len(body)}.")
    return body


def invalid(index: int, body: Any, refusal: InvalidValue) -> dict[str, Any]:
    """Name the event by the id it carries, if it carries one."""
    event_id = body.get("id") if isinstance(body, dict) else None
    return {
        "index": index,
        # Half a surrogate pair is a text in JSON and cannot be sent back as one.
        "id": event_id.encode(errors="replace").decode() if isinstance(event_id, str) else "",
        "status": INVALID,
        "problem": refusal.as_problem(),
    }


def as_answer(result: Result, index: int) -> dict[str, Any]:
    if result.status == INVALID:
        return {"index": index, "id": result.event_id, "status": result.status, "problem": result.problem}
    return {
        "index": index,
        "id": result.event_id,
        "status": result.status,
        "disclosure": str(result.disclosure_id),
        "flagged": bool(result.flags),
        "flags": [flag.code for flag in result.flags],
    }
