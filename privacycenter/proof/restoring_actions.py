"""After a restore: does the log continue what others have seen of it, and a new log where it does not."""

from dataclasses import dataclass

from django.db import transaction

from privacycenter.database.purging import delete_rows
from privacycenter.log.note import NoteError, open_checkpoint
from privacycenter.log.proving import tree_of
from privacycenter.models import (
    LogBundle,
    LogRun,
    LogRunBlock,
    LogRunTile,
    LogState,
    LogTile,
    PersonKey,
    SequenceState,
)
from privacycenter.proof.keys import log_signer
from privacycenter.proof.store import DatabaseStore, log_size

PUBLIC = (LogBundle, LogTile, LogRun, LogRunBlock, LogRunTile)


@dataclass(frozen=True)
class Compared:
    """``size``: of the log here; ``known_size``: of the checkpoint that somebody has; ``continues``: whether the log
    here is that one, or more."""

    size: int
    known_size: int
    continues: bool


def compare_log(note: str) -> Compared:
    """Compare the log with a checkpoint that somebody else has of it. Raises NoteError if that is none of this log."""
    checkpoint, _note = open_checkpoint(note, log_signer().verifier)
    size = log_size()
    is_same = checkpoint.size <= size and tree_of(DatabaseStore(), checkpoint.size).root() == checkpoint.root
    return Compared(size, checkpoint.size, is_same)


@transaction.atomic
def begin_new_log() -> int:
    """Give the log up and begin one under the origin that the settings name. Into it ``seal_ledger`` seals everything
    anew, each record under a new key. Return how many entries the former one had.

    For a restored database whose log others have seen longer. Entries and checkpoints of the former log stay, marked.
    Raises NoteError while the origin is still that of the log that is given up.
    """
    origin = log_signer().name
    state, _created = LogState.objects.select_for_update().get_or_create(pk=1, defaults={"origin": origin})
    if state.origin == origin and state.size:
        raise NoteError(f"Set LOG_ORIGIN to another name than {origin} first, such as one that ends in /log/2.")
    size = state.size
    for model in PUBLIC:
        delete_rows(model._default_manager.all().order_by())
    PersonKey.objects.update(state=SequenceState.GIVEN_UP)
    state.size, state.numbered_size, state.origin = 0, 0, origin
    state.save()
    return size
