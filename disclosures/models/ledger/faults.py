"""Faults that a verification found, and what an officer said of them. Both stay."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from privacycenter.models import AppendOnly, AppendOnlyQuerySet


class LedgerFaultQuerySet(AppendOnlyQuerySet["LedgerFault"]):
    def unacknowledged(self) -> "LedgerFaultQuerySet":
        return self.filter(acknowledgement__isnull=True)


class LedgerFault(AppendOnly):
    """One row is one fault that ``verify_ledger`` found for the first time at ``found_at``.

    ``digest`` is SHA-256 over the row's name, what is wrong with it, and the row as it was found, as 64 hexadecimal
    digits: found again, it is the same fault; a row that is changed once more has another.
    """

    digest = models.CharField(max_length=64, unique=True)
    part = models.CharField(_("part"), max_length=60)
    row = models.CharField(_("row"), max_length=200)
    what = models.TextField(_("what is wrong"))
    found_at = models.DateTimeField(_("found at"))

    objects = LedgerFaultQuerySet.as_manager()

    class Meta:
        verbose_name = _("fault in the ledger")
        verbose_name_plural = _("faults in the ledger")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.part}: {self.row}: {self.what}"


class FaultAcknowledgement(AppendOnly):
    """One row is an officer's word on one fault: why it is there. It is still listed, and alarms no more."""

    # Without a constraint: the table is kept with people, faults are kept with content. Neither is ever deleted.
    fault = models.OneToOneField(
        LedgerFault, models.PROTECT, related_name="acknowledgement", db_constraint=False,
        verbose_name=_("fault in the ledger"),
    )  # fmt: skip
    reason = models.TextField(_("why it is there"))
    acknowledged_at = models.DateTimeField(_("when"))
    acknowledged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by")
    )

    class Meta:
        verbose_name = _("acknowledged fault")
        verbose_name_plural = _("acknowledged faults")

    def __str__(self) -> str:
        return f"{self.fault_id}"
