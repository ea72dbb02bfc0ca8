"""Followers that append to the decision feed, and that record which withdrawals a service was told of."""

from contextlib import suppress
from datetime import datetime
from typing import Any

from django.db.models import Max

from consents.asking.topics import (
    DECISION_MADE,
    DECISION_WITHDRAWN,
    REQUEST_EXPIRING,
    AboutDecision,
    AboutRequest,
)
from consents.models import ApprovalRequest, Decision, FeedEntry, StepKind, in_effect
from consents.models.deliveries import EventType
from consents.models.public_ids import public_id
from consents.webhooks.delivery_actions import queue_deliveries
from consents.webhooks.topics import WEBHOOK_DELIVERED, WebhookDelivered
from consents.withdrawals.actions import take_withdrawal_step
from disclosures.models import Reporter
from privacycenter.errors import StepTooLate
from privacycenter.outbox.followers import Follower

feed = Follower("feed")
withdrawals = Follower("withdrawals")


@feed.follows(DECISION_MADE)
def append_made(made: AboutDecision) -> None:
    append_decision(EventType.DECISION_MADE, made)


@feed.follows(DECISION_WITHDRAWN)
def append_withdrawn(withdrawn: AboutDecision) -> None:
    append_decision(EventType.DECISION_WITHDRAWN, withdrawn)


def append_decision(type: EventType, about: AboutDecision) -> None:
    """Append the event for the service's reporters. Repeated work appends once (``feed_holds_an_event_once``)."""
    decision = (
        Decision.objects.select_related("person", "recipient", "service", "scenario", "allowed_set", "refused_set")
        .filter(person_id=about.person, id=about.decision)
        .get()
    )
    append(decision.service_id, f"{type}:{decision.id}", decision_event(type, decision), decision.decided_at)


@feed.follows(REQUEST_EXPIRING)
def append_expiry(expiring: AboutRequest) -> None:
    """Append the expiry of a request, if it was neither answered nor cancelled. Runs once it has expired."""
    request = (
        ApprovalRequest.objects.select_related("person", "recipient", "service", "scenario")
        .filter(person_id=expiring.person, id=expiring.request)
        .get()
    )
    person = request.person
    is_answered = bool(in_effect(person.decisions.answers_to(request.id)))
    if not is_answered and not person.request_cancellations.filter(request_id=request.id).exists():
        event = {"type": EventType.REQUEST_EXPIRED.value, **codes_of(request), "request": public_id(request)}
        append(request.service_id, f"{EventType.REQUEST_EXPIRED}:{request.id}", event, request.expires_at)


def decision_event(type: EventType, decision: Decision) -> dict[str, Any]:
    """Return the feed event of a decision. An undoing is reported as a withdrawal; only a withdrawal has a case."""
    withdrawn = decision.withdraws_id or decision.undoes_id
    event = {
        "type": type.value,
        **codes_of(decision),
        "request": public_id(decision, decision.request_id),
        "decision": str(decision.id),
        "withdraws": str(withdrawn) if withdrawn else None,
        "allowed": decision.allowed_set.codes,
        "refused": decision.refused_set.codes,
        "valid_until": decision.valid_until.isoformat(),
    }
    return {**event, "case": public_id(decision)} if decision.is_withdrawal else event


def codes_of(row: ApprovalRequest | Decision) -> dict[str, str]:
    return {
        "subject": row.person.subject,
        "recipient": row.recipient.code,
        "service": row.service.code,
        "scenario": row.scenario.code,
    }


def append(service: int, source: str, event: dict[str, Any], happened_at: datetime) -> None:
    """Give the event the next number of each reporter of the service, and queue its webhooks.

    The reporter's row is locked from taking the number until the commit, so numbers become visible in order and without
    gaps.
    """
    for reporter in Reporter.objects.filter(services=service).select_for_update().order_by("pk"):
        if reporter.feed_entries.filter(source=source).exists():
            continue
        last = reporter.feed_entries.aggregate(last=Max("number"))["last"] or 0
        entry = FeedEntry.objects.create(
            reporter=reporter, number=last + 1, source=source, event=event, happened_at=happened_at
        )
        queue_deliveries(entry=entry)


@withdrawals.follows(WEBHOOK_DELIVERED)
def note_delivery(delivered: WebhookDelivered) -> None:
    """Record that a service was told of a withdrawal, once its webhook was delivered. Other deliveries are ignored."""
    if delivered.type != EventType.DECISION_WITHDRAWN:
        return
    found = Decision.objects.with_references().filter(
        person_id=delivered.person, id=delivered.decision, withdraws_id__isnull=False
    )
    reporter = Reporter.objects.get(pk=delivered.reporter)
    for withdrawal in found:
        with suppress(StepTooLate):
            take_withdrawal_step(withdrawal=withdrawal, kind=StepKind.TOLD, is_delivery=True, by=reporter)
