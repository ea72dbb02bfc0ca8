"""The state of each item under a person's decisions: the only place that decides allowed or not.

A person may have several accounts (docs/decisions/0027-accounts-of-one-person.md). Whichever of them is asked about,
the answer is that of the one person.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import dropwhile
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import BigIntegerField, DateTimeField, F, JSONField, QuerySet, UUIDField, Value
from django.utils import timezone

from consents.models import ApprovalRequest, Decision, in_effect
from disclosures.ledger.permissions import ItemStanding, ItemState, Standing, StandingQuestion
from disclosures.models import SharedRecord
from disclosures.models.ledger.shared_records import Account, accounts_in
from privacycenter.database.compiled_queries import Given, IsAmong, Statement


class Known(NamedTuple):
    """The part of a decision that permissions depend on. ``allowed`` and ``refused``: codes of items."""

    person: int
    recipient: int
    service: int
    scenario: int
    id: UUID
    request_id: UUID
    withdraws_id: UUID | None
    undoes_id: UUID | None
    changes_id: UUID | None
    rule_id: UUID | None
    decided_at: datetime
    valid_until: datetime
    allowed: list[str]
    refused: list[str]

    @property
    def is_answer(self) -> bool:
        return not (self.withdraws_id or self.undoes_id)

    @property
    def items(self) -> list[str]:
        return [*self.allowed, *self.refused]


Key = tuple[int, int, int, int]


def permissions_at(questions: Sequence[StandingQuestion]) -> list[Standing]:
    """Return one standing for each question, in order. One SQL statement, and one more where somebody has several
    accounts.

    For each item the newest decision that names it counts. With ``at`` None every committed decision counts, even one
    stamped by a clock ahead of ours: a withdrawal that was answered is never overlooked.
    """
    known = decisions_about(questions)
    return [known.standing(one) for one in questions]


@dataclass(frozen=True)
class Decisions:
    """What was decided about some questions. ``by_key``: for each account apart, newest first. ``shared``: which
    accounts were one person since when, newest first, for those of whom that was ever so. ``open``: the requests that
    wait for an answer now, for each account apart.
    """

    by_key: Mapping[Key, list[Known]]
    shared: Mapping[int, list[tuple[datetime, list[Account]]]] = field(default_factory=dict)
    open: Mapping[Key, UUID] = field(default_factory=dict)

    def accounts(self, question: StandingQuestion) -> list[Account]:
        """Return the accounts that were one person at the time of the question; empty for a person's only one."""
        moments = [moment for moment in (question.at, question.shared_by) if moment]
        states = (
            accounts
            for made_at, accounts in self.shared.get(question.person, ())
            if all(made_at <= moment for moment in moments)
        )
        return next(states, [])

    def people(self, question: StandingQuestion) -> list[int]:
        """Return the accounts of the person, that of the question first."""
        others = (account for account, _since in self.accounts(question))
        return list(dict.fromkeys([question.person, *others]))

    def ever(self, question: StandingQuestion) -> list[Known]:
        """Return all that the person decided about a question, newest first, whenever that was."""
        key = key_of(question)
        accounts = self.accounts(question)
        if not accounts:
            return self.by_key.get(key, [])
        found = (self.by_key.get((account, *key[1:]), []) for account, _since in accounts)
        return sorted((one for some in found for one in some), key=newness, reverse=True)

    def of(self, question: StandingQuestion) -> list[Known]:
        """Return what the person had decided about a question by its time, newest first, undone answers included."""
        return known_by(self.ever(question), question.at, question.newest)

    def standing(self, question: StandingQuestion) -> Standing:
        return standing_of(self.of(question), question.at, self.accounts(question))

    def request(self, question: StandingQuestion) -> ApprovalRequest | None:
        """Return the open request of a question, with its key only; of several accounts, of the first that has one."""
        _person, recipient, service, scenario = key_of(question)
        found = ((account, self.open.get((account, recipient, service, scenario))) for account in self.people(question))
        return next((ApprovalRequest(person_id=account, id=id) for account, id in found if id), None)


def newness(decision: Known) -> tuple[datetime, UUID]:
    return decision.decided_at, decision.id


def decisions_about(questions: Sequence[StandingQuestion]) -> Decisions:
    """Return the decisions of each question that has any, and its open request. One SQL statement, and one more where
    somebody has several accounts.
    """
    keys = keys_of(questions)
    found = decided_by(keys)
    if others := {key for states in found.shared.values() for _at, accounts in states for key, _since in accounts}:
        more = decided_by({**keys, "people": others - keys["people"]})
        return Decisions({**found.by_key, **more.by_key}, found.shared, {**found.open, **more.open})
    return found


def decided_by(keys: dict[str, set[int]]) -> Decisions:
    """Return the decisions of these accounts, and with which others they were one person, newest first."""
    found: dict[Key, list[Known]] = defaultdict(list)
    shared: dict[int, list[tuple[datetime, list[Account]]]] = defaultdict(list)
    waiting: dict[Key, UUID] = {}
    for row in DECISIONS.rows(**keys):
        decision = Known(*row)
        if not decision.recipient:
            shared[decision.person].append((decision.decided_at, accounts_in(decision.allowed)))
        elif decision.decided_at:
            found[decision[:4]].append(decision)
        else:
            waiting[decision[:4]] = decision.id
    return Decisions(found, shared, waiting)


