"""Permission checks: may this person's data be given to this recipient now?"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple, TypeGuard
from uuid import UUID

from django.utils import timezone

from consents.checking.permissions import decisions_about
from consents.models import ApprovalRequest
from disclosures.content.publications import publication_named
from disclosures.ledger.code_lookup import Codes, Resolved
from disclosures.ledger.conformance import Departure, Published, ScenarioTerms
from disclosures.ledger.permissions import ItemState, Standing, StandingQuestion
from disclosures.models import Ground, Reporter
from privacycenter.errors import Refusal


class Reason(StrEnum):
    """The reason for the answer to a check. Documented in docs/api.md."""

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
    SCENARIO_UNDECLARED = "scenario_undeclared"
    RECIPIENT_UNDECLARED = "recipient_undeclared"
    RECIPIENT_ON_HOLD = "recipient_on_hold"
    SERVICE_UNDECLARED = "service_undeclared"
    ITEM_EXCLUDED = "item_excluded"
    ITEMS_UNDECLARED = "items_undeclared"
    NOTHING_PER_PERSON = "nothing_per_person"
    REPORTER_PAUSED = "reporter_paused"


@dataclass(frozen=True)
class Check:
    """``allowed`` is True only if every item is. ``items``: code → allowed.

    ``requires``: what a report of what is allowed has to cite, as names of members of its evidence.
    ``not_named``: what open lists of the page do not name; that alone is no reason for a no. ``about``: the rows that
    were asked about.
    """

    allowed: bool
    items: dict[str, bool]
    ground: Ground
    reason: Reason
    decision_id: UUID | None = None
    request: ApprovalRequest | None = None
    requires: Sequence[str] = ()
    not_named: tuple[Departure, ...] = ()
    about: "CheckMatter | None" = field(default=None, compare=False, repr=False)


@dataclass(frozen=True)
class CheckQuestion:
    """May these items of this person go from this service to this recipient in this scenario? All fields are codes."""

    subject: str
    recipient: str
    service: str
    scenario: str
    items: Sequence[str]


def permission_check(
    *, subject: str, recipient: str, service: str, scenario: str, items: Sequence[str], by: Reporter
) -> Check:
    """Answer one question like ``permission_checks``. Raises its Refusal, also a no, if a code cannot be used."""
    (found,) = permission_checks([CheckQuestion(subject, recipient, service, scenario, items)], by=by)
    if isinstance(found, Refusal):
        raise found
    return found


def permission_checks(questions: Sequence[CheckQuestion], *, by: Reporter) -> list[Check | Refusal]:
    """Answer each question item by item as of now, in order; a Refusal where a code cannot be used.

    Allows only what the newest publication declares, so a report of it would not be flagged. Reads committed decisions
    and caches nothing: a check that starts after a withdrawal was answered says no. Two SQL statements for all
    questions together, and one more where somebody has several accounts. Creates no person and writes nothing.
    """
    codes = Codes(by, questions, subjects={question.subject for question in questions})
    newest = publication_named(codes.newest)
    published = Published(newest.document if newest else None)
    matters = [matter_of(codes, published, question) for question in questions]
    if by.paused_at:
        return [refused_while_paused(matter) for matter in matters]
    in_need = [(number, matter) for number, matter in enumerate(matters) if needs_decision(matter)]
    known = [(number, matter.person, matter) for number, matter in in_need if matter.person]
    decided = by_decisions([(person, matter) for _number, person, matter in known])
    answers = dict(zip((number for number, _person, _matter in known), decided, strict=True))
    return [answers.get(number) or without_decision(matter) for number, matter in enumerate(matters)]


class CheckMatter(NamedTuple):
    """The rows behind a question's codes, and what is published about them. ``person``: None if not seen before."""

    rows: Resolved
    terms: ScenarioTerms
    person: int | None = None


def matter_of(codes: Codes, published: Published, question: CheckQuestion) -> CheckMatter | Refusal:
    try:
        rows = codes.resolve(question)
    except Refusal as refusal:
        return refusal
    return CheckMatter(rows, published.terms(rows), codes.people.get(question.subject))


def needs_decision(matter: CheckMatter | Refusal) -> TypeGuard[CheckMatter]:
    return isinstance(matter, CheckMatter) and not obstacle(matter) and matter.terms.ground is Ground.APPROVAL


