"""Middleware: public pages are the same bytes for everyone, and the API answers errors as problems."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import resolve
from django.utils.translation import get_language_from_path

from privacycenter.errors import (
    BadRequest,
    BodyTooLarge,
    InternalError,
    MethodNotAllowed,
    NotFound,
    Unavailable,
    WrongContentType,
)
from privacycenter.http.requests import refusal_response
from privacycenter.text.languages import speak

Handler = Callable[[HttpRequest], HttpResponse]


API, DOCUMENTATION = "/api/v1/", "/api/v1/docs"
# Statuses with which Django itself refuses → our refusals.
BY_STATUS = {
    404: NotFound("Check the address."),
    405: MethodNotAllowed("The header Allow names the methods that this address takes."),
    413: BodyTooLarge(f"At most {settings.DATA_UPLOAD_MAX_MEMORY_SIZE} bytes."),
    500: InternalError("Send it again later, and tell the operator."),
    503: Unavailable("Send it again later."),
}


def problems_under_the_api(get_response: Handler) -> Handler:
    """Turn every error under the API into a problem (RFC 9457), also those that Django answers before any view.

    Forms with files are refused unread: otherwise a malformed body would be parsed before anything refuses it.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        if not request.path.startswith(API):
            return get_response(request)
        if request.content_type == "multipart/form-data":
            return refusal_response(request, WrongContentType("Forms with files are not read here."))
        response = get_response(request)
        if response.status_code < 400 or "json" in response.headers.get("Content-Type", ""):
            return response
        refusal = BY_STATUS.get(response.status_code, BadRequest(response.reason_phrase))
        return refusal_response(
            request, refusal, {name: response.headers[name] for name in ("Allow",) if name in response.headers}
        )

    return middleware


def in_the_language_of_the_address(get_response: Handler) -> Handler:
    """Pages are in the language that their address begins with, whatever the browser prefers."""

    def middleware(request: HttpRequest) -> HttpResponse:
        language = get_language_from_path(request.path_info) or settings.LANGUAGE_CODE
        speak(language)
        response = get_response(request)
        response.headers.setdefault("Content-Language", language)
        return response

    return middleware


def machines_go_straight_to_the_view(get_response: Handler) -> Handler:
    """Answer a call of the API by its view alone: without session, cookie, language or form token.

    All middleware inside this one is for people. What it would have done for machines too is done here: refuse unknown
    hosts, set the length of the body, forbid framing, and report what is left of a limit.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        if not request.path.startswith(API) or request.path == DOCUMENTATION:
            return get_response(request)
        request.get_host()
        speak(settings.LANGUAGE_CODE)
        request.resolver_match = match = resolve(request.path_info)
        response: HttpResponse = match.func(request, *match.args, **match.kwargs)
        allowance = getattr(request, "allowance", None)
        more = {"X-Frame-Options": settings.X_FRAME_OPTIONS, **(allowance.headers() if allowance else {})}
        for name, value in more.items():
            response.headers[name] = value
        if not response.streaming:
            response.headers["Content-Length"] = str(len(response.content))
        return response

    return middleware


class PersonalBytesError(Exception):
    """A response marked public carries a cookie. A programming error, stopped before it is cached."""


def mark_public(response: HttpResponse) -> None:
    """Mark the response as the same for everyone, so that a shared cache may keep it."""
    # Django's response has no attribute for this.
    response.is_public = True  # type: ignore[attr-defined]


def same_bytes_for_everyone(get_response: Handler) -> Handler:
    """Let shared caches keep responses marked with ``mark_public``, and no cache keep others that do not say.

    It is outside of the session middleware, which adds a ``Vary`` header. A cookie on a public response would be served
    to strangers: PersonalBytesError.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if getattr(response, "is_public", False):
            if response.cookies:
                raise PersonalBytesError(request.path)
            response.headers.pop("Vary", None)
        elif "Cache-Control" not in response.headers:
            response.headers["Cache-Control"] = "private, no-store"
        return response

    return middleware
