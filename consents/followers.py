"""What happens after decisions are committed, and when requests run out."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Max

from consents.actions.deliveries import queue_deliveries
from consents.models import ApprovalRequest, Decision, FeedEntry
from consents.public_ids import public_id
from disclosures.models import Reporter


def append_to_feed(topic: str, payload: dict[str, Any]) -> None:
    """Tell the reporters of the service. A row worked on twice appends once (``feed_holds_an_event_once``)."""
    if topic == "request.filed":
        tell_of_expiry(payload)
        return
    decision = (
        Decision.objects.select_related("person", "recipient", "service", "scenario", "allowed_set", "refused_set")
        .filter(person_id=payload["person"], id=UUID(payload["decision"]))
        .get()
    )
    append(decision.service_id, f"{topic}:{decision.id}", decision_event(topic, decision), decision.decided_at)


def tell_of_expiry(payload: dict[str, Any]) -> None:
    """Due when the request's time is over: if nobody answered or cancelled, that is an event."""
    request = (
        ApprovalRequest.objects.select_related("person", "recipient", "service", "scenario")
        .filter(person_id=payload["person"], id=UUID(payload["request"]))
        .get()
    )
    person = request.person
    is_answered = person.decisions.answers_to(request.id).exists()
    if not is_answered and not person.request_cancellations.filter(request_id=request.id).exists():
        event = {"type": "request.expired", **codes_of(request), "request": public_id(request)}
        append(request.service_id, f"request.expired:{request.id}", event, request.expires_at)


def decision_event(topic: str, decision: Decision) -> dict[str, Any]:
    return {
        "type": topic,
        **codes_of(decision),
        "request": public_id(decision, decision.request_id),
        "decision": str(decision.id),
        "withdraws": str(decision.withdraws_id) if decision.withdraws_id else None,
        "allowed": decision.allowed_set.codes,
        "refused": decision.refused_set.codes,
        "valid_until": decision.valid_until.isoformat(),
    }


def codes_of(row: ApprovalRequest | Decision) -> dict[str, str]:
    return {
        "subject": row.person.subject,
        "recipient": row.recipient.code,
        "service": row.service.code,
        "scenario": row.scenario.code,
    }


def append(service: int, source: str, event: dict[str, Any], happened_at: datetime) -> None:
    """Give the event the next number of each reporter that may speak for the service, and send it to its webhooks.

    The reporter's row is held while its number is taken and released by the commit, so numbers become visible in
    their order and none is missing between two that a reader has seen.
    """
    for reporter in Reporter.objects.filter(services=service).select_for_update().order_by("pk"):
        if reporter.feed_entries.filter(source=source).exists():
            continue
        last = reporter.feed_entries.aggregate(last=Max("number"))["last"] or 0
        entry = FeedEntry.objects.create(
            reporter=reporter, number=last + 1, source=source, event=event, happened_at=happened_at
        )
        queue_deliveries(entry=entry)
