"""Who calls: a reporter, known by its bearer token, as often as its limit allows."""

from allauth.idp.oidc.adapter import get_adapter
from django.conf import settings
from django.http import HttpRequest
from ninja.security.base import AuthBase

from disclosures.models import Reporter
from privacycenter.api.quotas import Allowance, Quota, spend
from privacycenter.errors import InsufficientScope


class ReporterRequest(HttpRequest):
    """A request behind ``ReporterAuth``. For type checking alone."""

    auth: Reporter
    allowance: Allowance


class ReporterAuth(AuthBase):
    """Return the reporter behind the token, or None: 401.

    A stopped reporter, a revoked or expired token and any other client's token are all None. A token without the
    scope raises InsufficientScope (403), a reporter above its limit TooManyCalls (429). One SQL statement on every call
    and nothing kept, so stopping, revoking and taking a scope away work at once.
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
        quota = Quota("calls", settings.API_RATE_LIMIT)
        allowance = spend(quota, f"reporter:{reporter.pk}")
        if quota.amount:
            request.allowance = allowance  # type: ignore[attr-defined]
        if self.scope not in reporter.scopes:
            raise InsufficientScope(f"Ask for the scope “{self.scope}” when getting the token.")
        return reporter
