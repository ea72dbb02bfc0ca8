"""Middleware of our own: public pages stay the same bytes for everyone, the API speaks in problems."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from privacycenter.http import problem, refusal_response

Handler = Callable[[HttpRequest], HttpResponse]


API, TOKEN = "/api/v1/", "/api/v1/token"


def problems_under_the_api(get_response: Handler) -> Handler:
    """Under the API every error is a problem (RFC 9457), also those that Django answers before a view is reached.

    Forms with files are never read there: the body would be parsed, and could be malformed, before anything refuses it.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        if not request.path.startswith(API):
            return get_response(request)
        if request.content_type == "multipart/form-data" and request.path != TOKEN:
            members = problem(name="wrong-content-type", title="The content type is not read here.", status=415)
            return refusal_response(request, members)
        response = get_response(request)
        if response.status_code < 400 or "json" in response.headers.get("Content-Type", ""):
            return response
        kept = {name: response.headers[name] for name in ("Allow",) if name in response.headers}
        members = problem(name="refused", title=response.reason_phrase, status=response.status_code)
        return refusal_response(request, members, kept)

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
