"""Additions to Ninja's OpenAPI document: problems with examples, headers of limits, OAuth 2.0 with scopes."""

from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from datetime import UTC, datetime, timedelta
from typing import Any

from ninja.openapi.schema import OpenAPISchema
from ninja.operation import Operation

from privacycenter.api.named_schemas import drop_unused, name_inlined, tell_apart
from privacycenter.errors import (
    BadRequest,
    BodyTooLarge,
    FeedRestored,
    InsufficientScope,
    InternalError,
    InvalidValue,
    LengthRequired,
    NotGzip,
    NotJson,
    Refusal,
    TooManyCalls,
    Unauthorized,
    Unavailable,
    WrongContentEncoding,
    WrongContentType,
)
from privacycenter.rate_limits.limits import Allowance, RateLimit

Json = dict[str, Any]
REFUSALS = "x-refusals"
EVERY_CALL = (BadRequest, Unauthorized, InsufficientScope, TooManyCalls, InternalError, Unavailable)
OF_BODIES = (LengthRequired, BodyTooLarge, WrongContentType, WrongContentEncoding, NotGzip)
WITHOUT_A_TOKEN = (BadRequest, *OF_BODIES, TooManyCalls, InternalError, Unavailable)
WITH_A_BODY = (NotJson, *OF_BODIES, InvalidValue)

HEADERS: Json = {
    "RateLimit": {
        "description": 'What is left of your limit, and in how many seconds it is whole again: `"calls";r=…;t=…`.',
        "schema": {"type": "string"},
        "example": '"calls";r=59999;t=42',
    },
    "RateLimit-Policy": {
        "description": 'Your limit: how many calls in how many seconds: `"calls";q=…;w=…`.',
        "schema": {"type": "string"},
        "example": '"calls";q=60000;w=60',
    },
    "ETag": {
        "description": "Of this answer: send it as `If-None-Match`.",
        "schema": {"type": "string"},
        "example": '"5a0c1b7e2d4f8a61b3c29d8e7f605142"',
    },
    "Idempotency-Replayed": {
        "description": "`true`: the key was used before, and this is the answer of then.",
        "schema": {"type": "string", "enum": ["true"]},
        "example": "true",
    },
    "Retry-After": {
        "description": "Seconds to wait.",
        "schema": {"type": "string", "pattern": "^[0-9]+$"},
        "example": "42",
    },
    "Allow": {"description": "The methods that this address takes.", "schema": {"type": "string"}, "example": "GET"},
    "WWW-Authenticate": {
        "description": "`Bearer`; of the token's address `Basic`.",
        "schema": {"type": "string"},
        "example": "Bearer",
    },
}
DESCRIPTIONS = {
    400: "The request could not be read.",
    401: "No valid token.",
    403: "Not allowed to you.",
    404: "There is none, or it is not yours: the same answer.",
    405: "Another method is needed.",
    409: "Too late: it was decided otherwise.",
    411: "The length of the body is not said.",
    413: "The body is too large.",
    415: "The content type is not one that this call reads, or the body is compressed otherwise than with gzip.",
    422: "A value is missing or wrong.",
    429: "Too many calls.",
    500: "Something went wrong on our side.",
    503: "The database does not answer.",
}
COMPRESSED = "May be compressed: `Content-Encoding: gzip`, also then at most 1 MiB of what it holds."
HEADERS_OF = {401: ("WWW-Authenticate",), 405: ("Allow",), 429: ("Retry-After",), 503: ("Retry-After",)}


def with_header(name: str, *statuses: int) -> Json:
    """Return ``openapi_extra`` for a header of ``HEADERS`` that responses with these statuses may carry."""
    return {"responses": {status: {"headers": {name: {"$ref": f"#/components/headers/{name}"}}} for status in statuses}}


def may_refuse(*refusals: type[Refusal]) -> Json:
    """Return ``openapi_extra`` for the refusals of an operation beyond those that every operation has."""
    return {REFUSALS: list(refusals)}


class Document(OpenAPISchema):
    """Ninja's document, with each operation's scope."""

    def operation_security(self, operation: Operation) -> list[Json] | None:
        return [{"OAuth2": [auth.scope]} for auth in operation.auth_callbacks] or None  # type: ignore[attr-defined]


