"""Middleware of our own: public pages stay the same bytes for everyone, the API speaks in problems."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import resolve
from django.utils import translation

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

Handler = Callable[[HttpRequest], HttpResponse]


API, DOCUMENTATION = "/api/v1/", "/api/v1/docs"
# What Django itself refuses with, as our refusals.
BY_STATUS = {
    404: NotFound("Check the address."),
    405: MethodNotAllowed("The header Allow names the methods that this address takes."),
    413: BodyTooLarge(f"At most {settings.DATA_UPLOAD_MAX_MEMORY_SIZE} bytes."),
    500: InternalError("Send it again later, and tell the operator."),
    503: Unavailable("Send it again later."),
}


def problems_under_the_api(get_response: Handler) -> Handler:
    """Under the API every error is a problem (RFC 9457), also those that Django answers before a view is reached.

    Forms with files are never read there: the body would be parsed, and could be malformed, before anything refuses it.
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


def machines_go_straight_to_the_view(get_response: Handler) -> Handler:
    """A call of the API has no session, no cookie, no language and no form token: it is answered by its view alone.

    Everything that this middleware stands outside of is for people. What that would have done for machines too is done
    here: refuse unknown hosts, name the length of the body, forbid framing, and say how much of a limit is left.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        if not request.path.startswith(API) or request.path == DOCUMENTATION:
            return get_response(request)
        request.get_host()
        translation.activate(settings.LANGUAGE_CODE)
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
    """A response marked public was about to carry a cookie: a programming error, stopped before it is cached."""


def mark_public(response: HttpResponse) -> None:
    """Say that this response is the same for everyone and may be kept by a shared cache."""
    # Django's response has no place of its own for such a mark.
    response.is_public = True  # type: ignore[attr-defined]


def same_bytes_for_everyone(get_response: Handler) -> Handler:
    """Let a shared cache keep what a view marked with ``mark_public``.

    Outside the session's and the language's middleware: those add ``Vary`` headers for what our addresses already
    tell (the language is in the path). A cookie on such a response would be served to strangers, so it is refused.
    Whatever is not public and says nothing about caches is kept by none.
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
