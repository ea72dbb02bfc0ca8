"""What was reported lately, counted: what the checks before publishing ask, so that nothing scans the ledger."""

from datetime import timedelta

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from disclosures.models.content.entries import Scenario, Service
from disclosures.models.content.recipients import Recipient
from disclosures.models.ledger.events import ItemSet, reference

LOOKED_BACK_DAYS = 90


class PracticeStartQuerySet(models.QuerySet["PracticeStart"]):
    def looked_back_to(self) -> "PracticeStartQuerySet":
        """Select the start if counting began within the days that are looked back."""
        return self.filter(began_on__gt=timezone.localdate() - timedelta(days=LOOKED_BACK_DAYS))


class PracticeStart(models.Model):
    """The one row says since when reports are counted, if there had been reports before: the day of an update."""

    began_on = models.DateField()

    objects = PracticeStartQuerySet.as_manager()

    class Meta:
        verbose_name = _("start of the counts of practice")
        verbose_name_plural = _("start of the counts of practice")

    def __str__(self) -> str:
        return str(self.began_on)


class PracticeCount(models.Model):
    """One row is how many disclosures of these items by this service in this scenario were reported on one day."""

    reported_on = models.DateField()
    service = reference(Service)
    scenario = reference(Scenario)
    item_set = reference(ItemSet)
    disclosure_count = models.PositiveBigIntegerField(default=0)

    class Meta:
        verbose_name = _("count of practice")
        verbose_name_plural = _("counts of practice")
        constraints = [
            models.UniqueConstraint(
                fields=["reported_on", "service", "scenario", "item_set"], name="practice_is_counted_once_a_day"
            )
        ]

    def __str__(self) -> str:
        return f"{self.reported_on}: {self.disclosure_count}"


class ReceivedCount(models.Model):
    """One row is how many disclosures to this recipient in this scenario were reported on one day."""

    reported_on = models.DateField()
    recipient = reference(Recipient)
    scenario = reference(Scenario)
    disclosure_count = models.PositiveBigIntegerField(default=0)

    class Meta:
        verbose_name = _("count of what a recipient got")
        verbose_name_plural = _("counts of what recipients got")
        constraints = [
            models.UniqueConstraint(
                fields=["reported_on", "recipient", "scenario"], name="a_recipient_is_counted_once_a_day"
            )
        ]

    def __str__(self) -> str:
        return f"{self.reported_on}: {self.disclosure_count}"
