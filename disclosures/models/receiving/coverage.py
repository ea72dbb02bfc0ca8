"""How complete the reports are: what reporters say they sent, and what arrived. These rows name no person."""

from datetime import timedelta

from django.db import models
from django.utils.translation import gettext_lazy as _

from disclosures.models.content.entries import Service
from disclosures.models.receiving.reporters import Reporter
from privacycenter.models import AppendOnly

# Clocks differ, and a time in whole seconds can lie before an event sent within that second.
TOLERANCE = timedelta(minutes=1)


class Heartbeat(AppendOnly):
    """One row is one statement by a reporter about one service: “complete until then, so many events since the last
    one”.

    ``since`` is where the reporter's count begins; without it, the count begins at the preceding heartbeat in the order
    of ``complete_until``. ``declared_change`` is how much this row changes the declared total: less than
    ``event_count`` where it replaces what earlier rows said about the same time. The sum over all rows is therefore the
    total, even if heartbeats are repeated, late or overlapping.
    """

    service = models.ForeignKey(Service, models.PROTECT, related_name="heartbeats")
    reporter = models.ForeignKey(Reporter, models.PROTECT, related_name="heartbeats")
    since = models.DateTimeField(null=True, blank=True)
    complete_until = models.DateTimeField()
    event_count = models.PositiveBigIntegerField()
    declared_change = models.BigIntegerField()
    heard_at = models.DateTimeField()

    class Meta:
        verbose_name = _("heartbeat")
        verbose_name_plural = _("heartbeats")
        indexes = [models.Index(fields=["service", "reporter", "complete_until"], name="heartbeat_by_time")]

    def __str__(self) -> str:
        return f"{self.service_id}: {self.complete_until}"


class DeclaredCount(models.Model):
    """One row is how many events one reporter has declared for one service in all its heartbeats. A follower updates
    it.

    ``opening_arrived_count`` is how many had arrived when the row was created, ``opening_declared_count`` how many of
    those were declared. An excess of arrivals at that time is left out, because nobody declared how many to expect.
    ``complete_since`` is from when on the reporter declares its reports complete.
    """

    service = models.ForeignKey(Service, models.PROTECT, related_name="declared_counts")
    reporter = models.ForeignKey(Reporter, models.PROTECT, related_name="declared_counts")
    declared_count = models.BigIntegerField(default=0)
    opening_arrived_count = models.BigIntegerField(default=0)
    opening_declared_count = models.BigIntegerField(default=0)
    complete_since = models.DateTimeField()
    complete_until = models.DateTimeField()
    heard_at = models.DateTimeField()

    class Meta:
        verbose_name = _("declared count")
        verbose_name_plural = _("declared counts")
        constraints = [
            models.UniqueConstraint(fields=["service", "reporter"], name="one_declared_per_service_and_reporter")
        ]

    def __str__(self) -> str:
        return f"{self.service_id}: {self.declared_count}"


class ArrivalCount(models.Model):
    """One row is how many disclosures of one reporter for one service were recorded in the minutes from ``begins_at``.

    A follower updates these rows and keeps them for some days. Arrivals after the latest heartbeat are subtracted with
    them, so that they do not hide earlier gaps.
    """

    service = models.ForeignKey(Service, models.PROTECT, related_name="arrival_counts")
    reporter = models.ForeignKey(Reporter, models.PROTECT, related_name="arrival_counts")
    begins_at = models.DateTimeField()
    disclosure_count = models.PositiveBigIntegerField(default=0)

    class Meta:
        verbose_name = _("arrival count")
        verbose_name_plural = _("arrival counts")
        constraints = [
            models.UniqueConstraint(fields=["service", "reporter", "begins_at"], name="one_arrival_count_at_a_time")
        ]

    def __str__(self) -> str:
        return f"{self.service_id}: {self.begins_at}"
