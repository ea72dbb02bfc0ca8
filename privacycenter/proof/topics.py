"""What is left for the log: rows that are to be sealed, and checkpoints that witnesses are to sign."""

from uuid import UUID

from privacycenter.outbox.topics import Payload, Topic


class RecordGrew(Payload):
    """``rows``: kind (``RowKind``), person, and id of each row that was written to a record, or is to be shown in it
    again."""

    rows: tuple[tuple[int, int, UUID], ...]


class RecordResealed(Payload):
    """Of a person whose rows are to be sealed anew under another key, because one of them is kept back by law."""

    person: int


class CheckpointSigned(Payload):
    """``witness``: its name in the policy."""

    size: int
    witness: str


RECORD_GREW = Topic("record.grew", RecordGrew)
RECORD_RESEALED = Topic("record.resealed", RecordResealed)
CHECKPOINT_SIGNED = Topic("checkpoint.signed", CheckpointSigned)
