"""Deliveries of events to webhooks: queue, attempt, retry, give up and redeliver."""

import random
from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from consents.models import (
    DeliveryState,
    DisabledReason,
    FeedEntry,
    WebhookAttempt,
    WebhookDelivery,
    WebhookEndpoint,
)
from consents.models.deliveries import PING, EventType
from consents.models.public_ids import parse_public_id
from consents.webhooks.actions import disable_webhook, lock, note
from consents.webhooks.messages import new_message_id
from consents.webhooks.topics import WEBHOOK_DELIVERED, WEBHOOK_DUE, WebhookDelivered, WebhookDue
from privacycenter.http.safe_http import Answer
from privacycenter.models import User
from privacycenter.outbox.leaving import leave

# The pause after the first, second, … attempt, plus up to a tenth at random: a little over three days in all.
PAUSES = tuple(timedelta(seconds=seconds) for seconds in (5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400))
JITTER = 0.1
# The longest pause that a busy server can ask for.
LONGEST_WISH = timedelta(days=1)
# An endpoint that fails for this long is disabled.
LONGEST_FAILING = timedelta(days=5)
# The longest pause of an endpoint, after which one delivery finds out whether it works again. The pause is a quarter
# of the time since it failed first if its server does not respond, or as long as a busy server asks for.
LONGEST_REST = timedelta(minutes=30)
# Errors that cost the worker time; a server that responds, with whatever status, costs little.
COSTLY = ("timeout", "connection", "tls", "unknown-host")
GONE = 410
# What must not wait behind deliveries that failed and are tried again only hours later.
URGENT = (EventType.DECISION_WITHDRAWN, EventType.RECALL_FILED)
MOST_REDELIVERED = 10_000
BATCH = 500


@transaction.atomic
def queue_deliveries(*, entry: FeedEntry, person: int) -> None:
    """Queue a delivery to each endpoint of the entry's reporter that subscribes to its event type.

    MUST be called in the transaction that writes the entry. Deliveries to a disabled endpoint are held.
    """
    event_type = entry.event["type"]
    endpoints = WebhookEndpoint.objects.filter(reporter_id=entry.reporter_id).select_related("reporter")
    for endpoint in endpoints:
        if event_type in endpoint.event_types:
            queue(endpoint, event_type, entry, person)


def queue(
    endpoint: WebhookEndpoint, event_type: str, entry: FeedEntry | None, person: int | None = None
) -> WebhookDelivery:
    now = timezone.now()
    is_sent = endpoint.is_sent_to or entry is None
    delivery = WebhookDelivery.objects.create(
        endpoint=endpoint, entry=entry, whose=person, event_type=event_type, message_id=new_message_id(),
        created_at=now, state=DeliveryState.WAITING if is_sent else DeliveryState.HELD, next_attempt_at=None,
        ended_at=None if is_sent else now,
    )  # fmt: skip
    if not is_sent:
        return delivery
    # Locked, so that none of them ends unseen: whichever ends later lets this one go.
    ahead = list(WebhookDelivery.objects.waiting().before(delivery).select_for_update())
    if not ahead:
        let_go(delivery, now)
    elif event_type in URGENT:
        hurry(ahead, now)
    return delivery


def let_go(delivery: WebhookDelivery, now: datetime) -> None:
    """Have a waiting delivery tried now."""
    WebhookDelivery.objects.filter(pk=delivery.pk).update(next_attempt_at=now)
    try_at(delivery.pk, delivery.attempt_count, now)


def let_next_go(delivery: WebhookDelivery) -> None:
    """Have the next waiting delivery of its line tried. MUST be called in the transaction that ends the delivery."""
    following = WebhookDelivery.objects.waiting().after(delivery).first()
    if following:
        let_go(following, timezone.now())


