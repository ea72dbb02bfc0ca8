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
<<<<<<< HEAD
from privacycenter.models.viewpoints import Viewpoint
=======
from privacycenter.models.stored_files import FileChunk, StoredFile
>>>>>>> 31f0acb (Files are kept in the database, encrypted and in pieces)

__all__ = [
    "AppendOnly",
    "AppendOnlyError",
    "AppendOnlyQuerySet",
    "CacheEntry",
    "Cosignature",
<<<<<<< HEAD
    "KeptForm",
=======
    "FileChunk",
>>>>>>> 31f0acb (Files are kept in the database, encrypted and in pieces)
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
    "StoredFile",
    "User",
    "Viewpoint",
    "WitnessedLog",
    "broken_seal",
]
