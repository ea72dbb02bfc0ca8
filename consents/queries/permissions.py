"""Where a person's decisions stand: the one place that says allowed or not."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from django.utils import timezone

from consents.models import Decision, in_effect
from disclosures.permissions import ItemState, Question, Standing


def permissions_at(questions: Sequence[Question]) -> list[Standing]:
    """One standing for each question, in their order. One SQL statement.

    For each item the newest decision that names it counts. With ``at`` None every committed decision counts, also one
    whose clock is ahead of ours: a withdrawal that was answered is never overlooked.
    """
    by_subject = defaultdict(list)
    for decision in decisions_about(questions):
        by_subject[key_of(decision)].append(decision)
    return [
        standing_of(by_subject[(question.person, question.recipient, question.service, question.scenario)], question.at)
        for question in questions
    ]


def decisions_about(questions: Sequence[Question]) -> Iterable[Decision]:
    return (
        Decision.objects.filter(
            person_id__in={question.person for question in questions},
            recipient_id__in={question.recipient for question in questions},
            scenario_id__in={question.scenario for question in questions},
            service_id__in={question.service for question in questions},
        )
        .select_related("allowed_set", "refused_set")
        .defer("text")
        .newest_first()
    )


def key_of(decision: Decision) -> tuple[int, int, int, int]:
    return (decision.person_id, decision.recipient_id, decision.service_id, decision.scenario_id)


def standing_of(decisions: Iterable[Decision], at: datetime | None = None) -> Standing:
    """Fold decisions, newest first, into the state of each item at a time (None: now).

    An answer that was undone by then does not count: what came before it does.
    """
    states: dict[str, ItemState] = {}
    sources: dict[str, UUID] = {}
    rules: dict[str, bool] = {}
    moment = at or timezone.now()
    known = [decision for decision in decisions if at is None or decision.decided_at <= at]
    for decision in in_effect(known):
        granted = ItemState.ALLOWED if moment < decision.valid_until else ItemState.EXPIRED
        denied = ItemState.WITHDRAWN if decision.is_withdrawal else ItemState.REFUSED
        for codes, state in ((decision.allowed_set.codes, granted), (decision.refused_set.codes, denied)):
            for code in codes:
                states.setdefault(code, state)
                sources.setdefault(code, decision.id)
                rules.setdefault(code, decision.rule_id is not None)
    return Standing(states, sources, frozenset(code for code, is_rule in rules.items() if is_rule))
