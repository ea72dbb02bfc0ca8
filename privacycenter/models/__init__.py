"""Models of the base app: people, abstract bases of append-only tables, the outbox and call counts."""

from privacycenter.models.bases import (
    AppendOnly,
    AppendOnlyError,
    AppendOnlyQuerySet,
    NeverDeleted,
    NeverDeletedQuerySet,
    Sealed,
    broken_seal,
)
from privacycenter.models.cache_entries import CacheEntry
from privacycenter.models.devices import KnownDevice
from privacycenter.models.kept_forms import KeptForm
from privacycenter.models.log import (
    Cosignature,
    LogBundle,
    LogCheckpoint,
    LogEntry,
    LogRun,
    LogRunBlock,
    LogRunTile,
    LogState,
    LogTile,
    PersonKey,
    RemovedEntry,
    RowKind,
    SequenceState,
    WitnessedLog,
)
from privacycenter.models.outbox import OutboxRow
from privacycenter.models.people import User
from privacycenter.models.viewpoints import Viewpoint

__all__ = [
    "AppendOnly",
    "AppendOnlyError",
    "AppendOnlyQuerySet",
    "CacheEntry",
    "Cosignature",
    "KeptForm",
    "KnownDevice",
    "LogBundle",
    "LogCheckpoint",
    "LogEntry",
    "LogRun",
    "LogRunBlock",
    "LogRunTile",
    "LogState",
    "LogTile",
    "NeverDeleted",
    "NeverDeletedQuerySet",
    "OutboxRow",
    "PersonKey",
    "RemovedEntry",
    "RowKind",
    "Sealed",
    "SequenceState",
    "User",
    "Viewpoint",
    "WitnessedLog",
    "broken_seal",
]
