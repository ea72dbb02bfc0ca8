"""Admin registrations, imported from each subject so that Django's autodiscovery finds them."""

from consents.sandbox import admin as sandbox
from consents.webhooks import admin as webhooks

__all__ = ["sandbox", "webhooks"]
