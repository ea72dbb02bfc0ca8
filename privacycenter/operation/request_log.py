"""Around every request but those for kept public pages, which are counted alone: a number for it, one line in the log,
and its place in the counts of /metrics."""

import re
import time
import uuid

import structlog
from django.conf import settings
from django.http import HttpRequest, HttpResponse

from privacycenter.http.middleware import Handler
from privacycenter.operation.logs import route_of
from privacycenter.operation.metrics import count_request

GIVEN_ID = re.compile(r"[A-Za-z0-9_-]{8,64}")
# Asked for every few seconds, or answered in less time than a line costs: they are counted, not written down. What
# fails is written all the same.
QUIET = ("healthz", "readyz", "metrics", "static")

access_log = structlog.get_logger("privacycenter.access")


def observed(get_response: Handler) -> Handler:
    """The request's number comes from the proxy in front (``X-Request-ID``) or is made here. It goes back in a header,
    except on public pages, which are the same for everyone."""

    def middleware(request: HttpRequest) -> HttpResponse:
        began = time.perf_counter()
        structlog.contextvars.clear_contextvars()
        number = request_id(request)
        structlog.contextvars.bind_contextvars(request_id=number)
        response = get_response(request)
        seconds = time.perf_counter() - began
        route = name_of(request, response.status_code)
        count_request(route, str(request.method), response.status_code, seconds)
        if route not in QUIET or response.status_code >= 500:
            access_log.info(
                "request", route=route, method=request.method, status=response.status_code, ms=round(seconds * 1000, 1)
            )
        if "public" not in response.headers.get("Cache-Control", ""):
            response.headers["X-Request-ID"] = number
        return response

    return middleware


def forget_number() -> None:
    """For what is logged about a request that got no number: its thread still holds that of the one before."""
    structlog.contextvars.clear_contextvars()


def request_id(request: HttpRequest) -> str:
    given = request.headers.get("X-Request-ID", "")
    return given if GIVEN_ID.fullmatch(given) else uuid.uuid4().hex


def name_of(request: HttpRequest, status: int) -> str:
    """What no view answered has no route: files, for one."""
    route = route_of(request)
    is_file = route == "none" and status < 400 and request.path.startswith(settings.STATIC_URL)
    return "static" if is_file else route
