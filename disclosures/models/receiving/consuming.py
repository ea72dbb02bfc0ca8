"""Queues from which disclosures are read, and messages that could not be recorded."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from disclosures.models.receiving.reporters import Reporter


class ConsumedQueue(models.Model):
    """One row is one queue that is read in the name of one reporter, and what came of it. For /metrics.

    Counts are of events; ``message_count`` is of messages. ``waiting_count``: how many messages waited in the queue at
    ``seen_at``, when a consumer last looked; None if it was not told.
    """

    name = models.CharField(max_length=200)
    reporter = models.ForeignKey(Reporter, models.PROTECT, related_name="+", verbose_name=_("reporter"))
    message_count = models.PositiveBigIntegerField(default=0)
    created_count = models.PositiveBigIntegerField(default=0)
    duplicate_count = models.PositiveBigIntegerField(default=0)
    conflict_count = models.PositiveBigIntegerField(default=0)
    invalid_count = models.PositiveBigIntegerField(default=0)
    waiting_count = models.PositiveBigIntegerField(null=True)
    seen_at = models.DateTimeField()

    class Meta:
        verbose_name = _("queue that is read")
        verbose_name_plural = _("queues that are read")
        constraints = [
            models.UniqueConstraint(fields=["name", "reporter"], name="one_row_of_a_queue_and_reporter"),
        ]

    def __str__(self) -> str:
        return self.name


class RefusedMessageQuerySet(models.QuerySet["RefusedMessage"]):
    def waiting(self) -> "RefusedMessageQuerySet":
        """Leave out those that somebody dealt with."""
        return self.filter(settled_at=None)


class RefusedMessage(models.Model):
    """One row is one message, or one event of a message, that came from a queue and was not recorded.

    ``id`` is the UUIDv8 of (queue, position, place in the message, content): a message that is delivered again is kept
    once. ``position``: where it stood in the queue. ``problem``: as the API would have answered. ``sealed``: its
    headers and body, encrypted, because nobody knows what is in them. Deleted once it is recorded after all, or dropped
    by the operator. ``settled_at``: since when it waits for nobody, because staff dealt with it; None while it waits.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    queue = models.ForeignKey(ConsumedQueue, models.PROTECT, related_name="refused")
    position = models.CharField(max_length=120)
    problem = models.JSONField()
    sealed = models.TextField()
    received_at = models.DateTimeField(_("received"))
    settled_at = models.DateTimeField(_("dealt with at"), null=True)
    # Without a constraint: the table of accounts is kept with people, this one with content.
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_constraint=False, verbose_name=_("by")
    )
    reason = models.TextField(_("why"), blank=True, default="", db_default="")

    objects = RefusedMessageQuerySet.as_manager()

    class Meta:
        verbose_name = _("refused message of a queue")
        verbose_name_plural = _("refused messages of queues")
        indexes = [models.Index(fields=["received_at", "id"], name="refused_message_oldest_first")]

    def __str__(self) -> str:
        return str(self.id)
