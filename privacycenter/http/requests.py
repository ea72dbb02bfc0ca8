"""HTTP as several parts speak it: the request of a person who is logged in, and problem+json (RFC 9457)."""

from collections.abc import Mapping

from django.http import HttpRequest, JsonResponse
from django_htmx.middleware import HtmxDetails

from privacycenter.errors import LengthRequired, Refusal
from privacycenter.models import User

PERMISSION_CHECKS = "/permission-checks"


class PersonRequest(HttpRequest):
    """A request behind ``login_required``: there is a person. For type checking alone."""

    user: User
    htmx: HtmxDetails


def refusal_response(request: HttpRequest, refusal: Refusal, headers: Mapping[str, str] | None = None) -> JsonResponse:
    """A refusal as problem+json; under ``permission-checks`` it also says in so many words that nothing is allowed."""
    members = refusal.as_problem()
    if PERMISSION_CHECKS in request.path:
        members["allowed"] = False
    return JsonResponse(
        members,
        status=refusal.status,
        content_type="application/problem+json",
        headers={**refusal.headers(), **(headers or {})},
        json_dumps_params={"ensure_ascii": False},
    )


def refuse_unknown_length(request: HttpRequest) -> None:
    """Raises LengthRequired for a body that comes in chunks: without its length Django would read it as empty."""
    if "chunked" in request.headers.get("Transfer-Encoding", "").lower():
        raise LengthRequired("Send Content-Length instead of Transfer-Encoding: chunked.")
