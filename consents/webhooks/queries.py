"""Webhooks for the desk: endpoints, their health, and the course of each delivery. Names no person."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.paginator import Page, Paginator
from django.db.models import Count, OuterRef, Q, Subquery
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from prometheus_client.core import GaugeMetricFamily, Metric

from consents.models import (
    DeliveryState,
    DisabledReason,
    WebhookAttempt,
    WebhookDelivery,
    WebhookEndpoint,
    WebhookSecret,
)
from consents.models.deliveries import PING

PER_PAGE = 50
LOOKED_BACK = timedelta(days=7)
CHANGES_SHOWN = 20
# The texts for the changes that actions log at the desk.
CHANGE_WORDS = {
    "created": _("made"),
    "rotated": _("made a new secret"),
    "disabled": _("disabled"),
    "enabled": _("enabled again"),
    "tested": _("sent a test event"),
    "redelivered": _("sent again"),
}

# The texts for failed attempts: each reason in docs/webhooks.md.
REASON_WORDS = {
    "timeout": _("no answer in time"),
    "connection": _("no connection, or no HTTP"),
    "tls": _("the certificate is not valid for this name"),
    "unknown-host": _("no server has this name"),
    "private-address": _("the address is not one of the internet"),
    "redirect": _("the answer leads elsewhere (3xx)"),
    "bad-url": _("the address cannot be used"),
    "not-https": _("the address is not https"),
    "no-secret": _("there is no secret to sign with: make a new one"),
    "secret-unreadable": _("the secret cannot be read under this SECRET_KEY: make a new one"),
}


@dataclass(frozen=True)
class EndpointChange:
    """One change at the desk: what, with details if any, when and by whom."""

    what: Any
    detail: str
    changed_at: datetime
    who: Any


@dataclass(frozen=True)
class WebhookRow:
    """One endpoint and its health. ``undelivered_count``: given up or held in the last seven days."""

    endpoint: WebhookEndpoint
    delivered_at: datetime | None
    waiting_count: int
    undelivered_count: int


@dataclass(frozen=True)
class WebhookPage:
    """One endpoint in full. ``changes``: the latest made at the desk, newest first."""

    row: WebhookRow
    secrets: list[WebhookSecret]
    deliveries: "Page[Any]"
    changes: list[EndpointChange]


@dataclass(frozen=True)
class Try:
    """One attempt. ``reason``: its error as text; empty if the status alone says it."""

    attempt: WebhookAttempt

    @property
    def reason(self) -> str:
        return str(REASON_WORDS.get(self.attempt.error, self.attempt.error))


@dataclass(frozen=True)
class DeliveryPage:
    """One delivery with every attempt, newest first."""

    delivery: WebhookDelivery
    tries: list[Try]

    @property
    def is_test(self) -> bool:
        return self.delivery.event_type == PING


def webhook_list(page: str = "") -> "Page[Any]":
    """Return a page of ``WebhookRow``s, ordered by reporter. Three SQL statements."""
    shown: Page[Any] = Paginator(
        with_latest(WebhookEndpoint.objects.order_by("reporter__code", "pk")), PER_PAGE
    ).get_page(page)
    endpoints = list(shown.object_list)
    waiting, undelivered = counts_of([endpoint.pk for endpoint in endpoints])
    shown.object_list = [row_of(endpoint, waiting, undelivered) for endpoint in endpoints]
    return shown


def with_latest(endpoints: Any) -> Any:
    """Add the reporter and ``delivered_at``, the time of the latest success, to each endpoint."""
    arrived = WebhookDelivery.objects.filter(endpoint=OuterRef("pk"), state=DeliveryState.DELIVERED)
    latest = Subquery(arrived.order_by("-created_at").values("ended_at")[:1])
    return endpoints.select_related("reporter").annotate(delivered_at=latest)


def counts_of(endpoints: list[int]) -> tuple[Counter[int], Counter[int]]:
    """Count the waiting and the failed deliveries of each endpoint in the last seven days. One SQL statement."""
    found = WebhookDelivery.objects.of_events().filter(endpoint__in=endpoints).since(timezone.now() - LOOKED_BACK)
    waiting: Counter[int] = Counter()
    undelivered: Counter[int] = Counter()
    states = (DeliveryState.WAITING, DeliveryState.GIVEN_UP, DeliveryState.HELD)
    for row in found.filter(state__in=states).order_by().values("endpoint", "state").annotate(count=Count("pk")):
        counter = waiting if row["state"] == DeliveryState.WAITING else undelivered
        counter[row["endpoint"]] += row["count"]
    return waiting, undelivered


def row_of(endpoint: Any, waiting: Counter[int], undelivered: Counter[int]) -> WebhookRow:
    return WebhookRow(endpoint, endpoint.delivered_at, waiting[endpoint.pk], undelivered[endpoint.pk])


def webhook_page(pk: int, *, state: str = "", event_type: str = "", page: str = "") -> WebhookPage | None:
    """Return one endpoint in full, or None. At most seven SQL statements.

    ``state`` and ``event_type`` filter its deliveries.
    """
    endpoint = with_latest(WebhookEndpoint.objects.filter(pk=pk)).first()
    if endpoint is None:
        return None
    deliveries = endpoint.deliveries.select_related("entry").defer("entry__event").order_by("-pk")
    if state:
        deliveries = deliveries.filter(state=state)
    if event_type:
        deliveries = deliveries.filter(event_type=event_type)
    changes = LogEntry.objects.filter(
        content_type=ContentType.objects.get_for_model(WebhookEndpoint), object_id=str(pk)
    ).select_related("user")
    return WebhookPage(
        row=row_of(endpoint, *counts_of([pk])),
        secrets=list(endpoint.secrets.active()),
        deliveries=Paginator(deliveries, PER_PAGE).get_page(page),
        changes=[change_of(entry) for entry in changes.order_by("-action_time")[:CHANGES_SHOWN]],
    )


def change_of(entry: LogEntry) -> EndpointChange:
    what, _colon, detail = entry.change_message.partition(": ")
    return EndpointChange(CHANGE_WORDS.get(what, what), detail, entry.action_time, entry.user)


def delivery_page(pk: int) -> DeliveryPage | None:
    """Return one delivery, or None. Two SQL statements."""
    delivery = WebhookDelivery.objects.with_references().filter(pk=pk).first()
    return DeliveryPage(delivery, [Try(one) for one in delivery.attempts.order_by("-pk")]) if delivery else None


def troubled_count() -> int:
    """Return how many endpoints fail now or were disabled by the worker. For the alarm."""
    failing = Q(failing_since__isnull=False) | ~Q(disabled_reason="")
    return WebhookEndpoint.objects.filter(failing).exclude(disabled_reason=DisabledReason.BY_HAND).count()


def webhook_metrics() -> Iterable[Metric]:
    """Yield the deliveries waiting, those that ended within a day by state, and the troubled endpoints.

    Three SQL statements over at most two days' rows, however long the log.
    """
    waiting = GaugeMetricFamily("privacycenter_webhook_waiting", "Deliveries that wait for a try.")
    waiting.add_metric([], WebhookDelivery.objects.waiting().count())
    ended = GaugeMetricFamily(
        "privacycenter_webhook_ended_last_day", "Deliveries that ended in the last 24 hours.", labels=["state"]
    )
    recent = WebhookDelivery.objects.of_events().ended_within(timedelta(days=1)).order_by()
    states = (DeliveryState.DELIVERED, DeliveryState.GIVEN_UP, DeliveryState.HELD)
    found = dict(recent.filter(state__in=states).values_list("state").annotate(count=Count("pk")))
    for state in states:
        ended.add_metric([state.value], found.get(state.value, 0))
    troubled = GaugeMetricFamily(
        "privacycenter_webhook_endpoints_troubled", "Endpoints that fail now, or that were disabled for it."
    )
    troubled.add_metric([], troubled_count())
    return [waiting, ended, troubled]
