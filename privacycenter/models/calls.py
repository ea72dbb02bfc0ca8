"""How much of a limit is used up: what several processes count together."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class CallCount(models.Model):
    """One row is how much of one limit was used in its current window (``privacycenter.api.quotas``).

    ``key`` names who is limited; what could tell somebody's address is hashed in it. ``window`` is the start of the
    window in Unix seconds. A row is used again in the next window and deleted some time after its last one.
    """

    key = models.CharField(max_length=100, primary_key=True)
    window = models.BigIntegerField()
    used = models.PositiveBigIntegerField()

    class Meta:
        verbose_name = _("call count")
        verbose_name_plural = _("call counts")
        indexes = [models.Index(fields=["window"], name="call_count_by_window")]

    def __str__(self) -> str:
        return self.key
