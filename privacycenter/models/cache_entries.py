"""What all processes share for a while: counts of rate limits, and the values of Django's cache."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class CacheEntry(models.Model):
    """One row is the count of one limit's window, or one value of Django's cache (``privacycenter.rate_limits``).

    ``key`` names the limit and, hashed, whom it is counted for. A count has ``used``, a value ``value`` (JSON). From
    ``until`` (Unix seconds) on the row has expired: the next use begins anew, and the worker deletes it.
    """

    key = models.CharField(max_length=120, primary_key=True)
    used = models.PositiveBigIntegerField(default=0)
    value = models.TextField(blank=True)
    until = models.BigIntegerField()

    class Meta:
        verbose_name = _("cache entry")
        verbose_name_plural = _("cache entries")
        indexes = [models.Index(fields=["until"], name="cache_entry_by_until")]

    def __str__(self) -> str:
        return self.key
