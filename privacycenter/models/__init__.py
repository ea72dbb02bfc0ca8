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
from privacycenter.models.kept_forms import Draft, KeptForm
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
from privacycenter.models.sandbox import ClockMove, SandboxMail
from privacycenter.models.stored_files import FileChunk, StoredFile
from privacycenter.models.verification import Verification
from privacycenter.models.viewpoints import Viewpoint

__all__ = [
    "AppendOnly",
    "AppendOnlyError",
    "AppendOnlyQuerySet",
    "CacheEntry",
    "ClockMove",
    "Cosignature",
    "Draft",
    "FileChunk",
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
    "SandboxMail",
    "Sealed",
    "SequenceState",
    "StoredFile",
    "User",
    "Verification",
    "Viewpoint",
    "WitnessedLog",
    "broken_seal",
]
