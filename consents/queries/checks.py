"""The answer to "may I give this person's data to this recipient?"."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from consents.models import ApprovalRequest
from disclosures.models import Ground, Reporter
from disclosures.permissions import ItemState, Question, Standing, standings
from disclosures.queries.catalogue import Catalogue, Resolved
from privacycenter.models import User


class Reason(StrEnum):
    """Why a check says yes or no. Documented in docs/api.md."""

    ALLOWED = "allowed"
    PARTLY_ALLOWED = "partly_allowed"
    NO_APPROVAL_NEEDED = "no_approval_needed"
    NO_DECISION = "no_decision"
    REQUEST_OPEN = "request_open"
    REFUSED = "refused"
    RULE = "rule"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    RETIRED = "retired"
    ITEMS_UNDECLARED = "items_undeclared"
    NOTHING_PER_PERSON = "nothing_per_person"


@dataclass(frozen=True)
class Check:
    """``allowed`` is True only if every item is. ``items``: code → allowed."""

    allowed: bool
    items: dict[str, bool]
    ground: Ground
    reason: Reason
    decision_id: UUID | None = None
    request: ApprovalRequest | None = None


def permission_check(
    *, subject: str, recipient: str, service: str, scenario: str, items: Sequence[str], by: Reporter
) -> Check:
    """Item by item, as things stand now. Raises a Refusal for codes that cannot be used: that is a no, too.

    Reads committed decisions only and keeps nothing: a check that starts after a withdrawal was answered says no.
    At most ten SQL statements. Asking makes no person and leaves no trace.
    """
    catalogue = Catalogue(reporter=by, recipients={recipient}, scenarios={scenario}, items=set(items))
    rows = catalogue.resolve(recipient=recipient, service=service, scenario=scenario, items=items)
    if any(row.retired_at for row in (rows.recipient, rows.service, rows.scenario)):
        return refusal(rows, Reason.RETIRED)
    if rows.ground is Ground.NONE:
        return refusal(rows, Reason.NOTHING_PER_PERSON)
    if rows.ground is not Ground.APPROVAL:
        return without_approval(rows)
    person = User.objects.with_subject(subject)
    return by_decisions(person, rows) if person else refusal(rows, Reason.NO_DECISION)


def refusal(rows: Resolved, reason: Reason) -> Check:
    return Check(False, dict.fromkeys(rows.items, False), rows.ground, reason)


def without_approval(rows: Resolved) -> Check:
    """The ground needs no decision; items the scenario does not declare are still not allowed."""
    items = {code: code not in rows.undeclared for code in rows.items}
    reason = Reason.ITEMS_UNDECLARED if rows.undeclared else Reason.NO_APPROVAL_NEEDED
    return Check(not rows.undeclared, items, rows.ground, reason)


def by_decisions(person: User, rows: Resolved) -> Check:
    about = {"recipient": rows.recipient.pk, "service": rows.service.pk, "scenario": rows.scenario.pk}
    standing = standings([Question(person.pk, rows.recipient.pk, rows.service.pk, rows.scenario.pk)])[0]
    items = {code: standing.allows(code) and code not in rows.undeclared for code in rows.items}
    request = person.approval_requests.about(**about).undecided().first()
    return Check(
        allowed=all(items.values()),
        items=items,
        ground=rows.ground,
        reason=named_by_rule(person, standing, reason_for(standing, items, rows, request)),
        decision_id=standing.decision_for([code for code, is_allowed in items.items() if is_allowed]),
        request=request,
    )


def named_by_rule(person: User, standing: Standing, reason: Reason) -> Reason:
    """A refusal that a standing rule made in the person's place is named so. One SQL statement, only for a refusal."""
    if reason is not Reason.REFUSED:
        return reason
    decisions = {standing.decisions[code] for code, state in standing.states.items() if state is ItemState.REFUSED}
    by_rule = person.decisions.filter(id__in=decisions, rule_id__isnull=False)
    return Reason.RULE if by_rule.exists() else Reason.REFUSED


REASON_OF_STATE = {
    ItemState.WITHDRAWN: Reason.WITHDRAWN,
    ItemState.EXPIRED: Reason.EXPIRED,
    ItemState.REFUSED: Reason.REFUSED,
}


def reason_for(standing: Standing, items: dict[str, bool], rows: Resolved, request: ApprovalRequest | None) -> Reason:
    """One reason for the whole answer: the first that applies, from the clearest no to the mixed answers."""
    if rows.undeclared:
        return Reason.ITEMS_UNDECLARED
    if all(items.values()):
        return Reason.ALLOWED
    if any(items.values()):
        return Reason.PARTLY_ALLOWED
    states = {standing.states[code] for code in items if code in standing.states}
    for state, reason in REASON_OF_STATE.items():
        if state in states:
            return reason
    return Reason.REQUEST_OPEN if request else Reason.NO_DECISION
