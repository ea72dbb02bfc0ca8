"""Models of the base app: people, abstract bases of append-only tables, the outbox and call counts."""

from privacycenter.models.bases import (
    AppendOnly,
    AppendOnlyError,
    AppendOnlyQuerySet,
    NeverDeleted,
    NeverDeletedQuerySet,
)
from privacycenter.models.calls import CallCount
from privacycenter.models.outbox import OutboxRow
from privacycenter.models.people import User

__all__ = [
    "AppendOnly",
    "AppendOnlyError",
    "AppendOnlyQuerySet",
    "CallCount",
    "NeverDeleted",
    "NeverDeletedQuerySet",
    "OutboxRow",
    "User",
]
