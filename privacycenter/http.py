"""HTTP as several parts speak it: the request of a person who is logged in, and problem+json (RFC 9457)."""

from typing import Any

from django.http import HttpRequest, JsonResponse
from django_htmx.middleware import HtmxDetails

from privacycenter.errors import PROBLEM_TYPE
from privacycenter.models import User


class PersonRequest(HttpRequest):
    """A request behind ``login_required``: there is a person. For type checking alone."""

    user: User
    htmx: HtmxDetails


def problem(*, name: str, title: str, status: int, detail: str = "", **more: Any) -> dict[str, Any]:
    """The members of a problem. ``name`` is the last part of its type; all are listed in docs/api.md."""
    members = {"type": PROBLEM_TYPE + name, "title": title, "status": status, "detail": detail or title}
    return {**members, **more}


def refusal_response(
    request: HttpRequest, members: dict[str, Any], headers: dict[str, str] | None = None
) -> JsonResponse:
    """A problem; under ``permission-checks`` it also says in so many words that nothing is allowed."""
    if request.path.endswith("/permission-checks"):
        members = {**members, "allowed": False}
    return problem_response(members, headers)


def problem_response(members: dict[str, Any], headers: dict[str, str] | None = None) -> JsonResponse:
    return JsonResponse(
        members,
        status=members["status"],
        content_type="application/problem+json",
        headers=headers or {},
        json_dumps_params={"ensure_ascii": False},
    )
