"""The signer: what is committed becomes a checkpoint. It signs only what continues what it signed before."""

import logging
import time
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.db.models.functions import TruncDate
from django.utils import timezone

from privacycenter.database.purging import delete_rows, purge_door
from privacycenter.log.note import Checkpoint, Note, NoteError, VerifierKey, read_note, signed_at, with_signatures
from privacycenter.log.proving import tree_of
from privacycenter.log.tree import ProofError, TreeReader, check_consistency
from privacycenter.models import Cosignature, LogCheckpoint
from privacycenter.outbox.leaving import leave_each
from privacycenter.proof.keys import log_policy, log_signer
from privacycenter.proof.store import DatabaseStore, log_size
from privacycenter.proof.topics import CHECKPOINT_SIGNED, CheckpointSigned

# All checkpoints of so long are kept; of older ones the last of each day.
ALL_KEPT = timedelta(days=2)
TOLD_EVERY_SECONDS = 600.0

log = logging.getLogger(__name__)
_told_at = -TOLD_EVERY_SECONDS


class LogIsBroken(Exception):
    """The log in the database does not continue the last checkpoint: it was restored from an older copy, or changed.
    Nothing is signed until a new log is begun (docs/operate.md)."""


@transaction.atomic
def sign_checkpoint() -> LogCheckpoint | None:
    """Sign the log as it is, if it grew since the last checkpoint. Leaves the checkpoint for each witness.

    Raises LogIsBroken if it does not continue that. MUST be called outside the transaction that appended.
    """
    size = log_size()
    last = newest_checkpoint()
    if size == (last.size if last else 0):
        return None
    tree = tree_of(DatabaseStore(), size)
    refuse_fork(last, size, tree)
    checkpoint = Checkpoint(log_signer().name, size, tree.root())
    note = with_signatures(checkpoint.text, [log_signer().sign(checkpoint.text)])
    signed, is_new = LogCheckpoint.objects.get_or_create(
        origin=log_signer().name,
        size=size,
        defaults={"root": checkpoint.root, "note": note, "signed_at": timezone.now()},
    )
    asked = [one.name for one in log_policy().witnesses.values() if one.address]
    if is_new and asked:
        leave_each(CHECKPOINT_SIGNED, [CheckpointSigned(size=size, witness=name) for name in asked])
    return signed if is_new else None


def checkpoints() -> Any:
    """Return the checkpoints of this log: those of one that was given up are of another origin."""
    return LogCheckpoint.objects.filter(origin=log_signer().name)


def newest_checkpoint() -> LogCheckpoint | None:
    found: LogCheckpoint | None = checkpoints().order_by("-size").first()
    return found


def keep_signing() -> None:
    """Sign what there is to sign. A log that is broken is told once in a while, and goes unsigned."""
    global _told_at
    try:
        sign_checkpoint()
    except LogIsBroken as error:
        if time.monotonic() >= _told_at + TOLD_EVERY_SECONDS:
            _told_at = time.monotonic()
            log.error("%s", error)


def refuse_fork(last: LogCheckpoint | None, size: int, tree: TreeReader) -> None:
    if last is None:
        return
    try:
        if size < last.size:
            raise ProofError(f"It has {size:,} entries, and was signed with {last.size:,}.")
        root, path = tree.root(), tree.consistency(last.size)
        check_consistency(last.size, bytes(last.root), size, root, path)
    except (ProofError, ValueError) as error:
        raise LogIsBroken(f"The log does not continue its last checkpoint. {error}") from error


@transaction.atomic
def keep_cosignature(*, checkpoint: LogCheckpoint, witness: str, lines: str) -> Cosignature | None:
    """Keep what a witness answered, if it holds a signature by the key in the policy. None if it holds none.

    Raises NoteError for a wrong signature.
    """
    key = log_policy().witnesses[witness].key
    text = read_note(checkpoint.note).text
    for line in lines.splitlines(keepends=True):
        if at := time_of(line, text, key):
            signed, _created = Cosignature.objects.get_or_create(
                checkpoint=checkpoint, witness=witness,
                defaults={"line": line, "signed_at": datetime.fromtimestamp(at, UTC)},
            )  # fmt: skip
            return signed
    return None


def time_of(line: str, text: str, key: VerifierKey) -> int | None:
    """Return when this key signed the text, by this line. None if the line is something else."""
    try:
        note = read_note(with_signatures(text, [line]))
    except NoteError:
        return None
    return signed_at(note, key)


def full_note(checkpoint: LogCheckpoint) -> str:
    """Return the checkpoint with the signatures of the witnesses that it has."""
    return checkpoint.note + "".join(one.line for one in checkpoint.cosignatures.all())


def note_of(checkpoint: LogCheckpoint) -> Note:
    return read_note(full_note(checkpoint))


@transaction.atomic
def thin_out_checkpoints() -> int:
    """Remove the checkpoints of past days but the last of each, and return how many. For the worker's tidying."""
    old = checkpoints().filter(signed_at__lt=timezone.now() - ALL_KEPT)
    last = old.annotate(day=TruncDate("signed_at")).values("day").annotate(last=Max("size")).values("last")
    gone = list(old.exclude(size__in=list(last.values_list("last", flat=True))).values_list("pk", flat=True)[:10_000])
    if not gone:
        return 0
    with purge_door():
        delete_rows(Cosignature.objects.filter(checkpoint_id__in=gone).order_by())
        return delete_rows(LogCheckpoint.objects.filter(pk__in=gone).order_by())
