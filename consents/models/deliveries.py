"""What services are told about decisions."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from disclosures.models import Reporter


class FeedEntry(models.Model):
    """One row is one event of a reporter's decision feed.

    ``number`` is contiguous within the reporter and assigned after the event's commit by one follower at a time, so a
    reader that remembers the last number never misses a late one. ``source`` makes a repeated piece of work harmless.
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
