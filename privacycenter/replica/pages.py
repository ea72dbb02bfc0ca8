"""Middleware: a person's pages are read from the replica, and everybody sees what they wrote themselves.

After a write the response carries a cookie with the primary's position. Until that is over, the pages of this browser
are read from the replica only if it has replayed so far. The pages are those in ``settings.REPLICA_PAGES``: they show
what is there. Whatever checks, decides or writes reads from the primary, as does every page that is not named.
"""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.signing import BadSignature, TimestampSigner
from django.db import DEFAULT_DB_ALIAS, DatabaseError, connections
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.module_loading import import_string

from privacycenter.http.middleware import Handler
from privacycenter.operation.metrics import count_replica_reads
from privacycenter.replica.router import (
    APPS_READ_THERE,
    begin_reading_there,
    is_read_there,
    rows_read_from,
    stop_reading_there,
)
from privacycenter.replica.state import Lost, position_now, replica

COOKIE = f"{settings.COOKIE_PREFIX}seen"
# Longer than the largest lag at which the replica is read (``state.MOST_LAG_SECONDS``), with a wide margin.
COOKIE_SECONDS = 5 * 60
SALT = "privacycenter.replica"
# No replica ever has it: the primary is read until the cookie is over.
NEVER = 2**63 - 1
# Why the primary is asked, besides those of ``state``.
REPRESENTED, EXEMPT = "represented", "exempt"
READER = "pages"


def persons_pages_from_replica(get_response: Handler) -> Handler:
    def middleware(request: HttpRequest) -> HttpResponse:
        writes = Writes()
        with connections[DEFAULT_DB_ALIAS].execute_wrapper(writes), rows_read_from(replica=False):
            response = get_response(request)
        if writes.seen and not getattr(response, "is_public", False):
            remember(response)
        return response

    def process_view(request: HttpRequest, view: Any, args: Any, kwargs: Any) -> None:
        match = request.resolver_match
        if request.method not in ("GET", "HEAD") or match is None or match.url_name not in settings.REPLICA_PAGES:
            return
        if not request.user.is_authenticated:
            return
        reason = why_primary(request)
        count_replica_reads(READER, "primary" if reason else "replica", reason)
        if not reason:
            begin_reading_there()

    def process_exception(request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Make the page again from the primary, if the replica was lost meanwhile, or does not know what is asked for:
        a service may just have told the person of it."""
        if not is_read_there() or not isinstance(error, (*Lost, Http404)):
            return None
        if isinstance(error, Lost):
            replica.turn_away_if_lost(error)
        stop_reading_there()
        match = request.resolver_match
        assert match is not None  # noqa: S101  a view of it raised
        answer: HttpResponse = match.func(request, *match.args, **match.kwargs)
        return answer

    middleware.process_view = process_view  # type: ignore[attr-defined]
    middleware.process_exception = process_exception  # type: ignore[attr-defined]
    return middleware


def why_primary(request: HttpRequest) -> str:
    """Return why this page is read from the primary; empty if it is read from the replica."""
    user: Any = request.user
    if user.viewpoint:
        # What a representative may see ends at once.
        return REPRESENTED
    if reason := replica.why_not(position_in(request)):
        return reason
    return EXEMPT if any(import_string(name)(user) for name in settings.REPLICA_EXEMPTIONS) else ""


class Writes:
    """Notices what this request writes on the primary to tables that are read from the replica."""

    def __init__(self) -> None:
        self.seen = False

    def __call__(self, execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: Any) -> Any:
        if not self.seen and is_write(str(sql)):
            self.seen = True
            stop_reading_there()
        return execute(sql, params, many, context)


def is_write(sql: str) -> bool:
    return not sql.lstrip()[:6].upper().startswith("SELECT") and any(f"{app}_" in sql for app in APPS_READ_THERE)


def position_in(request: HttpRequest) -> int:
    """Return the position that this browser must see: 0 for any."""
    try:
        return int(TimestampSigner(salt=SALT).unsign(request.COOKIES.get(COOKIE, ""), max_age=COOKIE_SECONDS))
    except (BadSignature, ValueError):
        return 0


def remember(response: HttpResponse) -> None:
    """Set the cookie. One SQL statement. What was written is written, also if the position cannot be asked."""
    try:
        position = position_now()
    except DatabaseError:
        position = NEVER
    response.set_cookie(
        COOKIE, TimestampSigner(salt=SALT).sign(str(position)), max_age=COOKIE_SECONDS,
        secure=bool(settings.SESSION_COOKIE_SECURE), httponly=True, samesite="Lax",
    )  # fmt: skip
