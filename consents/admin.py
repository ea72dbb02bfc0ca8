"""Where Django's admin finds what each subject registers."""

from consents.webhooks import admin as webhooks

__all__ = ["webhooks"]
