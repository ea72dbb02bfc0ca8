"""The request log: an id and one log line for each request, and its count in /metrics.

Kept public pages are counted elsewhere and get neither.
"""

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
# Requested every few seconds, or answered faster than a line is written: counted but not logged, unless they fail.
QUIET = ("healthz", "readyz", "metrics", "static")

access_log = structlog.get_logger("privacycenter.access")


def observed(get_response: Handler) -> Handler:
    """Give the request an id, from the proxy in front (``X-Request-ID``) or a new one, then log and count it.

    The response carries the id in a header, except public pages, which are the same for everyone.
    """

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
    """Forget the id of the thread's last request, so that log lines about a request without one do not carry it."""
    structlog.contextvars.clear_contextvars()


def request_id(request: HttpRequest) -> str:
    given = request.headers.get("X-Request-ID", "")
    return given if GIVEN_ID.fullmatch(given) else uuid.uuid4().hex


def name_of(request: HttpRequest, status: int) -> str:
    """Return the route; ``static`` for files, which no view answers."""
    route = route_of(request)
    is_file = route == "none" and status < 400 and request.path_info.startswith(settings.STATIC_URL)
    return "static" if is_file else route
