"""The answer to "may I give this person's data to this recipient?"."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from consents.models import ApprovalRequest
from consents.queries.permissions import about_given, keys_of
from disclosures.models import Ground, Reporter
from disclosures.permissions import ItemState, Question, Standing, standings
from disclosures.queries.codes import Codes, Resolved
from privacycenter.errors import Refusal
from privacycenter.statements import Statement


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


@dataclass(frozen=True)
class CheckQuestion:
    """May this person's items go from this service to this recipient in this scenario? Codes throughout."""

    subject: str
    recipient: str
    service: str
    scenario: str
    items: Sequence[str]


def permission_check(
    *, subject: str, recipient: str, service: str, scenario: str, items: Sequence[str], by: Reporter
) -> Check:
    """One check of ``permission_checks``. Raises the Refusal of codes that cannot be used: that is a no, too."""
    (found,) = permission_checks([CheckQuestion(subject, recipient, service, scenario, items)], by=by)
    if isinstance(found, Refusal):
        raise found
    return found


def permission_checks(questions: Sequence[CheckQuestion], *, by: Reporter) -> list[Check | Refusal]:
    """Item by item, as things stand now, in the order of the questions; a Refusal where codes cannot be used.

    Reads committed decisions only and keeps nothing: a check that starts after a withdrawal was answered says no. At
    most three SQL statements for all questions together. Asking makes no person and leaves no trace.
    """
    codes = Codes(by, questions, subjects={question.subject for question in questions})
    resolved = [resolve(codes, question) for question in questions]
    in_need = [number for number, rows in enumerate(resolved) if needs_decision(rows)]
    known = [(number, person) for number in in_need if (person := codes.people.get(questions[number].subject))]
    decided = by_decisions([(person, resolved[number]) for number, person in known])
    answers = dict(zip((number for number, _person in known), decided, strict=True))
    return [answers.get(number) or without_decision(rows) for number, rows in enumerate(resolved)]


def resolve(codes: Codes, question: CheckQuestion) -> Resolved | Refusal:
    try:
        return codes.resolve(question)
    except Refusal as refusal:
        return refusal


def needs_decision(rows: Resolved | Refusal) -> bool:
    return isinstance(rows, Resolved) and not rows.retired_rows and rows.ground is Ground.APPROVAL


def without_decision(rows: Resolved | Refusal) -> Check | Refusal:
    """What needs no look at decisions, and the no about a person not seen before."""
    if isinstance(rows, Refusal):
        return rows
    if rows.retired_rows:  # an item's retiring alone is no reason to refuse
        return refusal(rows, Reason.RETIRED)
    if rows.ground is Ground.NONE:
        return refusal(rows, Reason.NOTHING_PER_PERSON)
    return refusal(rows, Reason.NO_DECISION) if rows.ground is Ground.APPROVAL else without_approval(rows)


def refusal(rows: Resolved, reason: Reason) -> Check:
    return Check(False, dict.fromkeys(rows.items, False), rows.ground, reason)


def without_approval(rows: Resolved) -> Check:
    """The ground needs no decision; items the scenario does not declare are still not allowed."""
    items = {code: code not in rows.undeclared for code in rows.items}
    reason = Reason.ITEMS_UNDECLARED if rows.undeclared else Reason.NO_APPROVAL_NEEDED
    return Check(not rows.undeclared, items, rows.ground, reason)


def by_decisions(asked: Sequence[tuple[int, Any]]) -> list[Check]:
    """Person and rows → check. Two SQL statements for all of them."""
    questions = [Question(person, rows.recipient.pk, rows.service.pk, rows.scenario.pk) for person, rows in asked]
    waiting = waiting_requests(questions)
    return [
        check_of(rows, standing, waiting.get(key_of(question)))
        for (_person, rows), question, standing in zip(asked, questions, standings(questions), strict=True)
    ]


def check_of(rows: Resolved, standing: Standing, request: ApprovalRequest | None) -> Check:
    items = {code: standing.allows(code) and code not in rows.undeclared for code in rows.items}
    return Check(
        allowed=all(items.values()),
        items=items,
        ground=rows.ground,
        reason=reason_for(standing, items, rows, request),
        decision_id=standing.decision_for([code for code, is_allowed in items.items() if is_allowed]),
        request=request,
    )


Key = tuple[int, int, int, int]


def key_of(row: Question) -> Key:
    return (row.person, row.recipient, row.service, row.scenario)


def waiting_requests(questions: Sequence[Question]) -> dict[Key, ApprovalRequest]:
    """The open request about each question, if there is one: its key alone. One SQL statement."""
    if not questions:
        return {}
    return {
        (person, recipient, service, scenario): ApprovalRequest(person_id=person, id=request)
        for person, recipient, service, scenario, request in WAITING.rows(**keys_of(questions))
    }


def open_requests() -> QuerySet:
    found = ApprovalRequest.objects.filter(*about_given()).undecided()
    return found.values_list("person_id", "recipient_id", "service_id", "scenario_id", "id")


WAITING = Statement(open_requests)


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
            is_by_rule = reason is Reason.REFUSED and standing.by_rule & items.keys()
            return Reason.RULE if is_by_rule else reason
    return Reason.REQUEST_OPEN if request else Reason.NO_DECISION
