"""What the log follows."""

from collections.abc import Sequence

from privacycenter.outbox.followers import Follower, Lane
from privacycenter.proof.sealing_actions import reseal_record, seal_rows
from privacycenter.proof.topics import (
    CHECKPOINT_SIGNED,
    RECORD_GREW,
    RECORD_RESEALED,
    CheckpointSigned,
    RecordGrew,
    RecordResealed,
)
from privacycenter.proof.witness_client import ask_witness

log = Follower("log", lane=Lane.TOGETHER)
resealing = Follower("log_resealing")
witnesses = Follower("log_witnesses", lane=Lane.OUTSIDE)


@log.follows_together(RECORD_GREW)
def seal(grown: Sequence[RecordGrew]) -> None:
    seal_rows(grown)


@resealing.follows(RECORD_RESEALED)
def reseal(resealed: RecordResealed) -> None:
    reseal_record(resealed.person)


@witnesses.follows(CHECKPOINT_SIGNED)
def ask(signed: CheckpointSigned) -> None:
    ask_witness(signed)
