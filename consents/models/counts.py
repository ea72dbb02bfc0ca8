"""Standing approvals, counted: what the checks before publishing ask, so that nothing scans the decisions."""

from datetime import date

from django.db import models
from django.utils.translation import gettext_lazy as _

from disclosures.models import ItemSet, Recipient, Scenario, Service
from disclosures.models.ledger.events import person_key, reference


class CountedApproval(models.Model):
    """One row is one answer that is in the counts: with which items, and on which day it ends.

    It shares the decision's id. What a follower does twice therefore counts once.
    """

    pk = models.CompositePrimaryKey("person_id", "id")
    person = person_key("counted_approvals")
    id = models.UUIDField(editable=False)
    item_set = reference(ItemSet)
    ends_on = models.DateField()

    class Meta:
        verbose_name = _("counted approval")
        verbose_name_plural = _("counted approvals")

    def __str__(self) -> str:
        return f"{self.person_id}: {self.id}"


class ApprovalCountQuerySet(models.QuerySet["ApprovalCount"]):
    def ended_before(self, day: date) -> "ApprovalCountQuerySet":
        return self.filter(ends_on__lt=day)

    def standing_on(self, day: date) -> "ApprovalCountQuerySet":
        """Leave out those that ended before this day, and those of which none is left."""
        return self.filter(ends_on__gte=day, approval_count__gt=0)


class ApprovalCount(models.Model):
    """One row is how many answers allow just these items now, were given in this language, and end on this day.

    The day is the site's. An approval that ends needs no event: its day is over.
    """

    ends_on = models.DateField()
    recipient = reference(Recipient)
    service = reference(Service)
    scenario = reference(Scenario)
    item_set = reference(ItemSet)
    language = models.CharField(max_length=10)
    approval_count = models.PositiveBigIntegerField(default=0)

    objects = ApprovalCountQuerySet.as_manager()

    class Meta:
        verbose_name = _("count of standing approvals")
        verbose_name_plural = _("counts of standing approvals")
        constraints = [
            models.UniqueConstraint(
                fields=["ends_on", "recipient", "service", "scenario", "item_set", "language"],
                name="standing_approvals_are_counted_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.ends_on}: {self.approval_count}"
