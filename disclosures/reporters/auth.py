"""Authentication of API calls: a reporter is identified by its bearer token and has a call limit."""

from allauth.idp.oidc.adapter import get_adapter
from django.conf import settings
from django.http import HttpRequest
from ninja.security.base import AuthBase

from disclosures.models import Reporter
from disclosures.reporters.tokens import DISCLOSURES_WRITE, RECIPIENTS_WRITE, REQUESTS_WRITE
from privacycenter.errors import InsufficientScope, ReporterPaused
from privacycenter.rate_limits.limits import Allowance, Counted, RateLimit, spend

WRITING = (DISCLOSURES_WRITE, REQUESTS_WRITE, RECIPIENTS_WRITE)
SAFE = ("GET", "HEAD", "OPTIONS")


class ReporterRequest(HttpRequest):
    """A request that passed ``ReporterAuth``. For type checking only."""

    auth: Reporter
    allowance: Allowance


class ReporterAuth(AuthBase):
    """Returns the reporter that holds the token, or None: 401.

    None for a stopped reporter, a revoked or expired token, and a token of any other client. Raises InsufficientScope
    (403) if the token lacks the scope, TooManyCalls (429) above the reporter's limit, ReporterPaused (503) for a call
    of a paused reporter that writes. One SQL statement per call and no caching, so that stopping, pausing, revoking and
    removing a scope take effect at once.
    """

    openapi_type = "http"
    openapi_scheme = "bearer"

    def __init__(self, scope: str) -> None:
        super().__init__()
        self.scope = scope

    def __call__(self, request: HttpRequest) -> Reporter | None:
        kind, _space, token = request.headers.get("Authorization", "").partition(" ")
        if kind.lower() != "bearer" or not token:
            return None
        reporter = Reporter.objects.with_token(get_adapter().hash_token(token.strip()))
        if reporter is None:
            return None
        limit = RateLimit("calls", settings.API_RATE_LIMIT, by_clock=True, in_shares=True)
        allowance = spend(limit, Counted("reporter", str(reporter.pk)))
        if limit.amount:
            request.allowance = allowance  # type: ignore[attr-defined]
        if self.scope not in reporter.scopes:
            raise InsufficientScope(f"Ask for the scope “{self.scope}” when getting the token.")
        if reporter.paused_at and self.scope in WRITING and request.method not in SAFE:
            raise ReporterPaused
        return reporter
