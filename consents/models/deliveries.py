"""What services are told about decisions: the feed they read and the webhooks they are sent."""

from datetime import datetime, timedelta
from enum import StrEnum

from django.db import models
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from disclosures.models import Reporter
from privacycenter.models import AppendOnly


class EventType(StrEnum):
    """The event types of the feed and of webhooks, in the order of a request's life."""

    DECISION_MADE = "decision.made"
    DECISION_WITHDRAWN = "decision.withdrawn"
    REQUEST_EXPIRED = "request.expired"


EVENT_TYPES = tuple(type.value for type in EventType)
PING = "ping"


class FeedEntry(models.Model):
    """One row is one event of a reporter's decision feed.

    ``number`` has no gaps within a reporter. One follower at a time assigns it, after the event's commit, so a reader
    that remembers the last number never misses a late event. ``source`` is unique per reporter: repeated work adds
    nothing.
    """

    reporter = models.ForeignKey(Reporter, models.PROTECT, related_name="feed_entries")
    number = models.PositiveBigIntegerField()
    source = models.CharField(max_length=100)
    event = models.JSONField()
    happened_at = models.DateTimeField()

    class Meta:
        verbose_name = _("feed entry")
        verbose_name_plural = _("feed entries")
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["reporter", "number"], name="feed_numbers_are_unique_per_reporter"),
            models.UniqueConstraint(fields=["reporter", "source"], name="feed_holds_an_event_once"),
        ]

    def __str__(self) -> str:
        return f"{self.reporter_id}: {self.number}"


class DisabledReason(models.TextChoices):
    """Why an endpoint is disabled."""

    BY_HAND = "by_hand", _("disabled at the desk")
    GONE = "gone", _("its server answered that it is gone (410)")
    FAILING = "failing", _("nothing arrived for days")


class WebhookEndpointQuerySet(models.QuerySet["WebhookEndpoint"]):
    def enabled(self) -> "WebhookEndpointQuerySet":
        """Select the endpoints that events are sent to: not disabled, and the reporter not stopped."""
        return self.filter(disabled_at__isnull=True, reporter__stopped_at__isnull=True)


class WebhookEndpoint(models.Model):
    """One row is one URL of a reporter to which events are sent.

    ``failing_since`` is the first failure since the last success, None while deliveries succeed. Until ``paused_until``
    (its server did not respond, or asked for a later time) its deliveries wait instead of each trying.
    """

    reporter = models.ForeignKey(Reporter, models.PROTECT, related_name="webhook_endpoints", verbose_name=_("reporter"))
    url = models.URLField(_("address"), max_length=500)
    event_types = models.JSONField(_("events"), default=list)
    created_at = models.DateTimeField(_("created at"), default=timezone.now)
    disabled_at = models.DateTimeField(_("disabled at"), null=True, blank=True)
    disabled_reason = models.CharField(_("why disabled"), max_length=10, choices=DisabledReason.choices, blank=True)
    failing_since = models.DateTimeField(_("failing since"), null=True, blank=True)
    paused_until = models.DateTimeField(_("paused until"), null=True, blank=True)

    objects = WebhookEndpointQuerySet.as_manager()

    class Meta:
        verbose_name = _("webhook endpoint")
        verbose_name_plural = _("webhook endpoints")
        ordering = ["reporter__code", "pk"]
        constraints = [models.UniqueConstraint(fields=["reporter", "url"], name="a_reporter_names_an_address_once")]

    def __str__(self) -> str:
        return f"{self.reporter.code}: {self.url}"

    @property
    def is_enabled(self) -> bool:
        return self.disabled_at is None

    @property
    def is_sent_to(self) -> bool:
        return self.is_enabled and self.reporter.stopped_at is None

    @property
    def resting_until(self) -> datetime | None:
        """The end of the current pause, None if there is none."""
        return self.paused_until if self.paused_until and self.paused_until > timezone.now() else None


class WebhookSecretQuerySet(models.QuerySet["WebhookSecret"]):
    def active(self) -> "WebhookSecretQuerySet":
        """Select the secrets that sign now, newest first."""
        return self.filter(models.Q(expires_at__isnull=True) | models.Q(expires_at__gt=Now())).order_by("-pk")


