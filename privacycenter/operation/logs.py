"""The log: one line per event, JSON in production, without personal data.

No line names a person, a subject, a path (it holds ids and reference numbers) or anything a visitor typed.
"""

import logging
import re
from collections.abc import Callable
from typing import Any

import structlog

from privacycenter.operation.environment import stop

E_MAIL = re.compile(r"[^\s@<>()\[\]'\",;:]+@[^\s@<>()\[\]'\",;:]+")
# In these lines PostgreSQL names the offending values.
DETAIL = re.compile(r"^(DETAIL|CONTEXT|HINT):.*$", re.MULTILINE)


def without_personal_data(_logger: Any, _method: str, event: dict[str, Any]) -> dict[str, Any]:
    """Remove from a log line what libraries put into their messages: e-mail addresses, and the values of rows."""
    for name, value in event.items():
        if isinstance(value, str):
            event[name] = E_MAIL.sub("[address]", DETAIL.sub(r"\1: [left out]", value))
    return event


class RoutesInsteadOfPaths(logging.Filter):
    """Replaces the path of a failed request by its route. Drops responses below 500, which the request log has."""

    def filter(self, record: logging.LogRecord) -> bool:
        request = getattr(record, "request", None)
        if request is None or not hasattr(request, "META"):
            return True
        if getattr(record, "status_code", 500) < 500:
            return False
        record.msg, record.args = "%s %s failed", (request.method, route_of(request))
        record.__dict__.pop("request")
        return True


def route_of(request: Any) -> str:
    """Return the name of the URL pattern, never the path itself."""
    match = getattr(request, "resolver_match", None)
    if match is not None:
        return match.view_name or match.route or "unnamed"
    return "none"


SHARED: list[Callable[..., Any]] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
]


def logging_config(*, is_production: bool) -> dict[str, Any]:
    """Return Django's ``LOGGING``: everything to standard error through one formatter, the libraries' lines too."""
    ending: list[Callable[..., Any]] = (
        [structlog.processors.format_exc_info, without_personal_data, structlog.processors.JSONRenderer()]
        if is_production
        # The plain traceback: the rich one prints the values of variables, including personal data and passwords,
        # and queries the database for them, again for each one if it does not answer.
        else [
            without_personal_data,
            structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback),
        ]
    )
    structlog.configure(
        processors=[*SHARED, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "lines": {
                "()": structlog.stdlib.ProcessorFormatter,
                "foreign_pre_chain": [*SHARED, structlog.stdlib.PositionalArgumentsFormatter()],
                "processors": [structlog.stdlib.ProcessorFormatter.remove_processors_meta, *ending],
            }
        },
        "filters": {"routes": {"()": RoutesInsteadOfPaths}},
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "lines", "filters": ["routes"]}},
        # Django's own handlers would log everything twice.
        "loggers": {"django": {"handlers": [], "level": "INFO", "propagate": True}},
        "root": {"handlers": ["console"], "level": "INFO"},
    }


def start_error_reports(dsn: str) -> None:
    """Send unhandled errors to Sentry, without the content of requests. sentry-sdk is not among the dependencies."""
    try:
        import sentry_sdk
    except ImportError:
        stop("SENTRY_DSN is set, but sentry-sdk is not installed. Install it, or unset SENTRY_DSN.")
    sentry_sdk.init(
        dsn=dsn,
        send_default_pii=False,
        include_local_variables=False,
        max_request_body_size="never",
        before_send=without_request,
        before_breadcrumb=lambda crumb, hint: None,
    )


def without_request(event: dict[str, Any], _hint: Any) -> dict[str, Any]:
    return {name: value for name, value in event.items() if name not in ("request", "user", "breadcrumbs")}
