"""Scopes and token settings of reporters (OAuth 2.0 client credentials, allauth)."""

import secrets

from allauth.idp.oidc.adapter import DefaultOIDCAdapter
from django.utils.translation import gettext_lazy as _

DISCLOSURES_WRITE = "disclosures:write"
DISCLOSURES_READ = "disclosures:read"
PERMISSIONS_READ = "permissions:read"
REQUESTS_WRITE = "requests:write"
DECISIONS_READ = "decisions:read"
# For the API's description, which is in English.
SCOPES_EXPLAINED = {
    DISCLOSURES_WRITE: "Report disclosures.",
    DISCLOSURES_READ: "Look up what you reported, with its proof.",
    PERMISSIONS_READ: "Ask whether a disclosure is allowed, and read the catalogue.",
    REQUESTS_WRITE: "Have a person asked, see what became of it, and cancel it.",
    DECISIONS_READ: "Read what people decided.",
}
SCOPES = tuple(SCOPES_EXPLAINED)


class ReporterTokenAdapter(DefaultOIDCAdapter):
    """Tokens name a machine, never a person. Only hashes of secrets and tokens are stored."""

    scope_display = {
        DISCLOSURES_WRITE: _("Report disclosures"),
        DISCLOSURES_READ: _("Look up its own reports"),
        PERMISSIONS_READ: _("Ask whether a disclosure is allowed"),
        REQUESTS_WRITE: _("Have a person asked"),
        DECISIONS_READ: _("Read decisions"),
    }

    def generate_client_secret(self) -> str:
        return secrets.token_urlsafe(32)
