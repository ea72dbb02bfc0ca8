"""Approval requests: may this recipient receive these items, for this scenario, until then?"""

from collections.abc import Iterable
from typing import Any, cast
from uuid import UUID

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from disclosures.models import ItemSet, Recipient, Reporter, Scenario, Service
from disclosures.models.ledger.events import person_key, reference
from privacycenter.models import AppendOnlyQuerySet, Sealed
from privacycenter.models.owner_keys import of_same_person
from privacycenter.sandbox.database_clock import Now


class ApprovalRequestQuerySet(AppendOnlyQuerySet[Any]):
    # ``person``, everywhere: whose rows these are, if they are one person's (``of_same_person``).

    def with_references(self, person: Any = None) -> "ApprovalRequestQuerySet":
        """Fetch everything a page names, and ``is_cancelled``, in the same SQL statement."""
        related = self.select_related("recipient__country", "service", "scenario", "reporter", "item_set")
        return cast("ApprovalRequestQuerySet", related.annotate(is_cancelled=models.Exists(cancellations(person))))

    def with_names_shown(self, person: Any = None) -> "ApprovalRequestQuerySet":
        """Annotate what the person read when they answered, as on a decision. None of those nobody answered."""
        from consents.models.decisions import names_shown

        first = answers(person).filter(withdraws_id__isnull=True).order_by("decided_at", "id")
        return cast("ApprovalRequestQuerySet", self.annotate(**names_shown(first)))

    def by_public_keys(self, keys: Iterable[tuple[int, UUID]]) -> "ApprovalRequestQuerySet":
        """Select the requests with these (person key, id) pairs."""
        return self.filter(pk__in=list(keys))

    def of_services(self, reporter: Reporter) -> "ApprovalRequestQuerySet":
        """Select requests about services that the reporter may speak for now."""
        return self.filter(service__in=reporter.services.all())

    def about(self, *, recipient: int, service: int, scenario: int) -> "ApprovalRequestQuerySet":
        return self.filter(recipient_id=recipient, service_id=service, scenario_id=scenario)

    def undecided(self, person: Any = None) -> "ApprovalRequestQuerySet":
        """Select requests that are not answered, not cancelled and not expired."""
        is_closed = models.Exists(answers(person)), models.Exists(cancellations(person))
        return self.filter(*(~one for one in is_closed), expires_at__gt=Now())

    def decided_or_expired(self, person: Any = None) -> "ApprovalRequestQuerySet":
        """Select requests that need nothing more from the person: the complement of ``undecided``."""
        is_closed = models.Q(models.Exists(answers(person))) | models.Q(models.Exists(cancellations(person)))
        return self.filter(is_closed | models.Q(expires_at__lte=Now()))

    def soonest_expiry_first(self) -> "ApprovalRequestQuerySet":
        return self.order_by("expires_at", "id")

    def newest_first(self) -> "ApprovalRequestQuerySet":
        return self.order_by("-requested_at", "-id")


def answers(person: Any = None) -> models.QuerySet[Any]:
    """Return the answers in effect to the outer query's request, joined by person and request."""
    from consents.models.decisions import Decision  # decisions point to requests, not the other way round

    undoings = Decision.objects.filter(**of_same_person(person), undoes_id=models.OuterRef("id"))
    return Decision.objects.filter(
        ~models.Exists(undoings), **of_same_person(person), request_id=models.OuterRef("id"), undoes_id__isnull=True
    )


def cancellations(person: Any = None) -> models.QuerySet[Any]:
    """Return the cancellation of the outer query's request, joined by person and request."""
    return RequestCancellation.objects.filter(**of_same_person(person), request_id=models.OuterRef("id"))


class ApprovalRequest(Sealed):
    """One row is one question to one person.

    Rows never change: whether a request is open, answered, cancelled or expired follows from its decisions, its
    cancellation and ``expires_at``. ``is_cancelled`` is correct only on rows fetched ``with_references``. ``purposes``
    and ``consequences`` hold the reporter's texts: item code → language → text. ``retention_days``: item code → how
    many days the recipient keeps the data, for the items of which it was stated.
    """

    SEALED = {1: (
        "person", "id", "recipient", "service", "scenario", "item_set", "reporter", "purposes", "consequences",
        "requested_at", "expires_at", "valid_days", "retention_days",
    )}  # fmt: skip

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
    retention_days = models.JSONField(default=dict, blank=True)
    requested_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    valid_days = models.PositiveSmallIntegerField()

    objects = ApprovalRequestQuerySet.as_manager()
    is_cancelled = False

    class Meta:
        verbose_name = _("approval request")
        verbose_name_plural = _("approval requests")
        indexes = [
            models.Index(fields=["person", "recipient", "scenario", "service"], name="request_by_person_recipient")
        ]

    @property
    def is_expired(self) -> bool:
        return self.expires_at <= timezone.now()


class RequestCancellation(Sealed):
    """One row is one request that its reporter cancelled. The person sees it closed."""

    SEALED = {1: ("person", "id", "request_id", "reporter", "cancelled_at")}

    pk = models.CompositePrimaryKey("person_id", "id")
    person = person_key("request_cancellations")
    id = models.UUIDField(editable=False)
    request_id = models.UUIDField()
    reporter = reference(Reporter)
    cancelled_at = models.DateTimeField()

    class Meta:
        verbose_name = _("cancelled request")
        verbose_name_plural = _("cancelled requests")
        constraints = [
            models.UniqueConstraint(fields=["person", "request_id"], name="a_request_is_cancelled_once"),
        ]


class FiledRequest(models.Model):
    """One row is one request in the list of the reporter that filed it, which spans people.

    ``id`` is the request's id (UUIDv7, so ids sort in the order of filing), ``whose`` the key of its person.
    """

    pk = models.CompositePrimaryKey("reporter_id", "id")
    reporter = models.ForeignKey(Reporter, models.PROTECT, related_name="filed_requests", db_index=False)
    id = models.UUIDField(editable=False)
    whose = models.BigIntegerField()

    class Meta:
        verbose_name = _("filed request")
        verbose_name_plural = _("filed requests")

    def __str__(self) -> str:
        return f"{self.reporter_id}: {self.id}"


class IdempotencyKey(models.Model):
    """One row is one ``Idempotency-Key`` of a reporter, with the first call made under it and its answer.

    ``body_sha256`` is the hash of the question as parsed (RFC 8785), ``request`` the public id of the request returned,
    ``status`` the HTTP status. Kept for ``consents.asking.idempotency.KEPT``.
    """

    pk = models.CompositePrimaryKey("reporter_id", "key")
    reporter = models.ForeignKey(Reporter, models.PROTECT, related_name="idempotency_keys", db_index=False)
    key = models.CharField(max_length=255)
    body_sha256 = models.CharField(max_length=64)
    request = models.CharField(max_length=60, blank=True)
    status = models.PositiveSmallIntegerField(default=0)
    called_at = models.DateTimeField()

    class Meta:
        verbose_name = _("repeated call")
        verbose_name_plural = _("repeated calls")
        indexes = [models.Index(fields=["reporter", "called_at"], name="idempotency_key_by_age")]

    def __str__(self) -> str:
        return f"{self.reporter_id}: {self.key}"