def hurry(ahead: Iterable[WebhookDelivery], now: datetime) -> None:
    """Try those that failed again now, with the full schedule before them: a withdrawal or a recall waits behind."""
    for delivery in ahead:
        if delivery.tries:
            WebhookDelivery.objects.filter(pk=delivery.pk).update(tries=0)
            let_go(delivery, now)


def try_at(delivery: int, attempt: int, due_at: datetime) -> None:
    """Leave an attempt for the worker, due at ``due_at``. ``attempt``: how many attempts there were before."""
    leave(WEBHOOK_DUE, WebhookDue(delivery=delivery, attempt=attempt), due_at=due_at)


@transaction.atomic
def send_ping(*, endpoint: WebhookEndpoint, by: User | None) -> WebhookDelivery:
    """Send a test event once, even to a disabled endpoint. Its failure has no effect on the endpoint."""
    note(endpoint, "tested", by)
    return queue(endpoint, PING, None)


@transaction.atomic
def postpone_delivery(*, delivery: WebhookDelivery, until: datetime) -> None:
    """Try again after the endpoint's pause, up to 30 seconds later. Does not count as an attempt."""
    spread = timedelta(seconds=random.uniform(0, 30))  # noqa: S311  not a secret: keeps them from coming all at once
    WebhookDelivery.objects.filter(pk=delivery.pk).update(next_attempt_at=until + spread)
    try_at(delivery.pk, delivery.attempt_count, until + spread)


@transaction.atomic
def hold_delivery(*, delivery: WebhookDelivery) -> None:
    """Hold a waiting delivery whose endpoint was disabled or whose reporter was stopped."""
    held = WebhookDelivery.objects.waiting().filter(pk=delivery.pk, attempt_count=delivery.attempt_count)
    if held.update(state=DeliveryState.HELD, ended_at=timezone.now(), next_attempt_at=None):
        let_next_go(delivery)


@transaction.atomic
def record_attempt(*, delivery: WebhookDelivery, answer: Answer) -> None:
    """Record the outcome of an attempt and schedule what follows. An attempt recorded before changes nothing."""
    locked = WebhookDelivery.objects.select_for_update(of=("self",)).with_references().get(pk=delivery.pk)
    if locked.state != DeliveryState.WAITING or locked.attempt_count != delivery.attempt_count:
        return
    now = timezone.now()
    WebhookAttempt.objects.create(
        delivery=locked, attempted_at=now, status=answer.status, error=answer.error, duration_ms=answer.duration_ms,
        excerpt=answer.excerpt,
    )  # fmt: skip
    locked.attempt_count += 1
    locked.tries += 1
    if answer.is_success:
        end(locked, DeliveryState.DELIVERED, now)
        tell_of_delivery(locked)
    elif locked.entry is None or answer.status == GONE or locked.tries > len(PAUSES):
        end(locked, DeliveryState.GIVEN_UP, now)
    else:
        locked.next_attempt_at = now + pause_after(locked.tries, answer)
        locked.save(update_fields=["attempt_count", "tries", "next_attempt_at"])
        try_at(locked.pk, locked.attempt_count, locked.next_attempt_at)
    if locked.entry is not None:
        note_health(locked.endpoint, answer, now)


def pause_after(tries: int, answer: Answer) -> timedelta:
    """Return the pause after that attempt: the scheduled one, or a longer one if the server asked for it."""
    wish = min(wish_of(answer), LONGEST_WISH)
    return max(PAUSES[tries - 1], wish) * random.uniform(1, 1 + JITTER)  # noqa: S311  not a secret


def wish_of(answer: Answer) -> timedelta:
    return timedelta(seconds=answer.retry_after_seconds)


def end(delivery: WebhookDelivery, state: DeliveryState, now: datetime) -> None:
    delivery.state, delivery.ended_at, delivery.next_attempt_at = state, now, None
    delivery.save(update_fields=["attempt_count", "tries", "state", "ended_at", "next_attempt_at"])
    let_next_go(delivery)


