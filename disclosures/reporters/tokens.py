"""Scopes and token settings of reporters (OAuth 2.0 client credentials, allauth)."""

import secrets

from allauth.idp.oidc.adapter import DefaultOIDCAdapter
from django.conf import settings
from django.utils.translation import gettext_lazy as _

DISCLOSURES_WRITE = "disclosures:write"
DISCLOSURES_READ = "disclosures:read"
PERMISSIONS_READ = "permissions:read"
REQUESTS_WRITE = "requests:write"
DECISIONS_READ = "decisions:read"
RECIPIENTS_WRITE = "recipients:write"
# In a sandbox alone.
SANDBOX_WRITE = "sandbox:write"
# For the API's description, which is in English.
SCOPES_EXPLAINED = {
    DISCLOSURES_WRITE: "Report disclosures.",
    DISCLOSURES_READ: "Look up what you reported, with its proof.",
    PERMISSIONS_READ: "Ask whether a disclosure is allowed, and read the catalogue.",
    REQUESTS_WRITE: "Have a person asked, see what became of it, and cancel it.",
    DECISIONS_READ: "Read what people decided.",
    RECIPIENTS_WRITE: "Propose recipients, and change those that you proposed.",
}
SCOPES = tuple(SCOPES_EXPLAINED)


def scopes_explained() -> dict[str, str]:
    """Return scope → what it is for, of this installation: a sandbox has one more."""
    of_sandbox = {SANDBOX_WRITE: "Put the sandbox's clock forward, make up people and answer for them."}
    return {**SCOPES_EXPLAINED, **(of_sandbox if settings.SANDBOX else {})}


class ReporterTokenAdapter(DefaultOIDCAdapter):
    """Tokens name a machine, never a person. Only hashes of secrets and tokens are stored."""

    scope_display = {
        DISCLOSURES_WRITE: _("Report disclosures"),
        DISCLOSURES_READ: _("Look up its own reports"),
        PERMISSIONS_READ: _("Ask whether a disclosure is allowed"),
        REQUESTS_WRITE: _("Have a person asked"),
        DECISIONS_READ: _("Read decisions"),
        RECIPIENTS_WRITE: _("Propose recipients"),
        SANDBOX_WRITE: _("Use the sandbox's clock and people"),
    }

    def generate_client_secret(self) -> str:
        return secrets.token_urlsafe(32)
