"""Body and headers of a webhook, as in the Standard Webhooks specification (docs/webhooks.md)."""

import base64
import json
import secrets
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from standardwebhooks import Webhook

from consents.models import WebhookDelivery, WebhookEndpoint
from privacycenter.encryption import unseal
from privacycenter.sandbox import clock

PURPOSE = "webhook secrets"
SECRET_BYTES = 32
PREFIX = "whsec_"


def new_secret() -> str:
    return PREFIX + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()


def new_message_id() -> str:
    return f"msg_{secrets.token_hex(16)}"


def body_of(delivery: WebhookDelivery) -> bytes:
    """Return ``{type, timestamp, data}``, the same bytes in every attempt; data is the event of the decision feed."""
    return json.dumps(envelope(delivery), ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()


def envelope(delivery: WebhookDelivery) -> dict[str, Any]:
    entry = delivery.entry
    if entry is None:
        data = {"reporter": delivery.endpoint.reporter.code}
        return {"type": delivery.event_type, "timestamp": delivery.created_at.isoformat(), "data": data}
    told = {name: value for name, value in entry.event.items() if name != "type" and value is not None}
    return {
        "type": delivery.event_type,
        "timestamp": entry.happened_at.isoformat(),
        "data": {"number": entry.number, **({"epoch": entry.epoch} if entry.epoch else {}), **told},
    }


def headers_of(message_id: str, body: bytes, signing: Iterable[str], at: datetime) -> dict[str, str]:
    """Return the headers, with one signature for each secret: a receiver can check whichever it knows."""
    signatures = [Webhook(secret).sign(message_id, at, body.decode()) for secret in signing]
    return {
        "Content-Type": "application/json",
        "User-Agent": "privacy-center-webhooks/1",
        "webhook-id": message_id,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": " ".join(signatures),
    }


def signed_headers(delivery: WebhookDelivery, body: bytes) -> dict[str, str]:
    """Return headers signed now with every secret in force. Raises CannotOpenError. One SQL statement."""
    return headers_of(delivery.message_id, body, active_secrets(delivery.endpoint), clock.real_now())


def active_secrets(endpoint: WebhookEndpoint) -> list[str]:
    return [unseal(secret.sealed, purpose=PURPOSE) for secret in endpoint.secrets.active()]
