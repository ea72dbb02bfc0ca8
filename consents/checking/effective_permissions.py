"""What holds for a person, item by item: what a permission check answers, since when, by which decision, until when.

The only place that says what became of an answer. Pages, lists, files, receipts, notices, the feed and the state of
requests read it, so none of them says allowed where a check says no.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from functools import cached_property
from typing import Protocol
from uuid import UUID

from django.utils import timezone

from consents.checking.checks import Check, CheckMatter, Reason, check_of, needs_decision, undecided
from consents.checking.permissions import Key, Known, decisions_about, key_of, known_of, standing_of
from consents.models import Decision, in_effect
from disclosures.content.publications import Document
from disclosures.ledger.code_lookup import CodedRow, Resolved
from disclosures.ledger.conformance import Published
from disclosures.ledger.permissions import ItemStanding, ItemState, Standing, StandingQuestion
from disclosures.ledger.shared_records import accounts_now
from disclosures.models import DataItem, Ground, Recipient, Scenario, Service


class Effect(StrEnum):
    """What holds for one item. Documented in docs/export.md."""

    ALLOWED = "allowed"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    # No decision about it counts: none was made, or it was undone.
    UNDECIDED = "undecided"
    # A decision allows it, but what is published does not: a check says no.
    SUSPENDED = "suspended"
    # The scenario rests on another ground by now: a check says yes, whatever was decided.
    NOT_NEEDED = "not_needed"


@dataclass(frozen=True)
class EffectivePermission:
    """What holds for one item. ``is_allowed`` is what a check answers, ``decided`` what the person's decisions say.

    ``decision`` is the one that counts, None if none does. ``since``: since when its state holds; None without a
    decision, and where what is published made it so, because no decision says since when that is. ``until``: when the
    approval itself ends or ended, whatever is published meanwhile; None unless it allowed the item.
    """

    code: str
    effect: Effect
    is_allowed: bool
    decided: ItemState | None = None
    decision: UUID | None = None
    since: datetime | None = None
    until: datetime | None = None
    is_by_rule: bool = False


class About(Protocol):
    """A decision or request with its references, or anything else that names these."""

    @property
    def person_id(self) -> int: ...
    @property
    def recipient(self) -> Recipient: ...
    @property
    def service(self) -> Service: ...
    @property
    def scenario(self) -> Scenario: ...


@dataclass(frozen=True)
class EffectivePermissions:
    """What holds for one person, recipient, service and scenario. ``decisions``: those that had been made, newest
    first, undone ones included.
    """

    matter: CheckMatter
    standing: Standing
    decisions: list[Known]

    @cached_property
    def check(self) -> Check:
        """The answer of a permission check about every item that was ever asked for."""
        return check_of(self.matter, self.standing, None) if needs_decision(self.matter) else undecided(self.matter)

    @cached_property
    def by_id(self) -> dict[UUID, Known]:
        return {decision.id: decision for decision in self.decisions}

    @cached_property
    def endings(self) -> dict[UUID, Known]:
        """The id of each answer that was withdrawn or undone, with the decision that did it."""
        return {ended: one for one in self.decisions if (ended := one.withdraws_id or one.undoes_id)}

    @cached_property
    def changes(self) -> dict[UUID, Known]:
        """The id of each answer that was changed, with the answer that changed it."""
        return {one.changes_id: one for one in in_effect(self.decisions) if one.changes_id}

    def ever_allowed(self, decision: Known) -> set[str]:
        """Return what an answer and those that it changed have allowed."""
        earlier = self.by_id.get(decision.changes_id) if decision.changes_id else None
        return {*decision.allowed, *(self.ever_allowed(earlier) if earlier else ())}

    def could_be_allowed(self, code: str) -> bool:
        """Return whether a check would say yes to an item, if the person allowed it."""
        if not needs_decision(self.matter):
            return False
        granted = ItemStanding(ItemState.ALLOWED, UUID(int=0), timezone.now(), timezone.now(), False)
        return check_of(self.matter, Standing({code: granted}), None).items.get(code, False)

    @property
    def block(self) -> Reason | None:
        """Why a check says no to what the decisions allow, None if nothing is suspended."""
        codes = self.check.items
        return self.check.reason if any(self.of(code).effect is Effect.SUSPENDED for code in codes) else None

    @property
    def needs_no_approval(self) -> bool:
        return self.check.ground is not Ground.APPROVAL

    @property
    def items(self) -> list[EffectivePermission]:
        """What holds for every item that was ever asked for."""
        return [self.of(code) for code in self.check.items]

    def of(self, code: str) -> EffectivePermission:
        """Return what holds for an item that was asked for."""
        item = self.standing.items.get(code)
        is_allowed = self.check.items.get(code, False)
        effect = effect_of(item.state if item else None, is_allowed, self.check.ground)
        found = EffectivePermission(code, effect, is_allowed, *(item or ()))
        return replace(found, since=None) if effect in (Effect.SUSPENDED, Effect.NOT_NEEDED) else found

    def answer_to(self, request_id: UUID) -> Known | None:
        """Return the answer in effect to a request, None if nobody answered it."""
        answers = (one for one in in_effect(self.decisions) if one.is_answer and one.request_id == request_id)
        return next(answers, None)


def effect_of(decided: ItemState | None, is_allowed: bool, ground: Ground) -> Effect:
    if is_allowed:
        return Effect.ALLOWED if ground is Ground.APPROVAL else Effect.NOT_NEEDED
    if decided is None:
        return Effect.UNDECIDED
    return Effect.SUSPENDED if decided is ItemState.ALLOWED else Effect(decided.value)


def effective_permissions(
    about: Iterable[About], codes: Iterable[Sequence[str]], document: Document | None, *, at: datetime | None = None
) -> list[EffectivePermissions]:
    """Return what holds for each row, in order, about all items that its person was ever asked for and ``codes``.

    ``at``: as of then; None is now, with every decision committed. One SQL statement, and one more if an item is no
    longer published, or where somebody has several accounts.
    """
    rows = list(about)
    if not rows:
        return []
    questions = [question_of(row, at) for row in rows]
    known = decisions_about(questions)
    asked = {key_of(question): question for question in questions}
    decided = {key: known.of(question) for key, question in asked.items()}
    wanted = {key: {code for one in known.ever(asked[key]) for code in one.items} for key in asked}
    for question, more in zip(questions, codes, strict=True):
        wanted[key_of(question)].update(more)
    by_key = {key_of(question): row for question, row in zip(questions, rows, strict=True)}
    found = {
        key: EffectivePermissions(matter, known.standing(asked[key]), decided[key])
        for key, matter in matters_of(by_key, wanted, document).items()
    }
    return [found[key_of(question)] for question in questions]


def permissions_among(
    decisions: Iterable[Decision], document: Document | None
) -> list[tuple[Decision, EffectivePermissions]]:
    """Return what holds now of everything that these decisions are about, each with the newest one about it.

    ``decisions``: all decisions of one person, or all about some recipients, ``with_references`` and newest first. No
    SQL statement, and one if an item is no longer published, or if they are of several accounts of the person.
    """
    rows: dict[Key, Decision] = {}
    known: dict[Key, list[Known]] = {}
    people = set[int]()
    for decision in decisions:
        one = known_of(decision)
        people.add(one.person)
        matter_key = (0, *one[1:4])
        rows.setdefault(matter_key, decision)
        known.setdefault(matter_key, []).append(one)
    # What is of one account is folded alike, whether or not the person has others.
    accounts = accounts_now(people) if len(people) > 1 else []
    wanted = {key: {code for one in about for code in one.items} for key, about in known.items()}
    return [
        (rows[key], EffectivePermissions(matter, standing_of(known[key], None, accounts), known[key]))
        for key, matter in matters_of(dict(rows), wanted, document).items()
    ]


def question_of(row: About, at: datetime | None) -> StandingQuestion:
    return StandingQuestion(row.person_id, row.recipient.pk, row.service.pk, row.scenario.pk, at)


def matters_of(
    rows: dict[Key, About], wanted: dict[Key, set[str]], document: Document | None
) -> dict[Key, CheckMatter]:
    """Compare each row with the publication, as a check does."""
    published = Published(document)
    found = {key: matter_about(row, wanted[key], published) for key, row in rows.items()}
    lacking = {key for key, matter in found.items() if matter.terms.undeclared_items}
    if not lacking:
        return found
    retired = retired_items({rows[key].scenario.pk for key in lacking})
    again = {
        key: matter_about(rows[key], wanted[key], published, retired.get(rows[key].scenario.pk, frozenset()))
        for key in lacking
    }
    return {**found, **again}


def matter_about(
    row: About, codes: Iterable[str], published: Published, retired: frozenset[str] = frozenset()
) -> CheckMatter:
    """``retired``: the retired ones among the items that the scenario declares."""
    resolved = Resolved(
        recipient=coded(row.recipient),
        service=coded(row.service),
        scenario=coded(row.scenario, row.scenario.ground),
        items=tuple(sorted(codes)),
        retired_items=(),
        retired_declared=retired,
    )
    return CheckMatter(resolved, published.terms_of(resolved))


def coded(row: Recipient | Service | Scenario, ground: int = 0) -> CodedRow:
    return CodedRow(row.pk, row.code, row.retired_at, ground)


def retired_items(scenarios: set[int]) -> dict[int, frozenset[str]]:
    """Return the retired items of each of these scenarios. One SQL statement."""
    rows = DataItem.objects.filter(scenarios__in=scenarios, retired_at__isnull=False).order_by()
    found: dict[int, set[str]] = {}
    for scenario, code in rows.values_list("scenarios", "code"):
        found.setdefault(scenario, set()).add(code)
    return {scenario: frozenset(codes) for scenario, codes in found.items()}


# --- What became of a decision ---------------------------------------------------------------------------------------


class DecisionState(StrEnum):
    """What a decision is worth now. Documented in docs/export.md and docs/api.md."""

    ALLOWED = "allowed"
    PARTLY_ALLOWED = "partly_allowed"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    REPLACED = "replaced"
    SUSPENDED = "suspended"
    UNDONE = "undone"
    WITHDRAWAL = "withdrawal"
    UNDOING = "undoing"


# What a decision said, and still says by itself.
AS_DECIDED = (Effect.ALLOWED, Effect.REFUSED, Effect.WITHDRAWN)


@dataclass(frozen=True)
class DecisionStanding:
    """What became of one decision. ``items``: what holds now for each item that it names, or that the answer named
    which it ended. ``ending``: the decision that withdrew or undid it; ``changed_by``: the answer that changed it.
    ``ever_allowed``: the items that it, or an answer that it changed, allowed.
    """

    decision: Known
    state: DecisionState
    items: list[EffectivePermission]
    ending: Known | None
    changed_by: Known | None
    ever_allowed: frozenset[str]

    @property
    def own(self) -> list[EffectivePermission]:
        """The items for which this decision still counts."""
        return [item for item in self.items if item.decision == self.decision.id]

    @property
    def is_partly_replaced(self) -> bool:
        """Whether other decisions count for some of its items, and this one for others."""
        return 0 < len(self.own) < len(self.items)

    @property
    def is_held_up(self) -> bool:
        """Whether it allows something that may not be provided at present."""
        return any(item.effect is Effect.SUSPENDED for item in self.own)

    @property
    def is_as_decided(self) -> bool:
        """Whether everything holds as it was decided, by this decision."""
        return bool(self.items) and len(self.own) == len(self.items) and all(i.effect in AS_DECIDED for i in self.items)

    @property
    def is_nothing_left(self) -> bool:
        """Whether nothing that it decided holds now by this decision. An undoing stands, whatever was decided later."""
        if self.decision.undoes_id:
            return False
        return not any(
            item.effect in AS_DECIDED or (item.effect is Effect.NOT_NEEDED and item.decided is ItemState.ALLOWED)
            for item in self.own
        )

    @property
    def can_be_withdrawn(self) -> bool:
        """Whether it allowed something that is not withdrawn already. One that is over can be withdrawn, for the
        record; for one that was changed, the answer that changed it is.
        """
        allowed = set(self.decision.allowed)
        is_left = any(item.decided is not ItemState.WITHDRAWN for item in self.items if item.code in allowed)
        return self.is_last and is_left

    @property
    def is_last(self) -> bool:
        """Whether it is an answer that was neither withdrawn nor undone nor changed."""
        return self.decision.is_answer and self.ending is None and self.changed_by is None

    @property
    def also_ended(self) -> list[EffectivePermission]:
        """What a withdrawal of it would end besides: items that it allowed, and a later answer allows now."""
        others = (item for item in self.items if item.decision != self.decision.id)
        return [item for item in others if item.effect is Effect.ALLOWED and item.code in self.ever_allowed]


def standing_of_decision(decision_id: UUID, now: EffectivePermissions) -> DecisionStanding:
    """Return what became of a decision. Pure: no SQL."""
    decision = now.by_id[decision_id]
    ending = now.endings.get(decision_id)
    ended = now.by_id.get(decision.withdraws_id or decision.undoes_id or decision_id, decision)
    codes = {*decision.items, *(ended.items if decision.undoes_id else ())}
    items = [now.of(code) for code in sorted(codes)]
    return DecisionStanding(
        decision=decision,
        state=state_among(decision, ending, items),
        items=items,
        ending=ending,
        changed_by=now.changes.get(decision_id),
        ever_allowed=frozenset(now.ever_allowed(decision)),
    )


def state_among(decision: Known, ending: Known | None, items: Sequence[EffectivePermission]) -> DecisionState:
    """``items``: what holds for each item of the decision."""
    if not decision.is_answer:
        return DecisionState.WITHDRAWAL if decision.withdraws_id else DecisionState.UNDOING
    if ending:
        return DecisionState.WITHDRAWN if ending.withdraws_id else DecisionState.UNDONE
    own = [item for item in items if item.decision == decision.id]
    allowed = [item for item in own if item.decided is ItemState.ALLOWED]
    in_force = [item for item in allowed if item.is_allowed]
    if in_force:
        return DecisionState.ALLOWED if len(in_force) == len(items) else DecisionState.PARTLY_ALLOWED
    if allowed:
        return DecisionState.SUSPENDED
    if not decision.allowed:
        return DecisionState.REFUSED if own else DecisionState.REPLACED
    if any(item.decided is ItemState.EXPIRED for item in own):
        return DecisionState.EXPIRED
    withdrawn = any(item.decided is ItemState.WITHDRAWN for item in items if item.code in decision.allowed)
    return DecisionState.WITHDRAWN if withdrawn else DecisionState.REPLACED
