"""Middleware: public pages are the same bytes for everyone, and the API answers errors as problems."""

from collections.abc import Callable, Mapping
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.urls import resolve
from django.utils.translation import get_language_from_path

from privacycenter.errors import (
    BadRequest,
    BodyTooLarge,
    InternalError,
    MethodNotAllowed,
    NotFound,
    Refusal,
    Unavailable,
    WrongContentType,
)
from privacycenter.http.compressed_bodies import read_compressed
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

    Forms with files are refused unread: otherwise a malformed body would be parsed before anything refuses it. A body
    compressed with gzip is read as what it holds, within the same limit: a small one may be a very large one.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        if not request.path_info.startswith(API):
            return get_response(request)
        if request.content_type == "multipart/form-data":
            return refusal_response(request, WrongContentType("Forms with files are not read here."))
        try:
            read_compressed(request)
        except Refusal as unreadable:
            return refusal_response(request, unreadable)
        response = get_response(request)
        if response.status_code < 400 or "json" in response.headers.get("Content-Type", ""):
            return response
        refusal = BY_STATUS.get(response.status_code, BadRequest(response.reason_phrase))
        return refusal_response(request, refusal, allowed_methods(response))

    return middleware


def allowed_methods(response: HttpResponse) -> dict[str, str]:
    """Return the header ``Allow`` of a 405: whoever may GET may also HEAD."""
    methods = response.headers.get("Allow", "").split(", ")
    return {"Allow": ", ".join([*methods, *(["HEAD"] if "GET" in methods else [])])} if methods != [""] else {}


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

    All middleware inside this one is for people. What it would have done for machines too is done here: set the length
    of the body, forbid framing, and report what is left of a limit. HEAD is answered like GET, without the body
    (RFC 9110, section 9.3.2).
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        if not request.path_info.startswith(API) or request.path_info == DOCUMENTATION:
            return get_response(request)
        speak(settings.LANGUAGE_CODE)
        request.resolver_match = match = resolve(request.path_info)
        is_head = request.method == "HEAD"
        if is_head:
            request.method = "GET"
        response: HttpResponse = match.func(request, *match.args, **match.kwargs)
        if is_head:
            request.method = "HEAD"
        allowance = getattr(request, "allowance", None)
        more = {"X-Frame-Options": settings.X_FRAME_OPTIONS, **(allowance.headers() if allowance else {})}
        for name, value in more.items():
            response.headers[name] = value
        if not response.streaming:
            response.headers["Content-Length"] = str(len(response.content))
        if is_head:
            leave_empty(response)
        return response

    return middleware


def leave_empty(response: HttpResponseBase) -> None:
    """Take the body away, of a stream without having read it; what it reads from is closed with the response."""
    if isinstance(response, StreamingHttpResponse):
        response.streaming_content = ()
    elif isinstance(response, HttpResponse):
        response.content = b""


class PersonalBytesError(Exception):
    """A response marked public carries a cookie. A programming error, stopped before it is cached."""


# Every cache may store a page but must revalidate it each time (a 304 sends no body): `s-maxage` or
# `stale-while-revalidate` would let a CDN show the former text after a publication. Operators may set that at the CDN.
CACHE_CONTROL = "public, max-age=0, must-revalidate"


def mark_public(response: HttpResponse, parameters: Mapping[str, Any] | None = None) -> None:
    """Mark the response as the same for everyone, so that shared caches may store it.

    ``parameters``: what it depends on besides publication and path, if it is to be kept in memory here
    (``disclosures.public.page_cache``). None: it is made for each request.
    """
    response.headers["Cache-Control"] = CACHE_CONTROL
    # Django's response has no attributes for these.
    response.is_public = True  # type: ignore[attr-defined]
    response.parameters = parameters  # type: ignore[attr-defined]


def same_bytes_for_everyone(get_response: Handler) -> Handler:
    """Let shared caches keep responses marked with ``mark_public``, and no cache keep others that do not say.

    It is outside of the session middleware, which adds a ``Vary`` header. A cookie on a public response would be served
    to strangers: PersonalBytesError.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if getattr(response, "is_public", False):
            if response.cookies:
                raise PersonalBytesError(request.path_info)
            response.headers.pop("Vary", None)
        elif "Cache-Control" not in response.headers:
            response.headers["Cache-Control"] = "private, no-store"
        return response

    return middleware
