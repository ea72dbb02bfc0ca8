"""The state of each item under a person's decisions: the only place that decides allowed or not."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from consents.models import Decision, in_effect
from disclosures.ledger.permissions import ItemState, Standing, StandingQuestion
from privacycenter.database.compiled_queries import Given, IsAmong, Statement


class Known(NamedTuple):
    """The part of a decision that permissions depend on. ``allowed`` and ``refused``: codes of items."""

    person: int
    recipient: int
    service: int
    scenario: int
    id: UUID
    withdraws_id: UUID | None
    undoes_id: UUID | None
    rule_id: UUID | None
    decided_at: datetime
    valid_until: datetime
    allowed: list[str]
    refused: list[str]


def permissions_at(questions: Sequence[StandingQuestion]) -> list[Standing]:
    """Return one standing for each question, in order. One SQL statement.

    For each item the newest decision that names it counts. With ``at`` None every committed decision counts, even one
    stamped by a clock ahead of ours: a withdrawal that was answered is never overlooked.
    """
    by_subject = defaultdict(list)
    for row in DECISIONS.rows(**keys_of(questions)):
        decision = Known(*row)
        by_subject[decision[:4]].append(decision)
    return [
        standing_of(by_subject[(question.person, question.recipient, question.service, question.scenario)], question.at)
        for question in questions
    ]


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
    return (
        Decision.objects.filter(*about_given())
        .newest_first()
        .values_list(
            "person_id", "recipient_id", "service_id", "scenario_id", "id", "withdraws_id", "undoes_id", "rule_id",
            "decided_at", "valid_until", "allowed_set__codes", "refused_set__codes",
        )
    )  # fmt: skip


DECISIONS = Statement(decisions)


def standing_of(decisions: Iterable[Known], at: datetime | None = None) -> Standing:
    """Fold decisions, newest first, into the state of each item at a time (None: now).

    An answer that was undone by then does not count; what came before it does.
    """
    states: dict[str, ItemState] = {}
    sources: dict[str, UUID] = {}
    rules: dict[str, bool] = {}
    moment = at or timezone.now()
    known = [decision for decision in decisions if at is None or decision.decided_at <= at]
    for decision in in_effect(known):
        granted = ItemState.ALLOWED if moment < decision.valid_until else ItemState.EXPIRED
        denied = ItemState.WITHDRAWN if decision.withdraws_id else ItemState.REFUSED
        for codes, state in ((decision.allowed, granted), (decision.refused, denied)):
            for code in codes:
                states.setdefault(code, state)
                sources.setdefault(code, decision.id)
                rules.setdefault(code, decision.rule_id is not None)
    return Standing(states, sources, frozenset(code for code, is_rule in rules.items() if is_rule))
