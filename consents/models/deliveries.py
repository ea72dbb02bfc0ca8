"""What services are told about decisions and recalls: the feeds they read and the webhooks they are sent."""

from datetime import datetime, timedelta
from enum import StrEnum

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from disclosures.models import Reporter
from privacycenter.models import AppendOnly
from privacycenter.sandbox.database_clock import Now


class EventType(StrEnum):
    """The event types of the feed and of webhooks, in the order of a request's life."""

    DECISION_MADE = "decision.made"
    DECISION_WITHDRAWN = "decision.withdrawn"
    REQUEST_EXPIRED = "request.expired"
    RECALL_FILED = "recall.filed"
    RECALL_MOVED = "recall.moved"


class Feed(models.TextChoices):
    """The lists that a reporter reads. Their entries share one row of numbers."""

    DECISIONS = "decisions", _("decisions")
    RECALLS = "recalls", _("recalls")


EVENT_TYPES = tuple(type.value for type in EventType)
PING = "ping"


class FeedEpoch(AppendOnly):
    """One row is one restore of the database: from then on feeds are another continuation of what was restored.

    ``token`` (8 hexadecimal digits, random: an earlier restore may be unknown here) is in every cursor given since. In
    the time before the first restore it is empty, without a row. ``last_numbers`` maps the code of a reporter to the
    last number of its feed that was restored: up to there the epoch before is the same, what came after is lost.
    ``restored_to`` is when the newest row that was restored was written.
    """

    token = models.CharField(max_length=8, unique=True)
    last_numbers = models.JSONField()
    restored_to = models.DateTimeField()
    began_at = models.DateTimeField()

    class Meta:
        verbose_name = _("restore")
        verbose_name_plural = _("restores")
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.token


class FeedEntry(models.Model):
    """One row is one event of one of a reporter's feeds.

    ``number`` has no gaps within a reporter, over all its feeds. One follower at a time assigns it, after the event's
    commit, so a reader that remembers the last number never misses a late event. ``source`` is unique per reporter:
    repeated work adds nothing. ``epoch`` is the token of the ``FeedEpoch`` in which it was written.
    """

    reporter = models.ForeignKey(Reporter, models.PROTECT, related_name="feed_entries")
    feed = models.CharField(max_length=10, choices=Feed.choices, default=Feed.DECISIONS, db_default="decisions")
    number = models.PositiveBigIntegerField()
    epoch = models.CharField(max_length=8, blank=True, default="", db_default="")
    source = models.CharField(max_length=100)
    event = models.JSONField()
    happened_at = models.DateTimeField()

    class Meta:
        verbose_name = _("feed entry")
        verbose_name_plural = _("feed entries")
        ordering = ["number"]
        indexes = [models.Index(fields=["reporter", "feed", "number"], name="feed_entry_by_feed")]
        constraints = [
            models.UniqueConstraint(fields=["reporter", "number"], name="feed_numbers_are_unique_per_reporter"),
            models.UniqueConstraint(fields=["reporter", "source"], name="feed_holds_an_event_once"),
        ]

    def __str__(self) -> str:
        return f"{self.reporter_id}: {self.number}"


class DisabledReason(models.TextChoices):
    """Why an endpoint is disabled."""

    BY_HAND = "by_hand", _("disabled in the admin area")
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
    url = models.URLField(pgettext_lazy("of a page", "address"), max_length=500)
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

    def in_line_with(self, delivery: "WebhookDelivery") -> "WebhookDeliveryQuerySet":
        """Select the deliveries to the same endpoint about the same person, in order. None for a test event."""
        return self.filter(endpoint=delivery.endpoint_id, whose=delivery.whose, whose__isnull=False).order_by("pk")

    def before(self, delivery: "WebhookDelivery") -> "WebhookDeliveryQuerySet":
        return self.in_line_with(delivery).filter(pk__lt=delivery.pk)

    def after(self, delivery: "WebhookDelivery") -> "WebhookDeliveryQuerySet":
        return self.in_line_with(delivery).filter(pk__gt=delivery.pk)


class WebhookDelivery(models.Model):
    """One row is one event to be delivered to one endpoint. ``entry`` is None for a test event.

    ``message_id`` is the ``webhook-id``, the same in every attempt. ``attempt_count`` counts all attempts and keeps
    repeated work from counting one twice; ``tries`` counts those of the current round, which a redelivery restarts.
    ``whose`` is the key of the person whom the event is about (no foreign key). While an earlier delivery about them to
    the same endpoint waits, this one waits for it, without a ``next_attempt_at``.
    """

    endpoint = models.ForeignKey(WebhookEndpoint, models.PROTECT, related_name="deliveries")
    entry = models.ForeignKey(FeedEntry, models.PROTECT, related_name="+", null=True, blank=True)
    whose = models.BigIntegerField(null=True, blank=True)
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
            models.Index(fields=["endpoint", "whose"], name="delivery_by_person"),
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
    excerpt = models.TextField(pgettext_lazy("of a server", "answer"), blank=True)

    class Meta:
        verbose_name = _("webhook attempt")
        verbose_name_plural = _("webhook attempts")
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.delivery_id}: {self.status or self.error}"