def obstacle(matter: CheckMatter) -> Reason | None:
    """Return the reason, if any, for a no that no decision could change. A retired item alone is none."""
    if matter.rows.retired_rows:
        return Reason.RETIRED
    if not matter.terms.is_scenario_declared:
        return Reason.SCENARIO_UNDECLARED
    if matter.terms.is_recipient_proposed:
        return Reason.RECIPIENT_ON_HOLD
    if not matter.terms.is_recipient_declared:
        return Reason.RECIPIENT_UNDECLARED
    if matter.terms.is_on_hold(timezone.now()):
        return Reason.RECIPIENT_ON_HOLD
    if not matter.terms.is_service_declared:
        return Reason.SERVICE_UNDECLARED
    return Reason.NOTHING_PER_PERSON if matter.terms.ground is Ground.NONE else None


def without_decision(matter: CheckMatter | Refusal) -> Check | Refusal:
    """Return the answer that needs no decision, or the no for a person not seen before."""
    return matter if isinstance(matter, Refusal) else undecided(matter)


def refused_while_paused(matter: CheckMatter | Refusal) -> Check | Refusal:
    """Return the no for a paused reporter: what it may not report now, it may not give either."""
    return matter if isinstance(matter, Refusal) else refusal(matter, Reason.REPORTER_PAUSED)


def undecided(matter: CheckMatter) -> Check:
    if reason := obstacle(matter):
        return refusal(matter, reason)
    is_asked = matter.terms.ground is Ground.APPROVAL
    return refusal(matter, Reason.NO_DECISION) if is_asked else without_approval(matter)


def refusal(matter: CheckMatter, reason: Reason) -> Check:
    return Check(False, dict.fromkeys(matter.rows.items, False), matter.terms.ground, reason, about=matter)


def without_approval(matter: CheckMatter) -> Check:
    """Allow the declared items: the ground needs no decision. What is excluded or undeclared is still not allowed."""
    terms = matter.terms
    items = {code: code not in terms.barred_items for code in matter.rows.items}
    reason = barring_reason(terms) or Reason.NO_APPROVAL_NEEDED
    return Check(
        all(items.values()), items, terms.ground, reason, requires=terms.requires.codes, not_named=terms.not_named,
        about=matter,
    )  # fmt: skip


def barring_reason(terms: ScenarioTerms) -> Reason | None:
    """Return why an item may not be provided, whatever the person decides. None if each may."""
    if terms.excluded_items:
        return Reason.ITEM_EXCLUDED
    return Reason.ITEMS_UNDECLARED if terms.undeclared_items else None


def by_decisions(asked: Sequence[tuple[int, CheckMatter]]) -> list[Check]:
    """Answer each (person, matter) from that person's decisions, in order. One SQL statement in all, and one more where
    somebody has several accounts.
    """
    if not asked:
        return []
    questions = [question_of(person, matter.rows) for person, matter in asked]
    decided = decisions_about(questions)
    return [
        check_of(matter, decided.standing(question), decided.request(question))
        for (_person, matter), question in zip(asked, questions, strict=True)
    ]


def question_of(person: int, rows: Resolved) -> StandingQuestion:
    return StandingQuestion(person, rows.recipient.pk, rows.service.pk, rows.scenario.pk)


def check_of(matter: CheckMatter, standing: Standing, request: ApprovalRequest | None) -> Check:
    barred = matter.terms.barred_items
    items = {code: standing.allows(code) and code not in barred for code in matter.rows.items}
    return Check(
        allowed=all(items.values()),
        items=items,
        ground=matter.terms.ground,
        reason=barring_reason(matter.terms) or reason_for(standing, items, request),
        decision_id=standing.decision_for([code for code, is_allowed in items.items() if is_allowed]),
        request=request,
        requires=matter.terms.requires.codes,
        not_named=matter.terms.not_named,
        about=matter,
    )


REASON_OF_STATE = {
    ItemState.WITHDRAWN: Reason.WITHDRAWN,
    ItemState.EXPIRED: Reason.EXPIRED,
    ItemState.REFUSED: Reason.REFUSED,
}


def reason_for(standing: Standing, items: dict[str, bool], request: ApprovalRequest | None) -> Reason:
    """Return one reason for the whole answer: the first that applies, in the order of the code."""
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
