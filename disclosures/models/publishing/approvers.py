"""Which accounts may approve what others propose, and since when."""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from privacycenter.models import AppendOnly

# How long a new approver waits, unless a second person made them one.
APPROVERS_WAIT = timedelta(hours=24)


class Approver(AppendOnly):
    """One row: this account was noticed to be able to approve by now, or to be so no longer. The newest row counts.

    ``is_known``: a second person made it one, or it was one before this was kept: it need not wait.
    """

    account = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="approver_rows")
    is_approver = models.BooleanField()
    is_known = models.BooleanField()
    noticed_at = models.DateTimeField()

    class Meta:
        verbose_name = _("approver")
        verbose_name_plural = _("approvers")
