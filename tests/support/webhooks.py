"""Deliveries to webhooks: their state, and time that passed."""

from django.utils import timezone

from consents.models import (
    WebhookDelivery,
    WebhookEndpoint,
)
from privacycenter.models import OutboxRow


def be_due():
    """As if the next try were due now."""
    OutboxRow.objects.update(due_at=timezone.now(), leased_until=None)
    WebhookEndpoint.objects.update(paused_until=None)


def state():
    return WebhookDelivery.objects.get().state
