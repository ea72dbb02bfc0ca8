"""Decisions as the person reads them. Never writes."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.utils import timezone

from consents.models import ApprovalRequest, Decision, StandingRule
from consents.withdrawals.queries import Followed, followed
from privacycenter.http.paging import make_cursor, read_cursor
from privacycenter.models import User

ALLOWED, PARTLY_ALLOWED, REFUSED, WITHDRAWN, EXPIRED, WITHDRAWAL, UNDONE, UNDOING = (
    "allowed", "partly_allowed", "refused", "withdrawn", "expired", "withdrawal", "undone", "undoing",
)  # fmt: skip
PAGE_SIZE = 20
# How long a person can undo their own answer.
UNDO_WITHIN = timedelta(minutes=10)
# How long before its end an approval is shown as ending soon.
ENDS_SOON = timedelta(days=14)


@dataclass(frozen=True)
class DecisionEntry:
    """One decision in a list. ``ending``: the later decision that withdrew or undid it, if any."""

    decision: Decision
    ending: Decision | None
    state: str

    @property
    def can_be_withdrawn(self) -> bool:
        return self.state in (ALLOWED, PARTLY_ALLOWED, EXPIRED)

    @property
    def is_by_rule(self) -> bool:
        return self.decision.rule_id is not None

    @property
    def days_left(self) -> int | None:
        """Calendar days until an approval that ends soon, 0 on its last day; None for any other decision."""
        ends_at = self.decision.valid_until
        if self.state not in (ALLOWED, PARTLY_ALLOWED) or ends_at - timezone.now() > ENDS_SOON:
            return None
        return (timezone.localdate(ends_at) - timezone.localdate()).days


@dataclass(frozen=True)
class DecisionPage(DecisionEntry):
    """One decision in full.

    ``original``: the answer that this withdrawal or undoing ended; the decision itself if it is an answer, or if the
    answer was removed at the end of its retention. ``request`` is None once the request was removed. ``case``: the
    steps that followed, for a withdrawal and for a withdrawn answer. ``rule``: the standing rule that answered.
    """

    request: ApprovalRequest | None
    original: Decision
    rule: StandingRule | None
    case: Followed | None

    @property
    def withdrawal(self) -> Decision | None:
        return self.ending if self.ending and self.ending.is_withdrawal else None

    @property
    def undoing(self) -> Decision | None:
        return self.ending if self.ending and self.ending.is_undoing else None

    @property
    def undo_until(self) -> datetime:
        """Ten minutes after a person's own answer; the request's expiry for the answer of a rule."""
        if self.is_by_rule and self.request:
            return self.request.expires_at
        return self.decision.decided_at + UNDO_WITHIN

    @property
    def has_text(self) -> bool:
        """Whether the text shown to the person is still stored, so that there is a receipt."""
        return "recipient" in self.original.text

    @property
    def can_be_undone(self) -> bool:
        return self.decision.is_answer and self.ending is None and timezone.now() < self.undo_until

    @property
    def valid_days(self) -> int:
        return (self.decision.valid_until - self.decision.decided_at).days


@dataclass(frozen=True)
class DecisionHistory:
    """One page of the history, newest first. ``older``: the cursor of the next page, empty on the last."""

    entries: list[DecisionEntry]
    older: str


def state_of(decision: Decision, ending: Decision | None) -> str:
    """Return the current state of the decision. Pure apart from the clock."""
    if not decision.is_answer:
        return WITHDRAWAL if decision.is_withdrawal else UNDOING
    if ending:
        return WITHDRAWN if ending.is_withdrawal else UNDONE
    if not decision.allowed_set.codes:
        return REFUSED
    if decision.valid_until <= timezone.now():
        return EXPIRED
    return PARTLY_ALLOWED if decision.refused_set.codes else ALLOWED


def decision_page(person: User, decision_id: UUID) -> DecisionPage | None:
    """Return one decision in full, or None if this person has no such decision. At most six SQL statements."""
    decision = person.decisions.with_references().filter(id=decision_id).first()
    if decision is None:
        return None
    ending = person.decisions.endings_of([decision.id]).defer("text").first()
    ended = decision.withdraws_id or decision.undoes_id
    withdrawal = decision if decision.is_withdrawal else ending if ending and ending.is_withdrawal else None
    return DecisionPage(
        decision=decision,
        ending=ending,
        state=state_of(decision, ending),
        request=person.approval_requests.filter(id=decision.request_id).first(),
        original=(person.decisions.with_references().filter(id=ended).first() if ended else None) or decision,
        rule=person.standing_rules.filter(id=decision.rule_id).first() if decision.rule_id else None,
        case=followed(person, withdrawal) if withdrawal else None,
    )


def decision_history(person: User, cursor: str = "") -> DecisionHistory:
    """Return one page of all decisions of a person, newest first. Two SQL statements.

    An invalid cursor gives the first page.
    """
    rows = person.decisions.with_references().defer("text").newest_first()
    _direction, place = read_cursor(cursor)
    if place:
        rows = rows.older_than(*place)
    found = list(rows[: PAGE_SIZE + 1])
    shown = found[:PAGE_SIZE]
    endings = endings_among(person, shown)
    entries = [DecisionEntry(one, endings.get(one.id), state_of(one, endings.get(one.id))) for one in shown]
    last = shown[-1] if len(found) > PAGE_SIZE else None
    return DecisionHistory(entries, make_cursor("older", last.decided_at, last.id) if last else "")


def endings_among(person: User, decisions: Iterable[Decision]) -> dict[UUID, Decision]:
    """Return the id of each ended decision with the decision that withdrew or undid it."""
    rows = person.decisions.endings_of(decision.id for decision in decisions).defer("text")
    return {ended: row for row in rows if (ended := row.withdraws_id or row.undoes_id)}


def with_receipt_among(person: User, decisions: Iterable[Decision]) -> set[UUID]:
    """Return the ids of those that have a receipt. One SQL statement.

    A receipt needs the text that was shown: for a withdrawal or undoing, that of the answer it ended.
    """
    decisions = list(decisions)
    ended = {id for one in decisions if (id := one.withdraws_id or one.undoes_id)}
    there = set(person.decisions.filter(id__in=ended, text__has_key="recipient").values_list("id", flat=True))
    return {
        one.id
        for one in decisions
        if ("recipient" in one.text if one.is_answer else (one.withdraws_id or one.undoes_id) in there)
    }
