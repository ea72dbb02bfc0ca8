"""The API itself: one NinjaAPI, its routers by name, and one way to say what went wrong (RFC 9457)."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.db import DatabaseError
from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.openapi.schema import OpenAPISchema
from ninja.renderers import JSONRenderer

from privacycenter.errors import Refusal
from privacycenter.http import problem, refusal_response

DESCRIPTION = """
For the operator's services: ask whether a person's data may be provided, report that it was, and have the person
asked. Get a token with your client credentials at `POST /api/v1/token`. Every error is `application/problem+json`
(RFC 9457); its `type` is documented in docs/api.md. On any doubt a permission check says no.
"""

TOKEN_PATH = {
    "post": {
        "operationId": "create_token",
        "summary": "Get a token (OAuth 2.0 client credentials, RFC 6749 section 4.4)",
        "tags": ["token"],
        "requestBody": {
            "required": True,
            "content": {
                "application/x-www-form-urlencoded": {
                    "schema": {
                        "type": "object",
                        "required": ["grant_type"],
                        "properties": {
                            "grant_type": {"type": "string", "enum": ["client_credentials"]},
                            "client_id": {"type": "string"},
                            "client_secret": {"type": "string", "format": "password"},
                            "scope": {"type": "string", "example": "disclosures:write permissions:read"},
                        },
                    }
                }
            },
        },
        "responses": {
            "200": {"description": "access_token, token_type Bearer, expires_in (seconds), scope"},
            "400": {"description": "RFC 6749 error, for example invalid_scope or unsupported_grant_type"},
            "401": {"description": "RFC 6749 error invalid_client"},
        },
    }
}


class PrivacyCenterAPI(NinjaAPI):
    def get_openapi_schema(self, **kwargs: Any) -> OpenAPISchema:
        """The token's address is allauth's view, so its description is added here."""
        schema = super().get_openapi_schema(**kwargs)
        schema["paths"]["/api/v1/token"] = TOKEN_PATH
        return schema


class ReadableRenderer(JSONRenderer):
    """JSON in which Japanese stays readable."""

    json_dumps_params: Mapping[str, Any] = {"ensure_ascii": False}


api = PrivacyCenterAPI(
    renderer=ReadableRenderer(),
    title="Privacy Center API",
    version="1",
    description=DESCRIPTION,
    urls_namespace="api",
)
# By name: the ground does not import what stands on it.
for router in (
    "disclosures.api.ledger.router",
    "disclosures.api.heartbeats.router",
    "disclosures.api.catalogue.router",
    "consents.api.checks.router",
    "consents.api.approvals.router",
    "consents.api.decisions.router",
):
    api.add_router("", router)


@api.exception_handler(Refusal)
def on_refusal(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    return refusal_response(request, refusal.as_problem())


@api.exception_handler(AuthenticationError)
def on_authentication_error(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
    members = problem(
        name="unauthorized", title="A valid token is needed.", status=401,
        detail="Get a token at POST /api/v1/token and send it as Authorization: Bearer …",
    )  # fmt: skip
    return refusal_response(request, members, {"WWW-Authenticate": "Bearer"})


@api.exception_handler(HttpError)
def on_http_error(request: HttpRequest, error: HttpError) -> HttpResponse:
    if error.status_code == 400:
        return refusal_response(request, problem(name="not-json", title="The body is not JSON.", status=400))
    return refusal_response(request, problem(name="refused", title=str(error), status=error.status_code))


@api.exception_handler(RequestDataTooBig)
def on_body_too_large(request: HttpRequest, error: RequestDataTooBig) -> HttpResponse:
    detail = f"At most {settings.DATA_UPLOAD_MAX_MEMORY_SIZE} bytes."
    return refusal_response(
        request, problem(name="body-too-large", title="The body is too large.", status=413, detail=detail)
    )


@api.exception_handler(Http404)
def on_not_found(request: HttpRequest, error: Http404) -> HttpResponse:
    return refusal_response(request, problem(name="not-found", title="There is no such thing here.", status=404))


@api.exception_handler(ValidationError)
def on_validation_error(request: HttpRequest, error: ValidationError) -> HttpResponse:
    first = error.errors[0]
    field = ".".join(str(part) for part in first["loc"] if part not in ("body", "query", "path", "question"))
    members = problem(name="invalid-value", title="A value is missing or wrong.", status=422, detail=first["msg"])
    return refusal_response(request, {**members, "field": field})


@api.exception_handler(DatabaseError)
def on_database_error(request: HttpRequest, error: DatabaseError) -> HttpResponse:
    members = problem(
        name="unavailable", title="The database does not answer.", status=503,
        detail="Nothing was recorded and nothing is allowed. Try again later.",
    )  # fmt: skip
    return refusal_response(request, members, {"Retry-After": "5"})
