"""Questions to the person: may this recipient get these items, for this, until then?"""

from django.db import models
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from disclosures.models import ItemSet, Recipient, Reporter, Scenario, Service
from disclosures.models.ledger import person_key, reference
from privacycenter.models import AppendOnly, AppendOnlyQuerySet


class ApprovalRequestQuerySet(AppendOnlyQuerySet):
    def with_references(self) -> "ApprovalRequestQuerySet":
        """Everything a page names, in the same SQL statement."""
        return self.select_related("recipient__country", "service", "scenario", "reporter", "item_set")

    def about(self, *, recipient: int, service: int, scenario: int) -> "ApprovalRequestQuerySet":
        return self.filter(recipient_id=recipient, service_id=service, scenario_id=scenario)

    def undecided(self) -> "ApprovalRequestQuerySet":
        """Not answered and not past their expiry."""
        return self.filter(~models.Exists(answers()), expires_at__gt=Now())

    def decided_or_expired(self) -> "ApprovalRequestQuerySet":
        return self.filter(models.Q(models.Exists(answers())) | models.Q(expires_at__lte=Now()))

    def soonest_expiry_first(self) -> "ApprovalRequestQuerySet":
        return self.order_by("expires_at", "id")

    def newest_first(self) -> "ApprovalRequestQuerySet":
        return self.order_by("-requested_at", "-id")


def answers() -> models.QuerySet:
    """The answers that count to the request of the outer query, joined by person and request."""
    from consents.models.decisions import Decision  # decisions point to requests, not the other way round

    undoings = Decision.objects.filter(person_id=models.OuterRef("person_id"), undoes_id=models.OuterRef("id"))
    return Decision.objects.filter(
        ~models.Exists(undoings),
        person_id=models.OuterRef("person_id"),
        request_id=models.OuterRef("id"),
        undoes_id__isnull=True,
    )


class ApprovalRequest(AppendOnly):
    """One row is one question to one person.

    It never changes: whether it is open, answered or expired follows from its decisions and ``expires_at``.
    ``purposes`` and ``consequences`` are the reporter's words: item code → language → text.
    """

    pk = models.CompositePrimaryKey("person_id", "id")
    person = person_key("approval_requests")
    id = models.UUIDField(editable=False)
    recipient = reference(Recipient)
    service = reference(Service)
    scenario = reference(Scenario)
    item_set = reference(ItemSet)
    reporter = reference(Reporter)
    purposes = models.JSONField()
    consequences = models.JSONField()
    requested_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    valid_days = models.PositiveSmallIntegerField()

    objects = ApprovalRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("approval request")
        verbose_name_plural = _("approval requests")
        indexes = [
            models.Index(fields=["person", "recipient", "scenario", "service"], name="request_by_person_recipient")
        ]

    @property
    def is_expired(self) -> bool:
        return self.expires_at <= timezone.now()
