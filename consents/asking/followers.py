"""Follower that counts standing approvals, by what they are about and the day on which they end."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import F
from django.utils import timezone

from consents.asking.topics import APPROVALS_CHANGED, DECISION_MADE, DECISION_WITHDRAWN, AboutDecision
from consents.checking.permissions import decisions_about
from consents.models import ApprovalCount, CountedApproval, Decision
from disclosures.ledger.item_sets import ensure_item_sets
from disclosures.ledger.permissions import ItemState, StandingQuestion
from privacycenter.models import User
from privacycenter.outbox.followers import Follower

approval_counts = Follower("approval-counts")


class Counted(NamedTuple):
    """How one answer is counted: the day on which it ends, and the key of the set of the items that it allows now."""

    ends_on: date
    item_set: int


@approval_counts.follows(DECISION_MADE)
def count_made(made: AboutDecision) -> None:
    count_approvals(made)


@approval_counts.follows(DECISION_WITHDRAWN)
def count_withdrawn(withdrawn: AboutDecision) -> None:
    count_approvals(withdrawn)


@approval_counts.follows(APPROVALS_CHANGED)
def count_changed(changed: AboutDecision) -> None:
    count_approvals(changed)


def count_approvals(about: AboutDecision) -> None:
    """Bring the counts up to what stands now of all answers about what this decision is about.

    Each answer is counted as it was not yet, so neither repeated work nor its order matters: a change, a withdrawal or
    an undoing counts what it left of the answers before it. The person's lock keeps two workers from one answer. At
    most 9 SQL statements, and one for each count that changes, if no set of items is new. Counts of days that are over
    are removed by the purge.
    """
    person = User.objects.lock(about.person)
    decision = person.decisions.defer("text").filter(id=about.decision).first()
    if decision is None:
        return  # its retention is over
    wanted = standing_answers(decision)
    same_matter = person.decisions.about(
        recipient=decision.recipient_id, service=decision.service_id, scenario=decision.scenario_id
    )
    whose, languages = {}, {}
    for id, account, language in same_matter.order_by().values_list("id", "person_id", "language"):
        whose[id], languages[id] = account, language
    found = person.counted_approvals.filter(id__in=languages)
    counted = {row.id: Counted(row.ends_on, row.item_set_id) for row in found}
    changed = {id for id in languages if wanted.get(id) != counted.get(id)}
    if changed:
        person.counted_approvals.filter(id__in=changed).delete()
        CountedApproval.objects.bulk_create(
            CountedApproval(person_id=whose[id], id=id, item_set_id=wanted[id].item_set, ends_on=wanted[id].ends_on)
            for id in sorted(changed & wanted.keys())
        )
        add_counts(decision, differences(wanted, counted, languages, changed))


def standing_answers(decision: Decision) -> dict[UUID, Counted]:
    """Return each answer about the same that still allows something. At most two SQL statements if no set is new."""
    matter = StandingQuestion(decision.person_id, decision.recipient_id, decision.service_id, decision.scenario_id)
    decided = decisions_about([matter])
    allowed: dict[UUID, set[str]] = {}
    for code, item in decided.standing(matter).items.items():
        if item.state is ItemState.ALLOWED and item.decision:
            allowed.setdefault(item.decision, set()).add(code)
    codes = {id: tuple(sorted(items)) for id, items in allowed.items()}
    sets = ensure_item_sets(combinations=codes.values()) if codes else {}
    return {
        one.id: Counted(timezone.localdate(one.valid_until), sets[codes[one.id]])
        for one in decided.of(matter)
        if one.id in codes
    }


Key = tuple[date, int, str]


def differences(
    wanted: Mapping[UUID, Counted],
    counted: Mapping[UUID, Counted],
    languages: Mapping[UUID, str],
    changed: Iterable[UUID],
) -> Counter[Key]:
    """Return by how much each count of day, item set and language changes. Days that are over are not kept."""
    changes = Counter[Key]()
    for id in changed:
        for state, by in ((counted, -1), (wanted, 1)):
            if (one := state.get(id)) and one.ends_on >= timezone.localdate():
                changes[(*one, languages[id])] += by
    return Counter({key: by for key, by in changes.items() if by})


def add_counts(decision: Decision, changes: Mapping[Key, int]) -> None:
    """Change these counts in one order, so that two workers never wait for each other in a circle."""
    about: dict[str, Any] = {
        "recipient_id": decision.recipient_id, "service_id": decision.service_id, "scenario_id": decision.scenario_id,
    }  # fmt: skip
    rows = [
        ({"ends_on": day, "item_set_id": item_set, "language": language, **about}, by)
        for (day, item_set, language), by in sorted(changes.items())
    ]
    ApprovalCount.objects.bulk_create((ApprovalCount(**key) for key, _by in rows), ignore_conflicts=True)
    for key, by in rows:
        ApprovalCount.objects.filter(**key).update(approval_count=F("approval_count") + by)
