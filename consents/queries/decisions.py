"""Decisions as the person reads them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils import timezone

from consents.models import Decision
from privacycenter.models import User
from privacycenter.paging import make_cursor, read_cursor

ALLOWED, PARTLY_ALLOWED, REFUSED, WITHDRAWN, EXPIRED, WITHDRAWAL = (
    "allowed", "partly_allowed", "refused", "withdrawn", "expired", "withdrawal",
)  # fmt: skip
PAGE_SIZE = 20


@dataclass(frozen=True)
class DecisionPage:
    """One decision, and what became of it. ``withdrawal``: the later decision that ended it, if any."""

    decision: Decision
    withdrawal: Decision | None
    state: str

    @property
    def can_be_withdrawn(self) -> bool:
        return self.state in (ALLOWED, PARTLY_ALLOWED, EXPIRED)


@dataclass(frozen=True)
class DecisionHistory:
    """One page of the history, newest first. ``older``: the cursor of the next page, empty on the last."""

    entries: list[DecisionPage]
    older: str


def state_of(decision: Decision, withdrawn_at: datetime | None) -> str:
    """What the decision is worth now. Pure apart from the clock."""
    if decision.is_withdrawal:
        return WITHDRAWAL
    if withdrawn_at:
        return WITHDRAWN
    if not decision.allowed_set.codes:
        return REFUSED
    if decision.valid_until <= timezone.now():
        return EXPIRED
    return PARTLY_ALLOWED if decision.refused_set.codes else ALLOWED


def decision_page(person: User, decision_id: UUID) -> DecisionPage | None:
    """None if this person has no such decision. Two SQL statements."""
    decision = person.decisions.with_references().filter(id=decision_id).first()
    if decision is None:
        return None
    withdrawal = person.decisions.filter(withdraws_id=decision.id).defer("text").first()
    return DecisionPage(decision, withdrawal, state_of(decision, withdrawal.decided_at if withdrawal else None))


def decision_history(person: User, cursor: str = "") -> DecisionHistory:
    """Every step the person took, newest first, by keyset. Two SQL statements. A cursor that is not ours is none."""
    rows = person.decisions.with_references().defer("text").newest_first()
    _direction, place = read_cursor(cursor)
    if place:
        rows = rows.older_than(*place)
    found = list(rows[: PAGE_SIZE + 1])
    shown = found[:PAGE_SIZE]
    ended = withdrawals_of(person, shown)
    entries = [
        DecisionPage(one, ended.get(one.id), state_of(one, ended[one.id].decided_at if one.id in ended else None))
        for one in shown
    ]
    last = shown[-1] if len(found) > PAGE_SIZE else None
    return DecisionHistory(entries, make_cursor("older", last.decided_at, last.id) if last else "")


def withdrawals_of(person: User, decisions: Iterable[Decision]) -> dict[UUID, Decision]:
    ids = [decision.id for decision in decisions]
    rows = person.decisions.filter(withdraws_id__in=ids).defer("text")
    return {row.withdraws_id: row for row in rows if row.withdraws_id}
