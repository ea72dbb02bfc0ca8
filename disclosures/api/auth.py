"""Who calls: a reporter, known by its bearer token."""

from allauth.idp.oidc.contrib.ninja.security import TokenAuth
from django.http import HttpRequest
from ninja.security.base import AuthBase

from disclosures.models import Reporter
from privacycenter.errors import Refusal


class InsufficientScope(Refusal):
    name = "insufficient-scope"
    title = "The token does not have the scope that this call needs."
    status = 403


class ReporterRequest(HttpRequest):
    """A request behind ``ReporterAuth``. For type checking alone."""

    auth: Reporter


class ReporterAuth(AuthBase):
    """Authenticate the token (allauth) and return the reporter behind it, or None: 401.

    A stopped reporter, a revoked or expired token and any other client's token are all None. A token without the
    scope raises InsufficientScope: 403. Asked of the database on every call, so stopping works at once.
    """

    openapi_type = "http"
    openapi_scheme = "bearer"

    def __init__(self, scope: str) -> None:
        super().__init__()
        self.scope = scope

    def __call__(self, request: HttpRequest) -> Reporter | None:
        token = TokenAuth([])(request)
        reporter = Reporter.objects.for_client(token.client_id) if token else None
        if reporter and self.scope not in token.get_scopes():
            raise InsufficientScope(f"Ask for the scope “{self.scope}” when getting the token.")
        return reporter
