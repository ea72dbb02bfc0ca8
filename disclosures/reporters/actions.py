"""Actions on reporters and their credentials. Only return values hold a secret in the clear; the database has
hashes."""

from collections.abc import Sequence
from datetime import timedelta

from allauth.idp.oidc.adapter import get_adapter
from allauth.idp.oidc.models import Client, Token
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from disclosures.models import FormerSecret, Reporter, Service
from disclosures.reporters.tokens import scopes_explained
from privacycenter.errors import InvalidValue

LONGEST_OVERLAP = timedelta(days=30)


@transaction.atomic
def create_reporter(
    *, code: str, title: str, services: Sequence[str], scopes: Sequence[str] | None = None
) -> tuple[Reporter, str]:
    """Create a reporter with credentials, and return it with its secret, which exists in the clear only here.

    ``scopes``: None for all that there are.
    Raises InvalidValue for an invalid code or title, a code that is taken, a service that is not in use, or an unknown
    scope.
    """
    refuse_unfit(Reporter(code=code, title=title))
    if Reporter.objects.filter(code=code).exists():
        raise InvalidValue(f"There is a reporter “{code}” already.", "code")
    found = services_in_use(services)
    scopes = list(scopes_explained()) if scopes is None else scopes
    refuse_unknown_scopes(scopes)
    secret: str = get_adapter().generate_client_secret()
    client = Client(name=title[:100], grant_types=Client.GrantType.CLIENT_CREDENTIALS, response_types="")
    client.set_secret(secret)
    client.set_scopes(list(scopes))
    client.set_default_scopes(list(scopes))
    client.save()
    reporter = Reporter.objects.create(code=code, title=title, client=client)
    reporter.services.set(found)
    return reporter, secret


@transaction.atomic
def change_reporter(
    *, reporter: Reporter, services: Sequence[str] | None = None, scopes: Sequence[str] | None = None
) -> None:
    """Set the services and scopes of a reporter; None leaves them unchanged.

    Takes effect on the next call, also for tokens already given. Raises InvalidValue as ``create_reporter`` does.
    """
    if services is not None:
        reporter.services.set(services_in_use(services))
    if scopes is not None:
        refuse_unknown_scopes(scopes)
        client = Client.objects.select_for_update().get(pk=reporter.client_id)
        client.set_scopes(list(scopes))
        client.set_default_scopes(list(scopes))
        client.save(update_fields=["scopes", "default_scopes"])


@transaction.atomic
def rotate_secret(*, reporter: Reporter, overlap: timedelta = timedelta()) -> str:
    """Give a reporter a new secret and return it. The previous one works for another ``overlap``, at most 30 days.

    Without overlap (the old secret may have leaked), every older secret and every token given stops working at once.
    Raises InvalidValue for an overlap that is too long and for a stopped reporter.
    """
    if not timedelta() <= overlap <= LONGEST_OVERLAP:
        raise InvalidValue(f"From 0 to {LONGEST_OVERLAP.days * 24} hours.", "overlap")
    client = Client.objects.select_for_update().get(pk=reporter.client_id)
    if Reporter.objects.filter(pk=reporter.pk, stopped_at__isnull=False).exists():
        raise InvalidValue(f"“{reporter.code}” is stopped.", "code")
    if overlap:
        until = timezone.now() + overlap
        reporter.former_secrets.filter(valid_until__lte=timezone.now()).delete()
        FormerSecret.objects.create(reporter=reporter, secret=client.secret, valid_until=until)
    else:
        forget_credentials(reporter)
    secret: str = get_adapter().generate_client_secret()
    client.set_secret(secret)
    client.save(update_fields=["secret"])
    return secret


@transaction.atomic
def stop_reporter(*, reporter: Reporter) -> bool:
    """Refuse a reporter from the next call on: it gets no tokens, and those given no longer work.

    Returns whether it was active until now. The row stays, because the ledger refers to it.
    """
    Client.objects.select_for_update().get(pk=reporter.client_id)
    forget_credentials(reporter)
    was_working = Reporter.objects.filter(pk=reporter.pk, stopped_at__isnull=True)
    return bool(was_working.update(stopped_at=timezone.now()))


def forget_credentials(reporter: Reporter) -> None:
    """Delete everything but the current secret."""
    reporter.former_secrets.all().delete()
    Token.objects.filter(client_id=reporter.client_id).delete()


def refuse_unfit(reporter: Reporter) -> None:
    """Raise InvalidValue if a column is too long or has characters that are not allowed."""
    try:
        reporter.clean_fields(exclude=["client"])
    except ValidationError as error:
        field, messages = next(iter(error.message_dict.items()))
        raise InvalidValue(" ".join(messages), field) from error


def services_in_use(codes: Sequence[str]) -> list[Service]:
    found = list(Service.objects.in_use().filter(code__in=codes))
    if missing := set(codes) - {service.code for service in found}:
        raise InvalidValue(f"There is no service “{min(missing)}”.", "services")
    return found


def refuse_unknown_scopes(scopes: Sequence[str]) -> None:
    if wrong := set(scopes) - set(scopes_explained()):
        raise InvalidValue(f"There is no scope “{min(wrong)}”. Choose from: {', '.join(scopes_explained())}.", "scopes")
