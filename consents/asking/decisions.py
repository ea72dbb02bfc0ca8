"""Decisions as the person reads them. Never writes."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.utils import timezone

from consents.asking.answered_names import AnsweredNames, answered_names, country_shown, shown_in, shown_with
from consents.checking.effective_permissions import (
    DecisionStanding,
    DecisionState,
    EffectivePermissions,
    effective_permissions,
    standing_of_decision,
)
from consents.models import ApprovalRequest, Decision, StandingRule
from consents.withdrawals.queries import Followed, shown_case
from disclosures.content.publications import Document
from disclosures.public.as_published import as_published
from privacycenter.http.paging import make_cursor, read_cursor
from privacycenter.models import User
from privacycenter.text.words import Words

PAGE_SIZE = 20
# How long a person can undo their own answer.
UNDO_WITHIN = timedelta(minutes=10)
# How long before its end an approval is shown as ending soon.
ENDS_SOON = timedelta(days=14)


@dataclass(frozen=True)
class DecisionEntry:
    """One decision in a list, with what became of it. ``names``: whom and what it is about, as it was called then."""

    decision: Decision
    standing: DecisionStanding
    names: AnsweredNames

    @property
    def state(self) -> DecisionState:
        return self.standing.state

    @property
    def is_by_rule(self) -> bool:
        return self.decision.rule_id is not None

    @property
    def is_in_force(self) -> bool:
        """Whether something is allowed now by this decision."""
        return self.state in (DecisionState.ALLOWED, DecisionState.PARTLY_ALLOWED)

    @property
    def days_left(self) -> int | None:
        """Calendar days until an approval that ends soon, 0 on its last day; None for any other decision."""
        ends_at = self.decision.valid_until
        if not self.is_in_force or ends_at - timezone.now() > ENDS_SOON:
            return None
        return (timezone.localdate(ends_at) - timezone.localdate()).days


@dataclass(frozen=True)
class DecisionPage(DecisionEntry):
    """One decision in full. ``country``: of the recipient, as the person read it.

    ``now``: what holds for its person, recipient, service and scenario. ``ending``: the decision that withdrew or
    undid it. ``original``: the answer that this withdrawal or undoing ended; the decision itself if it is an answer, or
    if the answer was removed at the end of its retention. ``request`` is None once the request was removed. ``case``:
    the steps that followed, for a withdrawal and for a withdrawn answer. ``rule``: the standing rule that answered.
    """

    country: Words
    now: EffectivePermissions
    ending: Decision | None
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
    def heading(self) -> str:
        """Which sentence stands above the page: the state, or how much of the answer still holds."""
        if self.state is DecisionState.WITHDRAWAL and len(self.standing.own) < len(self.standing.items):
            return "withdrawal_replaced"
        if self.is_in_force and (self.standing.is_partly_replaced or self.standing.is_held_up):
            return "partly_in_force"
        if self.state is DecisionState.REFUSED and self.standing.is_partly_replaced:
            return "partly_replaced"
        return self.state

    @property
    def can_be_withdrawn(self) -> bool:
        return self.standing.can_be_withdrawn

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
        """Whether the answer can be undone. A change is changed again instead, so that nothing else comes back."""
        return self.standing.is_last and not self.decision.is_change and timezone.now() < self.undo_until

    @property
    def can_be_changed(self) -> bool:
        """Whether the person can narrow or widen it: it counts for several items, and its request is still there.

        To end its only item is to withdraw it.
        """
        is_there = self.request is not None and self.has_text
        return self.standing.is_last and self.is_in_force and is_there and len(self.standing.own) > 1

    @property
    def valid_days(self) -> int:
        """For how many days it allowed something, to the nearest day, at least one: a change ends with its answer,
        and so holds for a little less than whole days.
        """
        return max(1, round((self.decision.valid_until - self.decision.decided_at) / timedelta(days=1)))


@dataclass(frozen=True)
class DecisionHistory:
    """One page of the history, newest first. ``older``: the cursor of the next page, empty on the last."""

    entries: list[DecisionEntry]
    older: str


def decision_page(person: User, decision_id: UUID, document: Document | None) -> DecisionPage | None:
    """Return one decision in full, or None if this person has no such decision. At most six SQL statements."""
    found = list(person.decisions.with_references().with_endings(decision_id))
    decision = next((one for one in found if one.id == decision_id), None)
    if decision is None:
        return None
    ending = next((one for one in found if one is not decision), None)
    ended = decision.withdraws_id or decision.undoes_id
    withdrawal = decision if decision.is_withdrawal else ending if ending and ending.is_withdrawal else None
    (now,) = effective_permissions([decision], [()], document)
    as_published(found, document)
    original = (person.decisions.with_references().filter(id=ended).first() if ended else None) or decision
    return DecisionPage(
        decision=decision,
        standing=standing_of_decision(decision.id, now),
        names=answered_names(decision, shown_in(original.text), document),
        country=country_shown(decision, original.text, document),
        now=now,
        ending=ending,
        request=person.approval_requests.with_references(person).filter(id=decision.request_id).first(),
        original=original,
        rule=person.standing_rules.filter(id=decision.rule_id).first() if decision.rule_id else None,
        case=shown_case(person, withdrawal) if withdrawal else None,
    )


def decision_history(person: User, document: Document | None, cursor: str = "") -> DecisionHistory:
    """Return one page of all decisions of a person, newest first. At most three SQL statements.

    An invalid cursor gives the first page.
    """
    rows = person.decisions.with_references().with_names_shown(person).defer("text").newest_first()
    _direction, place = read_cursor(cursor)
    if place:
        rows = rows.older_than(*place)
    found = list(rows[: PAGE_SIZE + 1])
    shown = found[:PAGE_SIZE]
    last = shown[-1] if len(found) > PAGE_SIZE else None
    return DecisionHistory(entries(shown, document), make_cursor("older", last.decided_at, last.id) if last else "")


def entries(decisions: Sequence[Decision], document: Document | None) -> list[DecisionEntry]:
    """Return these decisions of one person with what became of each. At most two SQL statements."""
    standings = standings_of(decisions, document)
    as_published(decisions, document)
    return [
        DecisionEntry(one, standing, answered_names(one, shown_with(one), document))
        for one, standing in zip(decisions, standings, strict=True)
    ]


def standings_of(
    decisions: Sequence[Decision], document: Document | None, *, at: datetime | None = None
) -> list[DecisionStanding]:
    """Return what became of each decision, in order. ``at``: by then; None is now. At most two SQL statements."""
    now = effective_permissions(decisions, [()] * len(decisions), document, at=at)
    return [standing_of_decision(one.id, permissions) for one, permissions in zip(decisions, now, strict=True)]


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
