"""The request of a logged-in person, and refusals as problem+json (RFC 9457)."""

from collections.abc import Mapping

from django.http import HttpRequest, JsonResponse
from django_htmx.middleware import HtmxDetails

from privacycenter.errors import LengthRequired, Refusal
from privacycenter.models import User

PERMISSION_CHECKS = "/permission-checks"


class PersonRequest(HttpRequest):
    """A request behind ``login_required``, which has a person. For type checking only."""

    user: User
    htmx: HtmxDetails


def refusal_response(request: HttpRequest, refusal: Refusal, headers: Mapping[str, str] | None = None) -> JsonResponse:
    """Return a refusal as problem+json; under ``permission-checks`` with ``allowed: false``."""
    members = refusal.as_problem()
    if PERMISSION_CHECKS in request.path_info:
        members["allowed"] = False
    return JsonResponse(
        members,
        status=refusal.status,
        content_type="application/problem+json",
        headers={**refusal.headers(), **(headers or {})},
        json_dumps_params={"ensure_ascii": False},
    )


def refuse_unknown_length(request: HttpRequest) -> None:
    """Raise LengthRequired for a chunked body: without its length Django would read it as empty."""
    if "chunked" in request.headers.get("Transfer-Encoding", "").lower():
        raise LengthRequired("Send Content-Length instead of Transfer-Encoding: chunked.")
