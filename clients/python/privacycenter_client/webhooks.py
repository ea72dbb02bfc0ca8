"""Webhooks of the service (Standard Webhooks): verify before you believe."""

import base64
import binascii
import hmac
import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from privacycenter_client.errors import WebhookError

PREFIX = "whsec_"
# How far the time of a message may be from now: nobody can replay an old one.
TOLERANCE_SECONDS = 5 * 60


def verify_webhook(
    secrets: str | Sequence[str], headers: Mapping[str, str], body: bytes, *, now: datetime | None = None
) -> dict[str, Any]:
    """Return the message, ``{type, timestamp, data}``, if it was signed with one of these secrets just now.

    ``body``: the bytes as they came. ``headers``: by any spelling of their names. Raises WebhookError otherwise. The
    same message may come twice: remember ``webhook-id``.
    """
    named = {name.lower(): value for name, value in headers.items()}
    try:
        id, sent_at, told = (named[f"webhook-{part}"] for part in ("id", "timestamp", "signature"))
        age = (now or datetime.now(UTC)).timestamp() - int(sent_at)
    except (KeyError, ValueError) as error:
        raise WebhookError(f"a header is missing or wrong: {error}") from error
    if abs(age) > TOLERANCE_SECONDS:
        raise WebhookError("the message is not of now")
    signed = b".".join([id.encode(), sent_at.encode(), body])
    keys = [key_of(secret) for secret in ([secrets] if isinstance(secrets, str) else secrets)]
    expected = [hmac.digest(key, signed, "sha256") for key in keys]
    given = [signature_in(one) for one in told.split(" ")]
    if not any(hmac.compare_digest(one, other) for one in expected for other in given):
        raise WebhookError("none of the signatures is made with a secret that is known")
    try:
        message = json.loads(body)
    except ValueError as error:
        raise WebhookError("the body is not JSON") from error
    if not isinstance(message, dict):
        raise WebhookError("the body is no object")
    return message


def key_of(secret: str) -> bytes:
    """ValueError for what is no secret: that is a mistake of ours, not of the message."""
    try:
        return base64.b64decode(secret.removeprefix(PREFIX), validate=True)
    except binascii.Error as error:
        raise ValueError("a secret begins with whsec_, and base64 follows") from error


def signature_in(text: str) -> bytes:
    version, _comma, value = text.partition(",")
    try:
        return base64.b64decode(value, validate=True) if version == "v1" else b""
    except binascii.Error:
        return b""
