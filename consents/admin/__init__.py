"""What the desk shows of what people decide and whom it is told to."""

from consents.admin import webhooks

__all__ = ["webhooks"]
