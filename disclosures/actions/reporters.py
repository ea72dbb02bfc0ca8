"""Reporters and their credentials."""

from collections.abc import Sequence

from allauth.idp.oidc.adapter import get_adapter
from allauth.idp.oidc.models import Client
from django.db import transaction

from disclosures.models import Reporter, Service
from disclosures.reporter_tokens import SCOPES
from privacycenter.errors import InvalidValue


@transaction.atomic
def create_reporter(
    *, code: str, title: str, services: Sequence[str], scopes: Sequence[str] = SCOPES
) -> tuple[Reporter, str]:
    """Make a reporter and its credentials. Returns it and its secret, which exists in the clear only here.

    Raises InvalidValue for a code that is taken, a service that is not in use or a scope that does not exist.
    """
    if Reporter.objects.filter(code=code).exists():
        raise InvalidValue(f"There is a reporter “{code}” already.", "code")
    found = list(Service.objects.in_use().filter(code__in=services))
    if missing := set(services) - {service.code for service in found}:
        raise InvalidValue(f"There is no service “{min(missing)}”.", "services")
    if wrong := set(scopes) - set(SCOPES):
        raise InvalidValue(f"There is no scope “{min(wrong)}”. Choose from: {', '.join(SCOPES)}.", "scopes")
    secret = get_adapter().generate_client_secret()
    client = Client(name=title[:100], grant_types=Client.GrantType.CLIENT_CREDENTIALS, response_types="")
    client.set_secret(secret)
    client.set_scopes(list(scopes))
    client.set_default_scopes(list(scopes))
    client.save()
    reporter = Reporter.objects.create(code=code, title=title, client=client)
    reporter.services.set(found)
    return reporter, secret