def known_of(row: Decision) -> Known:
    """Return the same of a decision fetched ``with_references``."""
    return Known(
        row.person_id, row.recipient_id, row.service_id, row.scenario_id, row.id, row.request_id, row.withdraws_id,
        row.undoes_id, row.changes_id, row.rule_id, row.decided_at, row.valid_until,
        row.allowed_set.codes, row.refused_set.codes,
    )  # fmt: skip


def key_of(question: StandingQuestion) -> Key:
    return (question.person, question.recipient, question.service, question.scenario)


def keys_of(questions: Sequence[StandingQuestion]) -> dict[str, set[int]]:
    """Return the parameters of ``about_given``.

    The rows found may combine the person of one question with the recipient of another.
    """
    return {
        "people": {question.person for question in questions},
        "recipients": {question.recipient for question in questions},
        "services": {question.service for question in questions},
        "scenarios": {question.scenario for question in questions},
    }


def about_given() -> list[IsAmong]:
    """Return the conditions whose parameters ``keys_of`` gives."""
    columns = {
        "people": "person_id",
        "recipients": "recipient_id",
        "services": "service_id",
        "scenarios": "scenario_id",
    }
    return [IsAmong(column, Given(name)) for name, column in columns.items()]


def decisions() -> QuerySet[Any]:
    """Select a ``Known`` for each decision, one without a recipient for each ``SharedRecord`` of the people, and one
    without a time for each open request.
    """
    decided = Decision.objects.filter(*about_given()).order_by()
    together = SharedRecord.objects.filter(IsAmong("person_id", Given("people"))).order_by()
    waiting = ApprovalRequest.objects.filter(*about_given()).undecided(Given("people")).order_by()
    nothing, no_id, no_codes = Value(0, BigIntegerField()), Value(None, UUIDField()), Value(None, JSONField())
    never = Value(None, DateTimeField())
    rows = decided.values_list(
        "person_id", "recipient_id", "service_id", "scenario_id", "id", "request_id", "withdraws_id", "undoes_id",
        "changes_id", "rule_id", "decided_at", "valid_until", "allowed_set__codes", "refused_set__codes",
    ).union(
        together.values_list(
            "person_id", nothing, nothing, nothing, "id", no_id, no_id, no_id, no_id, no_id, "made_at", never,
            "accounts", no_codes,
        ),
        waiting.values_list(
            "person_id", "recipient_id", "service_id", "scenario_id", "id", no_id, no_id, no_id, no_id, no_id, never,
            never, no_codes, no_codes,
        ),
        all=True,
    )  # fmt: skip
    return rows.order_by(F("decided_at").desc(), F("id").desc())


DECISIONS = Statement(decisions)


def known_by(decisions: Iterable[Known], at: datetime | None, newest: UUID | None = None) -> list[Known]:
    """Return those decisions that had been made at a time, in order, none later than ``newest``; None: all of them."""
    known = [decision for decision in decisions if at is None or decision.decided_at <= at]
    return list(dropwhile(lambda decision: decision.id != newest, known)) if newest else known


def standing_of(known: Sequence[Known], at: datetime | None = None, accounts: Sequence[Account] = ()) -> Standing:
    """Fold decisions, newest first, into what holds for each item at a time (None: now).

    ``known``: those that had been made by then. An answer that was undone does not count; what came before it does.
    """
    items = items_of(in_effect(known), at or timezone.now(), list(accounts)[1:])
    return Standing(items, known[0].id if known else None)


Items = dict[str, ItemStanding]


def items_of(decisions: Sequence[Known], moment: datetime, joined: Sequence[Account]) -> Items:
    """Return what holds for each item. ``joined``: accounts that were put together with the first, in this order.

    From when two accounts are one person, the newest decision under either counts. Of what was decided under each of
    them before, a no counts more than a yes, whichever was later: putting accounts together never ends a refusal.
    """
    if not joined:
        return folded(decisions, moment)
    *earlier, (account, since) = joined
    after = [one for one in decisions if since and one.decided_at > since]
    before = decisions[len(after) :]
    apart = folded([one for one in before if one.person == account], moment)
    others = items_of([one for one in before if one.person != account], moment, earlier)
    stricter = {
        code: min((some[code] for some in (apart, others) if code in some), key=strictness)
        for code in [*apart, *others]
    }
    return {**stricter, **folded(after, moment)}


STRICTEST_FIRST = (ItemState.WITHDRAWN, ItemState.REFUSED, ItemState.ALLOWED, ItemState.EXPIRED)


def strictness(item: ItemStanding) -> tuple[int, float]:
    """Order what two accounts say of an item: the no first, of two of a kind the later."""
    return STRICTEST_FIRST.index(item.state), -item.since.timestamp()


def folded(decisions: Iterable[Known], moment: datetime) -> Items:
    items: Items = {}
    for decision in decisions:
        granted, denied = granted_by(decision, moment), denied_by(decision)
        for code in decision.allowed:
            items.setdefault(code, granted)
        for code in decision.refused:
            items.setdefault(code, denied)
    return items


def granted_by(decision: Known, moment: datetime) -> ItemStanding:
    is_over = decision.valid_until <= moment
    return ItemStanding(
        state=ItemState.EXPIRED if is_over else ItemState.ALLOWED,
        decision=decision.id,
        since=decision.valid_until if is_over else decision.decided_at,
        until=decision.valid_until,
        is_by_rule=decision.rule_id is not None,
    )


def denied_by(decision: Known) -> ItemStanding:
    return ItemStanding(
        state=ItemState.WITHDRAWN if decision.withdraws_id else ItemState.REFUSED,
        decision=decision.id,
        since=decision.decided_at,
        until=None,
        is_by_rule=decision.rule_id is not None,
    )
