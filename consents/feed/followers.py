"""Followers that append to the feeds, and that record which withdrawals and recalls a service was told of."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from consents.asking.topics import (
    DECISION_MADE,
    DECISION_WITHDRAWN,
    REQUEST_EXPIRED,
    REQUEST_EXPIRING,
    AboutDecision,
    AboutRequest,
)
from consents.feed.epochs import all_epochs, current_token
from consents.feed.queries import last_number
from consents.models import (
    ApprovalRequest,
    Decision,
    Feed,
    FeedEntry,
    Recall,
    RecallCase,
    RecallStepKind,
    StepKind,
    in_effect,
)
from consents.models.deliveries import EventType
from consents.models.public_ids import public_id
from consents.recalls.actions import take_recall_step
from consents.recalls.queries import case_codes
from consents.recalls.topics import RECALL_FILED, RECALL_MOVED, AboutRecall, RecallMoved
from consents.webhooks.delivery_actions import queue_deliveries
from consents.webhooks.topics import WEBHOOK_DELIVERED, WebhookDelivered
from consents.withdrawals.actions import take_withdrawal_step
from disclosures.models import Reporter
from privacycenter.errors import NothingReported, StepTooLate
from privacycenter.models import User
from privacycenter.outbox.followers import Follower
from privacycenter.outbox.leaving import leave

feed = Follower("feed")
withdrawals = Follower("withdrawals")
recalls = Follower("recalls")


# In the order of the person: a worker that is killed while it holds a decision holds up what ended it, too.
@feed.follows(DECISION_MADE, in_order_of="person")
def append_made(made: AboutDecision) -> None:
    append_decision(EventType.DECISION_MADE, made)


@feed.follows(DECISION_WITHDRAWN, in_order_of="person")
def append_withdrawn(withdrawn: AboutDecision) -> None:
    append_decision(EventType.DECISION_WITHDRAWN, withdrawn)


def append_decision(type: EventType, about: AboutDecision) -> None:
    """Append the event for the service's reporters. Repeated work appends once (``feed_holds_an_event_once``)."""
    decision = (
        Decision.objects.select_related("person", "recipient", "service", "scenario", "allowed_set", "refused_set")
        .filter(person_id=about.person, id=about.decision)
        .get()
    )
    append(
        Told(Feed.DECISIONS, decision.person_id, decision.service_id, f"{type}:{decision.id}", decision.decided_at),
        decision_event(type, decision),
    )


@feed.follows(REQUEST_EXPIRING)
def note_expiry(expiring: AboutRequest) -> None:
    """Leave the expiry of a request, if it was neither answered nor cancelled. Runs once it has expired.

    It was left when the request was filed, so its place in the line would be before everything that came since. It
    takes its place now, under the person's lock like every decision.
    """
    person = User.objects.lock(expiring.person)
    is_answered = bool(in_effect(person.decisions.answers_to(expiring.request)))
    if not is_answered and not person.request_cancellations.filter(request_id=expiring.request).exists():
        leave(REQUEST_EXPIRED, expiring)


@feed.follows(REQUEST_EXPIRED, in_order_of="person")
def append_expiry(expired: AboutRequest) -> None:
    request = (
        ApprovalRequest.objects.select_related("person", "recipient", "service", "scenario")
        .filter(person_id=expired.person, id=expired.request)
        .get()
    )
    event = {"type": EventType.REQUEST_EXPIRED.value, **codes_of(request), "request": public_id(request)}
    source = f"{EventType.REQUEST_EXPIRED}:{request.id}"
    append(Told(Feed.DECISIONS, request.person_id, request.service_id, source, request.expires_at), event)


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
    if decision.is_change:
        return {**event, "changes": str(decision.changes_id)}
    return {**event, "case": public_id(decision)} if decision.is_withdrawal else event


def codes_of(row: ApprovalRequest | Decision) -> dict[str, str]:
    return {
        "subject": row.person.subject,
        "recipient": row.recipient.code,
        "service": row.service.code,
        "scenario": row.scenario.code,
    }


# In the order of the person, as decisions are: what moved is told after what was filed.
@feed.follows(RECALL_FILED, in_order_of="person")
def append_recall(filed: AboutRecall) -> None:
    """Append what was recalled for the reporters of each service that provided it."""
    recall = Recall.objects.get(person_id=filed.person, id=filed.recall)
    for case in cases_of(filed):
        event = {"type": EventType.RECALL_FILED.value, **case_codes(case, recall)}
        source = f"{EventType.RECALL_FILED}:{case.case_id}"
        append(Told(Feed.RECALLS, case.whose_id, case.service_id, source, recall.asked_at), event)


@feed.follows(RECALL_MOVED, in_order_of="person")
def append_recall_step(moved: RecallMoved) -> None:
    """Append a step. The reporter that took it reads it, too: others of the service need it."""
    recall = Recall.objects.get(person_id=moved.person, id=moved.recall)
    for case in cases_of(moved).filter(case_id=moved.case):
        event = {"type": EventType.RECALL_MOVED.value, **case_codes(case, recall), "step": moved.step}
        source = f"{EventType.RECALL_MOVED}:{case.case_id}:{moved.step}"
        append(Told(Feed.RECALLS, case.whose_id, case.service_id, source, moved.at), event)


def cases_of(about: AboutRecall | RecallMoved) -> Any:
    cases = RecallCase.objects.with_references().select_related("whose").order_by("pk")
    return cases.filter(whose_id=about.person, recall_id=about.recall)


@dataclass(frozen=True)
class Told:
    """Which feed of whose service an event is for, and when it happened. ``source``: the same for the same event."""

    feed: Feed
    person: int
    service: int
    source: str
    happened_at: datetime


def append(told: Told, event: dict[str, Any]) -> None:
    """Give the event the next number of each reporter of the service, and queue its webhooks.

    The reporter's row is locked from taking the number until the commit, so numbers become visible in order and without
    gaps.
    """
    epoch = current_token(all_epochs())
    for reporter in Reporter.objects.filter(services=told.service).select_for_update().order_by("pk"):
        if reporter.feed_entries.filter(source=told.source).exists():
            continue
        number = last_number(reporter) + 1
        entry = FeedEntry.objects.create(
            reporter=reporter, feed=told.feed, number=number, epoch=epoch, source=told.source, event=event,
            happened_at=told.happened_at,
        )  # fmt: skip
        queue_deliveries(entry=entry, person=told.person)


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
        # Where nothing was reported there is nothing to follow.
        with suppress(NothingReported, StepTooLate):
            take_withdrawal_step(withdrawal=withdrawal, kind=StepKind.TOLD, is_delivery=True, by=reporter)


@recalls.follows(WEBHOOK_DELIVERED)
def note_recall_delivery(delivered: WebhookDelivered) -> None:
    """Record that a service was told of a recall, once its webhook was delivered. Other deliveries are ignored."""
    if delivered.type != EventType.RECALL_FILED or delivered.case is None:
        return
    reporter = Reporter.objects.get(pk=delivered.reporter)
    for case in RecallCase.objects.filter(whose_id=delivered.person, case_id=delivered.case):
        with suppress(StepTooLate):
            take_recall_step(case=case, kind=RecallStepKind.TOLD, is_delivery=True, by=reporter)
