"""What happens after decisions are committed, and when requests run out."""

from contextlib import suppress
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Max

from consents.models import ApprovalRequest, Decision, FeedEntry, StepKind, in_effect
from consents.models.public_ids import public_id
from consents.webhooks.delivery_actions import queue_deliveries
from consents.withdrawals.actions import take_withdrawal_step
from disclosures.models import Reporter
from privacycenter.errors import StepTooLate


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
    is_answered = bool(in_effect(person.decisions.answers_to(request.id)))
    if not is_answered and not person.request_cancellations.filter(request_id=request.id).exists():
        event = {"type": "request.expired", **codes_of(request), "request": public_id(request)}
        append(request.service_id, f"request.expired:{request.id}", event, request.expires_at)


def decision_event(topic: str, decision: Decision) -> dict[str, Any]:
    """What a service is told. Undoing an answer is told as taking it back; only a withdrawal has a case."""
    withdrawn = decision.withdraws_id or decision.undoes_id
    event = {
        "type": topic,
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


def note_delivery(topic: str, payload: dict[str, Any]) -> None:
    """A webhook about a withdrawal was taken: the service was told. Anything else that was delivered is none of ours.

    ``payload``: {"person", "type", "decision", "reporter"}.
    """
    if payload.get("type") != "decision.withdrawn":
        return
    found = Decision.objects.with_references().filter(
        person_id=payload["person"], id=UUID(payload["decision"]), withdraws_id__isnull=False
    )
    reporter = Reporter.objects.get(pk=payload["reporter"])
    for withdrawal in found:
        with suppress(StepTooLate):
            take_withdrawal_step(withdrawal=withdrawal, kind=StepKind.TOLD, is_delivery=True, by=reporter)
