"""The API: one NinjaAPI, its routers by name, and every error as a problem (RFC 9457)."""

import logging
from collections.abc import Mapping
from functools import cached_property
from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.db import DatabaseError, InterfaceError
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.module_loading import import_string
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.openapi.schema import OpenAPISchema
from ninja.operation import Operation
from ninja.parser import Parser
from ninja.renderers import JSONRenderer

from privacycenter.api.openapi import Document, complete
from privacycenter.api.validation import invalid_value
from privacycenter.errors import (
    BodyTooLarge,
    NotFound,
    NotJson,
    Refusal,
    Unauthorized,
    Unavailable,
    WrongContentType,
)
from privacycenter.http.requests import refusal_response
from privacycenter.http.strict_json import read_body

logger = logging.getLogger(__name__)

DESCRIPTION = """
For the operator's services: ask whether a person's data may be provided, report that it was, and have the person
asked. Get a token with your client credentials at `POST /api/v1/token`. Every error is `application/problem+json`
(RFC 9457) with a `type` that docs/api.md explains; only the errors of the token's address are those of RFC 6749. On any
doubt a permission check says no.
"""


class PrivacyCenterAPI(NinjaAPI):
    def get_openapi_schema(self, **kwargs: Any) -> OpenAPISchema:
        return self.document  # type: ignore[return-value]

    @cached_property
    def document(self) -> dict[str, Any]:
        """The OpenAPI document, made once per process: it costs a hundred calls, and anybody may request it."""
        scopes = import_string("disclosures.reporters.tokens.scopes_explained")()
        webhooks = import_string("consents.feed.webhooks_api.described")()
        left_out = () if settings.SANDBOX else ("/sandbox/",)
        return complete(Document(self, self.get_root_path({})), scopes, webhooks, left_out)

    def get_openapi_operation_id(self, operation: Operation) -> str:
        return operation.view_func.__name__


class ReadableRenderer(JSONRenderer):
    """JSON in which Japanese stays readable."""

    json_dumps_params: Mapping[str, Any] = {"ensure_ascii": False}


class JsonParser(Parser):
    """Reads bodies declared as JSON. Ninja wraps what is raised here in an HttpError, as its cause."""

    def parse_body(self, request: HttpRequest) -> Any:
        if (request.content_type or "").lower() != "application/json":
            raise WrongContentType("Send application/json.")
        return read_body(request)


api = PrivacyCenterAPI(
    renderer=ReadableRenderer(),
    parser=JsonParser(),
    docs_url=None,
    title="Privacy Center API",
    version="1",
    description=DESCRIPTION,
    urls_namespace="api",
)
# By name: privacycenter imports neither disclosures nor consents.
for router in (
    "disclosures.reporters.api.router",
    # With POST /disclosures: one address has one router.
    "disclosures.receiving.reports_api.router",
    "disclosures.countersigning.api.router",
    "disclosures.coverage.api.router",
    "disclosures.bulk_uploads.api.router",
    "disclosures.receiving.catalogue_api.router",
    "disclosures.recipients.api.router",
    "consents.checking.api.router",
    "consents.asking.api.router",
    "consents.feed.api.router",
    "consents.withdrawals.api.router",
    "consents.feed.recall_api.router",
    # Answers outside of a sandbox that there is no such thing.
    "consents.sandbox.api.router",
):
    api.add_router("", router)


@api.exception_handler(Refusal)
def on_refusal(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    return refusal_response(request, refusal)


@api.exception_handler(AuthenticationError)
def on_authentication_error(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
    return refusal_response(
        request, Unauthorized("Get a token at POST /api/v1/token and send it as Authorization: Bearer …")
    )


@api.exception_handler(HttpError)
def on_http_error(request: HttpRequest, error: HttpError) -> HttpResponse:
    """Answer an HttpError of Ninja with the refusal that our parser raised."""
    if isinstance(error.__cause__, Refusal):
        return refusal_response(request, error.__cause__)
    return refusal_response(request, NotJson("Send JSON in UTF-8."))


@api.exception_handler(RequestDataTooBig)
def on_body_too_large(request: HttpRequest, error: RequestDataTooBig) -> HttpResponse:
    return refusal_response(request, BodyTooLarge(f"At most {settings.DATA_UPLOAD_MAX_MEMORY_SIZE} bytes."))


@api.exception_handler(Http404)
def on_not_found(request: HttpRequest, error: Http404) -> HttpResponse:
    return refusal_response(request, NotFound("There is none, or it is not yours."))


@api.exception_handler(ValidationError)
def on_validation_error(request: HttpRequest, error: ValidationError) -> HttpResponse:
    first = error.errors[0]
    # Ninja puts "query", "header", … before the place, and for a body also the name of the view's parameter.
    kind, *place = first["loc"]
    return refusal_response(request, invalid_value(first, tuple(place[1:] if kind == "body" else place)))


@api.exception_handler(InterfaceError)
@api.exception_handler(DatabaseError)
def on_database_error(request: HttpRequest, error: Exception) -> HttpResponse:
    logger.exception("The database did not answer a call of the API")
    return refusal_response(request, Unavailable("Nothing was recorded and nothing is allowed. Try again later."))
