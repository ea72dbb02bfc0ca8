"""Webhooks in the API's description: what a service's address is sent, and with which headers (docs/webhooks.md)."""

from typing import Any, Literal

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from consents.feed.api import WITHDRAWAL
from consents.feed.recall_api import EXAMPLE as RECALL
from consents.feed.recall_api import RecallCode, RecallState
from disclosures.reporters.schemas import Json, Time, Uuid, with_example

REF = "#/components/schemas/{model}"
SIGNATURE = "v1,K5oZfzN95Z9UVu1EsfQmfVNQhnkZ2pj9o9NDN/H/pI4="
HEADERS = (
    ("webhook-id", "The id of the message, in every try: take it once.", "msg_2b0c5d0e9f6a4c1e8d7b3a5f60718293"),
    ("webhook-timestamp", "When this try was sent (Unix seconds): refuse what is five minutes off.", "1795680000"),
    ("webhook-signature", "For each secret in force `v1,` and base64 of the HMAC-SHA-256 over id, `.`, timestamp, `.` "
     "and body; separated by spaces. One that fits is enough.", SIGNATURE),
)  # fmt: skip


class DecisionTold(BaseModel):
    """What the feed says of it, as it was when it became known."""

    number: int
    epoch: str | None = None
    subject: str
    recipient: str
    service: str
    scenario: str
    request: str
    decision: Uuid | None = None
    withdraws: Uuid | None = None
    changes: Uuid | None = None
    allowed: list[str] | None = None
    refused: list[str] | None = None
    valid_until: Time | None = None
    case: str | None = None


class RecallTold(BaseModel):
    """What the feed of recalls says of it, as it was when it became known."""

    number: int
    epoch: str | None = None
    recall: str
    kind: RecallCode
    subject: str
    recipient: str
    service: str
    items: list[str]
    asked_at: Time
    due_at: Time
    step: RecallState | None = None


class PingTold(BaseModel):
    """``reporter``: your code."""

    reporter: str


def example_of(type: str, data: Json) -> Json:
    left_out = ("type", "happened_at", "state")
    told = {name: value for name, value in data.items() if name not in left_out}
    return {"type": type, "timestamp": "2026-12-02T03:04:05.678901+00:00", "data": told}


class DecisionMessage(BaseModel):
    """``timestamp``: when it happened."""

    model_config = with_example(example_of("decision.withdrawn", WITHDRAWAL))

    type: Literal["decision.made", "decision.withdrawn", "request.expired"]
    timestamp: Time
    data: DecisionTold


class RecallMessage(BaseModel):
    """``timestamp``: when it happened."""

    model_config = with_example(example_of("recall.filed", {"number": 8, **RECALL}))

    type: Literal["recall.filed", "recall.moved"]
    timestamp: Time
    data: RecallTold


class PingMessage(BaseModel):
    """Somebody at the desk tried your address."""

    model_config = with_example(example_of("ping", {"reporter": "travel"}))

    type: Literal["ping"]
    timestamp: Time
    data: PingTold


MESSAGES: dict[str, tuple[str, type[BaseModel]]] = {
    "decision.made": ("A person answered a request", DecisionMessage),
    "decision.withdrawn": ("A person withdrew: stop providing at once", DecisionMessage),
    "request.expired": ("Nobody answered in time", DecisionMessage),
    "recall.filed": ("A person asks a recipient to delete, correct or stop: pass it on", RecallMessage),
    "recall.moved": ("A step about a recall was taken", RecallMessage),
    "ping": ("Somebody at the desk sends a test event", PingMessage),
}


def described() -> tuple[Json, Json]:
    """Return the webhooks by their types, and the schemas that they need."""
    models = [(model, "validation") for model in dict.fromkeys(model for _said, model in MESSAGES.values())]
    _keys, made = models_json_schema(models, ref_template=REF)  # type: ignore[arg-type]
    return {type: {"post": hook(type, said, model)} for type, (said, model) in MESSAGES.items()}, made["$defs"]


def hook(type: str, said: str, model: type[BaseModel]) -> dict[str, Any]:
    return {
        "operationId": f"receive_{type.replace('.', '_')}",
        "summary": said,
        "description": "Sent to the address that the operator registered for you. Verify the signature over the bytes "
        "as they came; answer with any 2xx within 15 seconds, and work afterwards. The same message may come twice.",
        "tags": ["webhooks"],
        "security": [],
        "parameters": [
            {"name": name, "in": "header", "required": True, "description": about, "schema": {"type": "string"},
             "example": example}
            for name, about, example in HEADERS
        ],
        "requestBody": {
            "required": True,
            "content": {"application/json": {"schema": {"$ref": REF.format(model=model.__name__)}}},
        },
        "responses": {
            "2XX": {"description": "You have it."},
            "410": {"description": "The address is no longer used: it is disabled."},
            "default": {"description": "It is sent again later, with growing pauses, for three days."},
        },
    }  # fmt: skip