class WebhookSecret(models.Model):
    """One row is one secret that signs an endpoint's webhooks until it expires. Several sign during a rotation.

    ``sealed`` is the ``whsec_…`` secret, encrypted (``privacycenter.encryption``) rather than hashed: signing needs it.
    """

    endpoint = models.ForeignKey(WebhookEndpoint, models.CASCADE, related_name="secrets")
    sealed = models.TextField()
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField(null=True, blank=True)

    objects = WebhookSecretQuerySet.as_manager()

    class Meta:
        verbose_name = _("webhook secret")
        verbose_name_plural = _("webhook secrets")

    def __str__(self) -> str:
        return f"{self.endpoint_id}: {self.created_at:%Y-%m-%d}"


class DeliveryState(models.TextChoices):
    """The state of a delivery."""

    WAITING = "waiting", _("waiting for the next try")
    DELIVERED = "delivered", _("delivered")
    GIVEN_UP = "given_up", _("given up")
    HELD = "held", _("held: the endpoint was disabled")


class WebhookDeliveryQuerySet(models.QuerySet["WebhookDelivery"]):
    def with_references(self) -> "WebhookDeliveryQuerySet":
        """Fetch everything a page names in the same SQL statement."""
        return self.select_related("endpoint__reporter", "entry")

    def of_events(self) -> "WebhookDeliveryQuerySet":
        """Leave out test events."""
        return self.filter(entry__isnull=False)

    def undelivered(self) -> "WebhookDeliveryQuerySet":
        """Select the deliveries that ended without success."""
        return self.filter(state__in=[DeliveryState.GIVEN_UP, DeliveryState.HELD])

    def since(self, moment: datetime) -> "WebhookDeliveryQuerySet":
        return self.filter(created_at__gte=moment)

    def ended_within(self, period: timedelta) -> "WebhookDeliveryQuerySet":
        return self.filter(ended_at__gte=timezone.now() - period)

    def waiting(self) -> "WebhookDeliveryQuerySet":
        return self.filter(state=DeliveryState.WAITING)


class WebhookDelivery(models.Model):
    """One row is one event to be delivered to one endpoint. ``entry`` is None for a test event.

    ``message_id`` is the ``webhook-id``, the same in every attempt. ``attempt_count`` counts all attempts and keeps
    repeated work from counting one twice; ``tries`` counts those of the current round, which a redelivery restarts.
    """

    endpoint = models.ForeignKey(WebhookEndpoint, models.PROTECT, related_name="deliveries")
    entry = models.ForeignKey(FeedEntry, models.PROTECT, related_name="+", null=True, blank=True)
    event_type = models.CharField(_("event"), max_length=40)
    message_id = models.CharField(_("number of the message"), max_length=64, unique=True)
    state = models.CharField(_("state"), max_length=10, choices=DeliveryState.choices, default=DeliveryState.WAITING)
    created_at = models.DateTimeField(_("created at"), default=timezone.now)
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)
    next_attempt_at = models.DateTimeField(_("next try at"), null=True, blank=True)
    attempt_count = models.PositiveIntegerField(_("tries"), default=0)
    tries = models.PositiveIntegerField(default=0)

    objects = WebhookDeliveryQuerySet.as_manager()

    class Meta:
        verbose_name = _("webhook delivery")
        verbose_name_plural = _("webhook deliveries")
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["endpoint", "state", "created_at"], name="delivery_by_endpoint"),
            models.Index(fields=["state", "ended_at"], name="delivery_by_state"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["entry", "endpoint"], name="an_event_is_delivered_once_per_endpoint")
        ]

    def __str__(self) -> str:
        return self.message_id


class WebhookAttempt(AppendOnly):
    """One row is one attempt to deliver: the HTTP status, or why there was none, and the beginning of the response."""

    delivery = models.ForeignKey(WebhookDelivery, models.PROTECT, related_name="attempts")
    attempted_at = models.DateTimeField(_("when"))
    status = models.PositiveSmallIntegerField(_("status"), null=True, blank=True)
    error = models.CharField(_("error"), max_length=20, blank=True)
    duration_ms = models.PositiveIntegerField(_("duration (ms)"))
    excerpt = models.TextField(_("answer"), blank=True)

    class Meta:
        verbose_name = _("webhook attempt")
        verbose_name_plural = _("webhook attempts")
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.delivery_id}: {self.status or self.error}"
