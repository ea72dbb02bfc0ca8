"""Actions that give tokens to reporters (OAuth 2.0 client credentials, RFC 6749 section 4.4)."""

import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta

from allauth.idp.oidc import app_settings
from allauth.idp.oidc.models import Token
from django.db import transaction
from django.utils import timezone

from disclosures.models import Reporter
from disclosures.reporters.queries import accepts_secret
from privacycenter.errors import Refusal

WRONG_CREDENTIALS = "Check client_id and client_secret; ask the operator if they should be right."


class InvalidClient(Refusal):
    """RFC 6749 section 5.2. The same response for an unknown or stopped client and for a wrong secret."""

    name = "invalid_client"
    title = "These are not the credentials of a reporter."
    status = 401


class InvalidScope(Refusal):
    name = "invalid_scope"
    title = "The reporter does not have that scope."
    status = 400


@dataclass(frozen=True)
class GivenToken:
    """A new token. ``value`` exists in the clear only here."""

    value: str
    lifetime_seconds: int
    scopes: list[str]


@transaction.atomic
def give_token(*, client_id: str, secret: str, scopes: Collection[str] = ()) -> GivenToken:
    """Create a token for the reporter with these credentials. Without ``scopes``, it gets all scopes of the reporter.

    Raises InvalidClient or InvalidScope. Also deletes the client's expired tokens, so that the table stays small.
    """
    reporter = Reporter.objects.for_client(client_id)
    if reporter is None or not accepts_secret(reporter, secret):
        raise InvalidClient(WRONG_CREDENTIALS)
    held = reporter.client.get_scopes()
    if wrong := set(scopes) - set(held):
        raise InvalidScope(f"This reporter does not have the scope “{min(wrong)}”.")
    value, lifetime = secrets.token_urlsafe(48), int(app_settings.ACCESS_TOKEN_EXPIRES_IN)
    given = [scope for scope in held if not scopes or scope in scopes]
    token = Token(
        type=Token.Type.ACCESS_TOKEN, client=reporter.client, expires_at=timezone.now() + timedelta(seconds=lifetime)
    )
    token.set_value(value)
    token.set_scopes(given)
    token.save()
    Token.objects.expired().filter(client=reporter.client).delete()
    return GivenToken(value, lifetime, given)
