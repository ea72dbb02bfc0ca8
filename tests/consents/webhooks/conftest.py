"""A webhook that a server of the tests answers."""

import pytest

from consents.models import (
    WebhookEndpoint,
)
from consents.webhooks.actions import create_webhook


@pytest.fixture
def endpoint(reporter, server, settings) -> WebhookEndpoint:
    """One that a server of the tests answers; ``endpoint.secret`` signs it."""
    settings.WEBHOOK_ALLOW_PRIVATE = True
    made, secret = create_webhook(reporter=reporter, url=server.url, by=None)
    made.secret = secret
    return made
