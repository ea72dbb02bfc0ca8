"""Approval requests as the person and the reporter read them. Never writes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any
from uuid import UUID

from django.db.models import Q

from consents.asking.answered_names import AnsweredNames, answered_names, shown_with
from consents.asking.published_texts import (
    basis_text,
    country_text,
    hold_text,
    item_text,
    recipient_text,
    scenario_body,
    scenario_text,
    service_text,
)
from consents.asking.rules import rules_in_force, subject_of, verdict
from consents.checking.effective_permissions import (
    Effect,
    EffectivePermission,
    EffectivePermissions,
    effective_permissions,
    standing_of_decision,
)
from consents.models import ApprovalRequest, StandingRule
from consents.models.approvals import ApprovalRequestQuerySet
from consents.models.public_ids import public_id
from disclosures.content.publications import Document, newest_document, newest_publication
from disclosures.models import Publication, Reporter
from disclosures.public.as_published import as_published
from disclosures.public.shown_entries import RecipientView
from disclosures.public.titles import Names
from privacycenter.canonical import sha256_of
from privacycenter.database.person_queries import PersonQuery
from privacycenter.models import User
from privacycenter.text.languages import page_language
from privacycenter.text.words import Words, words_in

OPEN, EXPIRED, CANCELLED = "open", "expired", "cancelled"


@dataclass(frozen=True)
class ItemAsked:
    """One item of a request, with the reporter's texts on its purpose and on the consequence of leaving it out.

    ``now``: what holds for it. ``rule``: the person's standing rule against giving it, if any.
    ``retention_days``: how long the recipient keeps the data; None if that is not stated.
    """

    code: str
    title: Words
    purpose: Words
    consequence: Words
    retention_days: int | None
    now: EffectivePermission
    rule: StandingRule | None = None


@dataclass(frozen=True)
class RequestPage:
    """One request with everything the person must know to answer it, as it is published.

    ``text_sha256`` is the hash of exactly this text. ``is_by_rule``: a standing rule answered for the person.
    ``opening``: how often an answer was undone and the request reopened.
    """

    id: UUID
    request: ApprovalRequest
    recipient: RecipientView
    service: Words
    scenario: Words
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

    @property
    def covered(self) -> list[ItemAsked]:
        """The items that the person has allowed already, by an answer to another request that still holds."""
        return [item for item in self.items if self.is_open and item.now.effect is Effect.ALLOWED]


@dataclass(frozen=True)
class RequestRow:
    """One row of a list of requests. ``names``: as they were when it was answered, else as they are."""

    id: UUID
    names: AnsweredNames
    item_count: int
    expires_at: datetime
    requested_at: datetime
    state: str


def state_of(request: ApprovalRequest, now: EffectivePermissions) -> str:
    """Return the state of a request: that of its answer, if there is one in effect. Pure apart from the clock."""
    if answer := now.answer_to(request.id):
        return standing_of_decision(answer.id, now).state
    if request.is_cancelled:
        return CANCELLED
    return EXPIRED if request.is_expired else OPEN


def request_page(person: User, request_id: UUID, *, published: Publication | None = None) -> RequestPage | None:
    """Return one request in full, or None if this person has no such request. At most five SQL statements.

    ``published`` is the newest publication, if the caller has read it; otherwise it is read with one more.
    """
    request = person.approval_requests.with_references(person).filter(id=request_id).first()
    if request is None:
        return None
    published = published or newest_publication()
    document = published.document if published else None
    names = Names(document)
    (now,) = effective_permissions([request], [request.item_set.codes], document)
    answer, state = now.answer_to(request.id), state_of(request, now)
    rules = verdict(rules_in_force(person), subject_of(request)).items if state == OPEN else {}
    items, text = question_asked(request, names, now, rules)
    return RequestPage(
        id=request.id,
        request=request,
        recipient=names.recipient_facts(request.recipient.code),
        service=names.service(request.service.code),
        scenario=names.scenario(request.scenario.code),
        scenario_body=scenario_body(names, request.scenario.code),
        items=items,
        requested_at=request.requested_at,
        expires_at=request.expires_at,
        valid_days=request.valid_days,
        state=state,
        decision_id=answer.id if answer else None,
        is_by_rule=bool(answer and answer.rule_id),
        opening=sum(one.undoes_id is not None for one in now.decisions if one.request_id == request.id),
        publication=published.number if published else 0,
        text=text,
        text_sha256=sha256_of(text),
    )


def question_asked(
    request: ApprovalRequest,
    names: Names,
    now: EffectivePermissions,
    rules: Mapping[str, StandingRule] = MappingProxyType({}),
) -> tuple[list[ItemAsked], dict[str, Any]]:
    """Return the items, and every text of the question, as they are shown now. No SQL for what is published."""
    items = items_asked(request, names, now, rules)
    return items, text_shown(request, names, items)


def items_asked(
    request: ApprovalRequest, names: Names, now: EffectivePermissions, rules: Mapping[str, StandingRule]
) -> list[ItemAsked]:
    """Return the items of the request in the published order of the data items."""
    return [
        ItemAsked(
            code=code,
            title=names.title("data_items", code),
            purpose=words_in(request.purposes.get(code, {})),
            consequence=words_in(request.consequences.get(code, {})),
            retention_days=request.retention_days.get(code),
            now=now.of(code),
            rule=rules.get(code),
        )
        for code in names.ordered(request.item_set.codes)
    ]


def text_shown(request: ApprovalRequest, names: Names, items: Sequence[ItemAsked]) -> dict[str, Any]:
    """Return every text of the question as one document: what a decision stores and its hash covers."""
    recipient = recipient_text(names, request.recipient.code)
    country = country_text(names, recipient["country"])
    return {
        "language": page_language(),
        "recipient": {
            "code": request.recipient.code,
            **recipient,
            **{f"country_{name}": text for name, text in country.items()},
            **basis_text(names, request.recipient.code, request.scenario.code),
            **hold_text(names, request.recipient.code),
        },
        "service": {"code": request.service.code, **service_text(names, request.service.code)},
        "scenario": {"code": request.scenario.code, **scenario_text(names, request.scenario.code)},
        "items": [
            {
                "code": item.code,
                **item_text(names, item.code),
                "purpose": item.purpose.text,
                "consequence": item.consequence.text,
                **({"retention_days": item.retention_days} if item.retention_days else {}),
            }
            for item in items
        ],
        "expires_at": request.expires_at.isoformat(),
        "valid_days": request.valid_days,
    }


def open_requests(person: User, document: Document | None, *, about: Q | None = None) -> list[RequestRow]:
    """Return the requests that wait for an answer, soonest expiry first. One SQL statement. ``about``: only these."""
    requests = list(waiting_requests(person).filter(about)) if about else WAITING.rows(person)
    return [row_of(request, OPEN, document) for request in as_published(requests, document)]


def waiting_requests(person: User) -> ApprovalRequestQuerySet:
    found: ApprovalRequestQuerySet = (
        person.approval_requests.undecided(person).with_references(person).soonest_expiry_first()
    )
    return found


WAITING = PersonQuery(waiting_requests)


def closed_requests(
    person: User, document: Document | None, limit: int = 50, *, about: Q | None = None
) -> list[RequestRow]:
    """Return the requests that are answered, cancelled or expired, newest first. At most three SQL statements."""
    closed = person.approval_requests.filter(about or Q()).decided_or_expired(person)
    named = closed.with_references(person).with_names_shown(person)
    requests = list(named.newest_first()[:limit])
    permissions = permissions_of(requests, document)
    rows = zip(as_published(requests, document), permissions, strict=True)
    return [row_of(request, state_of(request, now), document) for request, now in rows]


def permissions_of(
    requests: Sequence[ApprovalRequest], document: Document | None, *, at: datetime | None = None
) -> list[EffectivePermissions]:
    """Return what holds for each request, in order. ``at``: by then; None is now. At most two SQL statements."""
    return effective_permissions(requests, [request.item_set.codes for request in requests], document, at=at)


def row_of(request: ApprovalRequest, state: str, document: Document | None) -> RequestRow:
    return RequestRow(
        id=request.id,
        names=answered_names(request, shown_with(request), document),
        item_count=len(request.item_set.codes),
        expires_at=request.expires_at,
        requested_at=request.requested_at,
        state=state,
    )


def request_for_reporter(reporter: Reporter, person_id: int, request_id: UUID) -> ApprovalRequest | None:
    """Return the request, or None if there is none or this reporter may not speak for its service."""
    request = (
        ApprovalRequest.objects.with_references(person_id)
        .select_related("person")
        .filter(person_id=person_id, id=request_id)
        .first()
    )
    is_theirs = request is not None and reporter.services.filter(pk=request.service_id).exists()
    return request if is_theirs else None


def request_state(request: ApprovalRequest) -> dict[str, Any]:
    """Return a request as its reporter sees it, with the answer item by item. At most three SQL statements."""
    (now,) = permissions_of([request], newest_document())
    return state_for_reporter(request, now)


def requests_of(reporter: Reporter, after: UUID | None, limit: int, state: str = "") -> dict[str, Any]:
    """Return a page of a reporter's requests for services it may speak for now, newest first.

    At most six SQL statements. ``after``: the last id of the page before. ``state`` filters within a page, so a page
    may be shorter than ``limit``, even empty, although there are more.
    """
    filed = reporter.filed_requests.order_by("-id")
    rows = list((filed.filter(id__lt=after) if after else filed)[: limit + 1])
    shown = rows[:limit]
    keys = [(row.whose, row.id) for row in shown]
    own = ApprovalRequest.objects.with_references().select_related("person").of_services(reporter)
    found = own.by_public_keys(keys) if keys else []
    requests = {(request.person_id, request.id): request for request in found}
    asked = [requests[key] for key in keys if key in requests]
    permissions = permissions_of(asked, newest_document())
    states = [state_for_reporter(request, now) for request, now in zip(asked, permissions, strict=True)]
    return {
        "data": [one for one in states if not state or one["state"] == state],
        "next": shown[-1].id.hex if len(rows) > limit else None,
    }


def state_for_reporter(request: ApprovalRequest, now: EffectivePermissions) -> dict[str, Any]:
    """``items`` are null until the person has answered, then as a permission check answers them at this moment."""
    answer = now.answer_to(request.id)
    return {
        "id": public_id(request),
        "state": state_of(request, now),
        "subject": request.person.subject,
        "recipient": request.recipient.code,
        "service": request.service.code,
        "scenario": request.scenario.code,
        "items": {code: now.of(code).is_allowed if answer else None for code in request.item_set.codes},
        "requested_at": request.requested_at.isoformat(),
        "expires_at": request.expires_at.isoformat(),
        "valid_days": request.valid_days,
        "decision": str(answer.id) if answer else None,
    }
