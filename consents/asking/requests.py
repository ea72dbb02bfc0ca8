"""Approval requests as the person and the reporter read them. Never writes."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from consents.asking.rules import rules_in_force, subject_of, verdict
from consents.models import ApprovalRequest, Decision, StandingRule, in_effect
from consents.models.public_ids import public_id
from disclosures.models import Recipient, Reporter, Scenario, Service
from disclosures.public import pages
from disclosures.publishing.publications import newest_publication
from privacycenter.canonical import sha256_of
from privacycenter.models import User
from privacycenter.text.languages import page_language
from privacycenter.text.words import Words, words_in

OPEN, ALLOWED, PARTLY_ALLOWED, REFUSED, WITHDRAWN, EXPIRED, CANCELLED = STATES = (
    "open", "allowed", "partly_allowed", "refused", "withdrawn", "expired", "cancelled",
)  # fmt: skip
# The texts about a recipient that a question shows in its own language.
RECIPIENT_TEXTS = ("title", "business", "address", "measures", "measures_unknown")


@dataclass(frozen=True)
class ItemAsked:
    """One item of a request, with the reporter's texts on its purpose and on the consequence of leaving it out.

    ``rule``: the person's standing rule against giving it, if any.
    """

    code: str
    title: Words
    purpose: Words
    consequence: Words
    rule: StandingRule | None = None


@dataclass(frozen=True)
class RequestPage:
    """One request with everything the person must know to answer it.

    ``text_sha256`` is the hash of exactly this text. ``is_by_rule``: a standing rule answered for the person.
    ``opening``: how often an answer was undone and the request reopened.
    """

    id: UUID
    recipient: Recipient
    service: Service
    scenario: Scenario
    scenario_body: Words
    items: list[ItemAsked]
    requested_at: datetime
    expires_at: datetime
    valid_days: int
    state: str
    decision_id: UUID | None
    is_by_rule: bool
    opening: int
    publication: int
    text: dict[str, Any]
    text_sha256: str

    @property
    def is_open(self) -> bool:
        return self.state == OPEN


@dataclass(frozen=True)
class RequestRow:
    """One row of a list of requests."""

    id: UUID
    recipient: Recipient
    service: Service
    scenario: Scenario
    item_count: int
    expires_at: datetime
    requested_at: datetime
    state: str


def state_of(request: ApprovalRequest, decisions: Iterable[Decision]) -> str:
    """Return the state of a request, given the decisions that name it. Pure apart from the clock."""
    decisions = in_effect(decisions)
    answer = answer_among(decisions)
    if answer is None and request.is_cancelled:
        return CANCELLED
    if answer is None:
        return EXPIRED if request.is_expired else OPEN
    if any(decision.withdraws_id == answer.id for decision in decisions):
        return WITHDRAWN
    if not answer.allowed_set.codes:
        return REFUSED
    return PARTLY_ALLOWED if answer.refused_set.codes else ALLOWED


def answer_among(decisions: Iterable[Decision]) -> Decision | None:
    """Return the answer in effect among the decisions that name one request, or None."""
    return next((decision for decision in in_effect(decisions) if decision.is_answer), None)


def request_page(person: User, request_id: UUID) -> RequestPage | None:
    """Return one request in full, or None if this person has no such request. At most eight SQL statements."""
    request = person.approval_requests.with_references().filter(id=request_id).first()
    if request is None:
        return None
    decisions = list(person.decisions.answers_to(request_id).select_related("allowed_set", "refused_set"))
    answer, state = answer_among(decisions), state_of(request, decisions)
    rules = verdict(rules_in_force(person), subject_of(request)).items if state == OPEN else {}
    published = newest_publication()
    body = scenario_body(request.scenario, published.document if published else None)
    items = items_asked(request, rules)
    text = text_shown(request, body, items)
    return RequestPage(
        id=request.id,
        recipient=request.recipient,
        service=request.service,
        scenario=request.scenario,
        scenario_body=body,
        items=items,
        requested_at=request.requested_at,
        expires_at=request.expires_at,
        valid_days=request.valid_days,
        state=state,
        decision_id=answer.id if answer else None,
        is_by_rule=bool(answer and answer.rule_id),
        opening=sum(decision.is_undoing for decision in decisions),
        publication=published.number if published else 0,
        text=text,
        text_sha256=sha256_of(text),
    )


def scenario_body(scenario: Scenario, document: dict[str, Any] | None) -> Words:
    """Return the scenario's published text, or its working text if it is not published."""
    view = pages.scenario(document, scenario.code) if document else None
    if view:
        return view.body
    return scenario.rich_words("body")


def items_asked(request: ApprovalRequest, rules: Mapping[str, StandingRule]) -> list[ItemAsked]:
    """Return the items of the request in the order of the data items."""
    return [
        ItemAsked(
            code=item.code,
            title=item.name,
            purpose=words_in(request.purposes.get(item.code, {})),
            consequence=words_in(request.consequences.get(item.code, {})),
            rule=rules.get(item.code),
        )
        for item in sorted(request.item_set.items.all(), key=lambda item: (item.position, item.code))
    ]