def complete(
    made: Document, scopes: dict[str, str], webhooks: tuple[Json, Json] = ({}, {}), without: Sequence[str] = ()
) -> Json:
    """Return Ninja's document with our additions. ``scopes``: scope → what it is for. ``webhooks``: by their types, and
    the schemas that they need. ``without``: parts of the addresses of calls that this installation does not have."""
    document = deepcopy(dict(made))
    paths = document["paths"]
    document["paths"] = {path: paths[path] for path in paths if not any(part in path for part in without)}
    components = document["components"]
    document["servers"] = [{"url": "/", "description": "This privacy center."}]
    document["webhooks"], more_schemas = webhooks
    components["schemas"] |= more_schemas
    components["headers"] = HEADERS
    components["securitySchemes"] = {
        "OAuth2": {
            "type": "oauth2",
            "description": "Client credentials (RFC 6749 section 4.4). Tokens last 15 minutes.",
            "flows": {"clientCredentials": {"tokenUrl": "/api/v1/token", "scopes": scopes}},
        }
    }
    for operation in operations(document):
        lift_definitions(operation, components["schemas"])
        if "security" in operation:
            add_problems(operation, refusals_of(operation))
            add_limits(operation)
        else:
            add_problems(operation, list(WITHOUT_A_TOKEN))
        operation.pop(REFUSALS, None)
        operation["responses"] = {str(status): told for status, told in operation["responses"].items()}
        if "requestBody" in operation:
            operation["requestBody"].setdefault("description", COMPRESSED)
    name_inlined(document)
    tell_apart(document)
    drop_unused(document)
    return document


def operations(document: Mapping[str, Any]) -> Iterator[Json]:
    for path in document["paths"].values():
        yield from path.values()


def lift_definitions(operation: Json, schemas: Json) -> None:
    """Move the definitions inside a body's schema to where its references point."""
    for media in operation.get("requestBody", {}).get("content", {}).values():
        schema = media["schema"]
        for holder in (schema, schema.get("items", {})):
            schemas |= {name: found for name, found in holder.pop("$defs", {}).items() if name not in schemas}


def refusals_of(operation: Json) -> list[type[Refusal]]:
    body = WITH_A_BODY if "requestBody" in operation else ()
    return [*EVERY_CALL, *body, *operation.get(REFUSALS, ())]


def add_problems(operation: Json, refusals: list[type[Refusal]]) -> None:
    """Describe each status of 400 and above as problem+json, with an example for each problem type."""
    responses = operation["responses"]
    of_oauth = {status: responses[status]["content"] for status in (400, 401) if "security" not in operation}
    is_check = operation["operationId"] in ("check_permission", "check_permissions")
    for status in sorted({*(int(status) for status in responses if int(status) >= 400), *(r.status for r in refusals)}):
        found = [refusal for refusal in refusals if refusal.status == status]
        name = "CheckProblem" if is_check else "RestoredProblem" if FeedRestored in found else "Problem"
        media: Json = {"schema": {"$ref": f"#/components/schemas/{name}"}}
        if found:
            media["examples"] = {refusal.name: {"value": example_of(refusal, is_check)} for refusal in found}
        responses.pop(status, None)
        responses[str(status)] = {
            "description": DESCRIPTIONS[status],
            "headers": {name: {"$ref": f"#/components/headers/{name}"} for name in HEADERS_OF.get(status, ())},
            "content": {"application/problem+json": media},
        }
    for status, content in of_oauth.items():
        # The token endpoint answers with the errors of RFC 6749; a problem only if the request was unreadable.
        problem = responses[str(status)]["content"] if any(refusal.status == status for refusal in refusals) else {}
        responses[str(status)]["content"] = {**problem, **content}


def example_of(refusal: type[Refusal], is_check: bool) -> Json:
    if issubclass(refusal, TooManyCalls):
        made: Refusal = refusal("At most 60000 in 60 seconds.", allowance=Allowance(RateLimit("calls", 60_000), 0, 42))
    elif issubclass(refusal, FeedRestored):
        moment = datetime(2026, 12, 2, 3, 4, 5, tzinfo=UTC)
        made = refusal(continue_after="3f9c2a1b.7", restored_to=moment, since=moment - timedelta(hours=1))
    else:
        made = refusal("What is wrong, and what to do.")
    return {**made.as_problem(), **({"allowed": False} if is_check else {})}


def add_limits(operation: Json) -> None:
    """Add the headers of the limit to every response that is sent once the token is recognised."""
    for status, response in operation["responses"].items():
        if str(status) not in ("401", "413", "500", "503"):
            headers = response.setdefault("headers", {})
            headers |= {name: {"$ref": f"#/components/headers/{name}"} for name in ("RateLimit", "RateLimit-Policy")}
