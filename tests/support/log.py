"""The log of the test database, as the worker keeps it."""

from typing import Any

from privacycenter.log.record import Checked, Seen, check_record, trust_in
from privacycenter.models import LogCheckpoint, User
from privacycenter.outbox.working import work_off
from privacycenter.proof.checkpoint_actions import sign_checkpoint
from privacycenter.proof.queries import proof_head, record_state, sealed_rows, shown_rows


def seal_and_sign() -> LogCheckpoint | None:
    """What the worker does within a second."""
    work_off()
    return sign_checkpoint()


def checked(person: User, seen: Seen | None = None) -> Checked:
    """What the check of this person's record shows. Raises Broken."""
    proof = record_proof(person, seen.size if seen else 0)
    assert proof is not None
    return check_record(proof, trust_in(proof), seen)


def record_proof(person: User, seen_size: int = 0) -> dict[str, Any] | None:
    """The whole proof of a record. None if nothing of it is in the log yet."""
    state = record_state(person)
    if state is None:
        return None
    return {**proof_head(state, seen_size), "rows": shown_rows(state, sealed_rows(state))}
