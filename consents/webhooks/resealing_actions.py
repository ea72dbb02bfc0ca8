"""Secrets of webhooks under a new ``SECRET_KEY``."""

from consents.models import WebhookSecret
from consents.webhooks.messages import PURPOSE
from privacycenter.encryption import CannotOpenError, Resealed, reseal


def reseal_webhook_secrets() -> Resealed:
    """Encrypt each secret anew that is under a former key; also those that are over, so that none keeps it."""
    counted = Resealed()
    for secret in WebhookSecret.objects.order_by("pk"):
        try:
            sealed = reseal(secret.sealed, purpose=PURPOSE)
        except CannotOpenError:
            counted += Resealed(unreadable=1)
            continue
        if sealed != secret.sealed:
            WebhookSecret.objects.filter(pk=secret.pk).update(sealed=sealed)
            counted += Resealed(done=1)
    return counted
