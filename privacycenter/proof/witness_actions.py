"""This site as a witness of other logs."""

import time
from collections.abc import Mapping
from datetime import UTC, datetime

from django.db import transaction

from privacycenter.log.note import Checkpoint, NoteError, SignerKey, VerifierKey
from privacycenter.log.witnessing import Answer, Asked, answer, read_asked
from privacycenter.models import WitnessedLog


def add_checkpoint(*, body: str, logs: Mapping[str, VerifierKey], witness: SignerKey) -> Answer:
    """Sign the checkpoint that a log sends, if it continues the last one, and remember it.

    Two checkpoints of a log at once are judged one after the other: a fork is never signed.
    """
    try:
        asked = read_asked(body)
    except NoteError as error:
        return Answer(400, f"{error}\n")
    origin = asked.note.partition("\n")[0]
    return judged(asked, origin, logs, witness) if origin in logs else Answer(404, "This log is not known here.\n")


@transaction.atomic
def judged(asked: Asked, origin: str, logs: Mapping[str, VerifierKey], witness: SignerKey) -> Answer:
    at = int(time.time())
    row, _created = WitnessedLog.objects.select_for_update().get_or_create(
        origin=origin, defaults={"size": 0, "root": b"", "signed_at": datetime.fromtimestamp(at, UTC)}
    )
    last = Checkpoint(origin, row.size, bytes(row.root)) if row.size else None
    answered, signed = answer(asked, logs, last, witness, at)
    if signed:
        row.size, row.root, row.signed_at = signed.size, signed.root, datetime.fromtimestamp(at, UTC)
        row.save()
    return answered
