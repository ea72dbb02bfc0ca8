"""How reporters' credentials and tokens are made and recognised (OAuth 2.0 client credentials, allauth)."""

import secrets

from allauth.idp.oidc.adapter import DefaultOIDCAdapter
from django.utils.translation import gettext_lazy as _

DISCLOSURES_WRITE = "disclosures:write"
PERMISSIONS_READ = "permissions:read"
REQUESTS_WRITE = "requests:write"
DECISIONS_READ = "decisions:read"
SCOPES = (DISCLOSURES_WRITE, PERMISSIONS_READ, REQUESTS_WRITE, DECISIONS_READ)


class ReporterTokenAdapter(DefaultOIDCAdapter):
    """Tokens name a machine, never a person. Only hashes of secrets and tokens are stored."""

    scope_display = {
        DISCLOSURES_WRITE: _("Report disclosures"),
        PERMISSIONS_READ: _("Ask whether a disclosure is allowed"),
        REQUESTS_WRITE: _("Have a person asked"),
        DECISIONS_READ: _("Read decisions"),
    }

    def generate_client_secret(self) -> str:
        return secrets.token_urlsafe(32)
