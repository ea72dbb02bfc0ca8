"""Asking a witness to sign a checkpoint (C2SP tlog-witness)."""

from django.conf import settings

from privacycenter.http import safe_http
from privacycenter.http.key_addresses import key_in
from privacycenter.log.proving import consistency, tree_of
from privacycenter.models import LogCheckpoint
from privacycenter.proof.checkpoint_actions import checkpoints, keep_cosignature, newest_checkpoint
from privacycenter.proof.keys import log_policy
from privacycenter.proof.store import DatabaseStore
from privacycenter.proof.topics import CheckpointSigned

CONFLICT = 409


class WitnessRefused(Exception):
    """The witness did not sign. The message says what it answered."""


def ask_witness(signed: CheckpointSigned) -> None:
    """Send the checkpoint, with what shows that the log continues what the witness signed last, and keep its signature.

    A checkpoint that is not the newest any more is passed over: the witness is asked for that one. Raises
    WitnessRefused, after which the outbox asks again.
    """
    witness = log_policy().witnesses.get(signed.witness)
    newest = newest_checkpoint()
    if witness is None or not witness.address or newest is None or newest.size != signed.size:
        return
    last = checkpoints().filter(cosignatures__witness=signed.witness).order_by("-size").first()
    status, body = send(witness.address, newest, last.size if last else 0)
    known = key_in(body.strip()) if status == CONFLICT else None
    if known is not None and known <= newest.size:
        status, body = send(witness.address, newest, known)
    if status != 200 or keep_cosignature(checkpoint=newest, witness=signed.witness, lines=body) is None:
        raise WitnessRefused(f"{signed.witness} answered {status}: {body[:200]!r}")


def send(address: str, checkpoint: LogCheckpoint, old_size: int) -> tuple[int | None, str]:
    path = consistency(tree_of(DatabaseStore(), checkpoint.size), old_size)
    lines = [f"old {old_size}", *path, "", checkpoint.note]
    answer = safe_http.post(
        f"{address}/add-checkpoint", "\n".join(lines).encode(), {"Content-Type": "text/plain; charset=utf-8"},
        allow_private=settings.WEBHOOK_ALLOW_PRIVATE, allow_http=settings.WEBHOOK_ALLOW_HTTP,
    )  # fmt: skip
    return answer.status, answer.excerpt or answer.error
