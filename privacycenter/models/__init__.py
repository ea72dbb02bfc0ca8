"""Models of the base app: people, abstract bases of append-only tables, the outbox and call counts."""

from privacycenter.models.bases import (
    AppendOnly,
    AppendOnlyError,
    AppendOnlyQuerySet,
    NeverDeleted,
    NeverDeletedQuerySet,
)
from privacycenter.models.cache_entries import CacheEntry
from privacycenter.models.outbox import OutboxRow
from privacycenter.models.people import User

__all__ = [
    "AppendOnly",
    "AppendOnlyError",
    "AppendOnlyQuerySet",
    "CacheEntry",
    "NeverDeleted",
    "NeverDeletedQuerySet",
    "OutboxRow",
    "User",
]