def tell_of_delivery(delivery: WebhookDelivery) -> None:
    """Tell followers that a service was told of an event."""
    if delivery.entry is None:
        return
    event = delivery.entry.event
    person = User.objects.with_subject(event["subject"])
    if person:
        leave(
            WEBHOOK_DELIVERED,
            WebhookDelivered(
                person=person.pk,
                type=EventType(delivery.event_type),
                decision=event.get("decision"),
                reporter=delivery.entry.reporter_id,
                case=case_in(event),
            ),
        )


def case_in(event: dict[str, Any]) -> UUID | None:
    """Return the recall case that an event is about, if any."""
    key = parse_public_id(event.get("recall", ""))
    return key[1] if key else None


def note_health(endpoint: WebhookEndpoint, answer: Answer, now: datetime) -> None:
    """Update the endpoint's health from an attempt. Writes only if something changes."""
    found = WebhookEndpoint.objects.filter(pk=endpoint.pk)
    if answer.is_success:
        found.exclude(failing_since__isnull=True, paused_until__isnull=True).update(
            failing_since=None, paused_until=None
        )
        return
    endpoint = lock(endpoint)
    since = endpoint.failing_since or now
    if endpoint.failing_since is None:
        found.update(failing_since=now)
    rest = (now - since) / 4 if answer.error in COSTLY else wish_of(answer)
    if rest:
        found.update(paused_until=now + min(rest, LONGEST_REST))
    reason = DisabledReason.GONE if answer.status == GONE else DisabledReason.FAILING
    if endpoint.is_enabled and (reason is DisabledReason.GONE or now - since >= LONGEST_FAILING):
        disable_webhook(endpoint=endpoint, reason=reason, by=None)


@transaction.atomic
def redeliver(*, delivery: WebhookDelivery, by: User | None) -> None:
    """Try a delivery again now, with the full schedule before it. One that waits is tried at once."""
    begin_again([delivery])
    note(delivery.endpoint, "redelivered", by, delivery.message_id)


@transaction.atomic
def redeliver_since(*, endpoint: WebhookEndpoint, since: datetime, by: User | None) -> int:
    """Redeliver what was given up or held since that moment, oldest first. Return how many.

    At most 10,000 at once; call again for the rest.
    """
    found = list(endpoint.deliveries.undelivered().since(since).of_events().order_by("pk")[:MOST_REDELIVERED])
    for start in range(0, len(found), BATCH):
        begin_again(found[start : start + BATCH])
    note(endpoint, "redelivered", by, f"{len(found)}, {since.isoformat(timespec='minutes')}")
    return len(found)


def begin_again(deliveries: Iterable[WebhookDelivery]) -> None:
    """Begin these anew, and after them what was told of the same people later, which would else be overtaken.

    What had arrived comes under a new id, because a receiver leaves out ids that it knows.
    """
    now = timezone.now()
    chosen = {one.pk for one in deliveries}
    told_later = set(told_after(chosen).values_list("pk", flat=True)) - chosen
    for row in WebhookDelivery.objects.select_for_update().filter(pk__in=chosen | told_later).order_by("pk"):
        message_id = new_message_id() if row.pk in told_later else row.message_id
        WebhookDelivery.objects.filter(pk=row.pk).update(
            state=DeliveryState.WAITING, ended_at=None, next_attempt_at=now, tries=0, message_id=message_id
        )
        try_at(row.pk, row.attempt_count, now)


def told_after(chosen: Collection[int]) -> QuerySet[WebhookDelivery]:
    """Select deliveries that arrived, each later than a chosen one about the same person at the same endpoint."""
    earlier = WebhookDelivery.objects.filter(
        pk__in=chosen, endpoint=OuterRef("endpoint"), whose=OuterRef("whose"), pk__lt=OuterRef("pk")
    )
    return WebhookDelivery.objects.filter(Exists(earlier), state=DeliveryState.DELIVERED, whose__isnull=False)