def text_shown(request: ApprovalRequest, body: Words, items: Sequence[ItemAsked]) -> dict[str, Any]:
    """Return every text of the question as one document: what a decision stores and its hash covers."""
    recipient = request.recipient
    return {
        "language": page_language(),
        "recipient": {
            "code": recipient.code,
            **{name: recipient.words(name).text for name in RECIPIENT_TEXTS},
            "contact": recipient.contact,
            "country": recipient.country.code,
            "country_title": recipient.country.words("title").text,
            "country_system": recipient.country.words("system").text,
            "country_system_unknown": recipient.country.words("system_unknown").text,
        },
        "service": {"code": request.service.code, "title": request.service.name.text},
        "scenario": {"code": request.scenario.code, "title": request.scenario.name.text, "body": body.text},
        "items": [
            {
                "code": item.code,
                "title": item.title.text,
                "purpose": item.purpose.text,
                "consequence": item.consequence.text,
            }
            for item in items
        ],
        "expires_at": request.expires_at.isoformat(),
        "valid_days": request.valid_days,
    }


def open_requests(person: User) -> list[RequestRow]:
    """Return the requests that wait for an answer, soonest expiry first. One SQL statement."""
    requests = person.approval_requests.undecided().with_references().soonest_expiry_first()
    return [row_of(request, OPEN) for request in requests]


def closed_requests(person: User, limit: int = 50) -> list[RequestRow]:
    """Return the requests that are answered, cancelled or expired, newest first. Two SQL statements."""
    requests = list(person.approval_requests.decided_or_expired().with_references().newest_first()[:limit])
    decisions = person.decisions.filter(request_id__in=[request.id for request in requests])
    by_request: dict[UUID, list[Decision]] = {}
    for decision in decisions.select_related("allowed_set", "refused_set"):
        by_request.setdefault(decision.request_id, []).append(decision)
    return [row_of(request, state_of(request, by_request.get(request.id, []))) for request in requests]


def row_of(request: ApprovalRequest, state: str) -> RequestRow:
    return RequestRow(
        id=request.id,
        recipient=request.recipient,
        service=request.service,
        scenario=request.scenario,
        item_count=len(request.item_set.codes),
        expires_at=request.expires_at,
        requested_at=request.requested_at,
        state=state,
    )


def request_for_reporter(reporter: Reporter, person_id: int, request_id: UUID) -> ApprovalRequest | None:
    """Return the request, or None if there is none or this reporter may not speak for its service."""
    request = (
        ApprovalRequest.objects.with_references()
        .select_related("person")
        .filter(person_id=person_id, id=request_id)
        .first()
    )
    is_theirs = request is not None and reporter.services.filter(pk=request.service_id).exists()
    return request if is_theirs else None


def request_state(request: ApprovalRequest) -> dict[str, Any]:
    """Return a request as its reporter sees it, with the answer item by item. One SQL statement."""
    decisions = request.person.decisions.answers_to(request.id).select_related("allowed_set", "refused_set")
    return state_for_reporter(request, list(decisions))


def requests_of(reporter: Reporter, after: UUID | None, limit: int, state: str = "") -> dict[str, Any]:
    """Return a page of a reporter's requests for services it may speak for now, newest first. Three SQL statements.

    ``after``: the last id of the page before. ``state`` filters within a page, so a page may be shorter than ``limit``,
    even empty, although there are more.
    """
    filed = reporter.filed_requests.order_by("-id")
    rows = list((filed.filter(id__lt=after) if after else filed)[: limit + 1])
    shown = rows[:limit]
    keys = [(row.whose, row.id) for row in shown]
    own = ApprovalRequest.objects.with_references().select_related("person").of_services(reporter)
    found = own.by_public_keys(keys) if keys else []
    requests = {(request.person_id, request.id): request for request in found}
    decisions = decisions_by_request(keys)
    states = [state_for_reporter(requests[key], decisions.get(key, [])) for key in keys if key in requests]
    return {
        "data": [one for one in states if not state or one["state"] == state],
        "next": shown[-1].id.hex if len(rows) > limit else None,
    }


def decisions_by_request(keys: Sequence[tuple[int, UUID]]) -> dict[tuple[int, UUID], list[Decision]]:
    """Return the decisions that name each (person, request). One SQL statement."""
    found: dict[tuple[int, UUID], list[Decision]] = {}
    people, requests = {person for person, _request in keys}, {request for _person, request in keys}
    decisions = Decision.objects.filter(person_id__in=people, request_id__in=requests)
    for decision in decisions.select_related("allowed_set", "refused_set"):
        found.setdefault((decision.person_id, decision.request_id), []).append(decision)
    return found


def state_for_reporter(request: ApprovalRequest, decisions: Sequence[Decision]) -> dict[str, Any]:
    answer, state = answer_among(decisions), state_of(request, decisions)
    allowed = set(answer.allowed_set.codes) if answer and state in (ALLOWED, PARTLY_ALLOWED) else set()
    return {
        "id": public_id(request),
        "state": state,
        "subject": request.person.subject,
        "recipient": request.recipient.code,
        "service": request.service.code,
        "scenario": request.scenario.code,
        "items": {code: code in allowed if answer else None for code in request.item_set.codes},
        "requested_at": request.requested_at.isoformat(),
        "expires_at": request.expires_at.isoformat(),
        "valid_days": request.valid_days,
        "decision": str(answer.id) if answer else None,
    }
