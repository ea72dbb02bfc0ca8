"""Webhook endpoints and their secrets: create, rotate, disable, enable."""

from collections.abc import Sequence
from datetime import timedelta

from django.conf import settings
from django.contrib.admin.models import ADDITION, CHANGE, LogEntry
from django.db import transaction
from django.utils import timezone

from consents.models import DisabledReason, WebhookEndpoint, WebhookSecret
from consents.models.deliveries import EVENT_TYPES
from consents.webhooks.messages import PURPOSE, new_secret
from disclosures.models import Reporter
from privacycenter.encryption import seal
from privacycenter.errors import InvalidValue, NoLongerOpen
from privacycenter.http.safe_http import BadAddress, read_url
from privacycenter.models import User

LONGEST_OVERLAP = timedelta(days=30)
MOST_SECRETS = 5
ADDRESS_ERRORS = {
    "bad-url": "No webhook can be sent there: ASCII only, up to 500 characters, no user name, no fragment.",
    "not-https": "The address must begin with https://.",
}


@transaction.atomic
def create_webhook(
    *, reporter: Reporter, url: str, event_types: Sequence[str] = EVENT_TYPES, by: User | None
) -> tuple[WebhookEndpoint, str]:
    """Create an endpoint. Return it with its secret, which is readable only here.

    Raises InvalidValue for an invalid URL, one that this reporter has already, or an unknown event. Whether the host is
    private is checked at each attempt, not here: names can resolve to other addresses later.
    """
    try:
        read_url(url, allow_http=settings.WEBHOOK_ALLOW_HTTP)
    except BadAddress as error:
        raise InvalidValue(ADDRESS_ERRORS[error.reason], "url") from error
    if wrong := set(event_types) - set(EVENT_TYPES):
        raise InvalidValue(f"There is no event “{min(wrong)}”. Choose from: {', '.join(EVENT_TYPES)}.", "events")
    if not event_types:
        raise InvalidValue("Name at least one event.", "events")
    if WebhookEndpoint.objects.filter(reporter=reporter, url=url).exists():
        raise InvalidValue("This reporter has a webhook to that address already.", "url")
    chosen = [name for name in EVENT_TYPES if name in event_types]
    endpoint = WebhookEndpoint.objects.create(reporter=reporter, url=url, event_types=chosen)
    note(endpoint, "created", by, flag=ADDITION)
    return endpoint, add_secret(endpoint)


@transaction.atomic
def rotate_secret(*, endpoint: WebhookEndpoint, overlap: timedelta, by: User | None) -> str:
    """Create a new secret and return it, readable only here. Earlier ones keep signing for ``overlap``.

    Raises InvalidValue for an overlap below zero or above 30 days, and if five secrets sign already.
    """
    lock(endpoint)
    if not timedelta() <= overlap <= LONGEST_OVERLAP:
        raise InvalidValue("The former secret can go on signing for 0 to 30 days.", "overlap")
    until = timezone.now() + overlap
    active = WebhookSecret.objects.active().filter(endpoint=endpoint)
    if overlap and active.count() >= MOST_SECRETS:
        raise InvalidValue(
            "Five secrets are signing already. Wait until one ends, or end the former ones now.", "overlap"
        )
    for secret in active:
        secret.expires_at = min(until, secret.expires_at) if secret.expires_at else until
        secret.save(update_fields=["expires_at"])
    note(endpoint, "rotated", by, f"{int(overlap.total_seconds() // 3600)} h")
    return add_secret(endpoint)


def add_secret(endpoint: WebhookEndpoint) -> str:
    secret = new_secret()
    WebhookSecret.objects.create(endpoint=endpoint, sealed=seal(secret, purpose=PURPOSE))
    return secret


@transaction.atomic
def disable_webhook(*, endpoint: WebhookEndpoint, reason: DisabledReason, by: User | None) -> None:
    """Stop sending to the endpoint; waiting and later deliveries are held.

    Raises NoLongerOpen if it is disabled already.
    """
    if not lock(endpoint).is_enabled:
        raise NoLongerOpen("The webhook is disabled already.")
    set_state(endpoint, disabled_at=timezone.now(), disabled_reason=reason)
    note(endpoint, "disabled", by)


@transaction.atomic
def enable_webhook(*, endpoint: WebhookEndpoint, by: User | None) -> None:
    """Send again, with its record of failures cleared. Held deliveries stay held until they are redelivered.

    Raises NoLongerOpen if it is enabled already.
    """
    if lock(endpoint).is_enabled:
        raise NoLongerOpen("The webhook is enabled already.")
    set_state(endpoint, disabled_at=None, disabled_reason="", failing_since=None, paused_until=None)
    note(endpoint, "enabled", by)


def lock(endpoint: WebhookEndpoint) -> WebhookEndpoint:
    return WebhookEndpoint.objects.select_for_update().get(pk=endpoint.pk)


def set_state(endpoint: WebhookEndpoint, **values: object) -> None:
    WebhookEndpoint.objects.filter(pk=endpoint.pk).update(**values)


def note(endpoint: WebhookEndpoint, what: str, by: User | None, detail: str = "", flag: int = CHANGE) -> None:
    """Log who did what, for the desk. Without ``by`` (the worker) nothing is logged: the endpoint shows it.

    ``what``: a key of ``CHANGE_WORDS`` in ``consents.webhooks.queries``.
    """
    if by is not None:
        message = f"{what}: {detail}" if detail else what
        LogEntry.objects.log_actions(by.pk, [endpoint], flag, change_message=message, single_object=True)
