"""The outbox: work that actions leave for followers, written in the action's own transaction, done after its commit."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class OutboxRow(models.Model):
    """One row is one piece of work for one follower. It is deleted when the work is done.

    ``leased_until`` is in the future while a worker holds the row. If a worker is killed, the lease runs out and
    another takes the row. A follower may therefore get a row twice and MUST be safe to repeat.

    Of a follower's rows with the same ``line`` one is done after the other, in the order of their ids. Rows without a
    line wait for nobody.
    """

    follower = models.CharField(max_length=40)
    topic = models.CharField(max_length=60)
    line = models.CharField(max_length=40, blank=True, default="", db_default="")
    payload = models.JSONField()
    due_at = models.DateTimeField(default=timezone.now)
    leased_until = models.DateTimeField(null=True, blank=True)
    attempt_count = models.PositiveIntegerField(default=0)
    last_error = models.TextField(blank=True)

    class Meta:
        verbose_name = _("outbox row")
        verbose_name_plural = _("outbox")
        indexes = [
            models.Index(fields=["due_at"], name="outbox_by_due_at"),
            models.Index(fields=["follower", "line", "id"], name="outbox_by_line", condition=~models.Q(line="")),
        ]

    def __str__(self) -> str:
        return f"{self.follower}: {self.topic}"
