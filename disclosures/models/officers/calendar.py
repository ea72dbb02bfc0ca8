"""The secret addresses under which members of staff have the calendar in their own programs."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from privacycenter.models import AppendOnly


class CalendarAddress(AppendOnly):
    """One row is one address that a member of staff made. Of each person's, only the newest leads anywhere.

    ``digest`` is the SHA-256 of its secret part, in hexadecimal; empty if the person ended their address.
    """

    staff = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="calendar_addresses", verbose_name=_("by")
    )
    digest = models.CharField(max_length=64, blank=True)
    made_at = models.DateTimeField(_("when"))

    class Meta:
        verbose_name = _("address of the calendar")
        verbose_name_plural = _("addresses of the calendar")
        indexes = [
            models.Index(fields=["digest"], name="calendar_by_digest"),
            models.Index(fields=["staff", "-id"], name="calendar_newest_first"),
        ]

    def __str__(self) -> str:
        return f"{self.staff_id}: {self.made_at}"
