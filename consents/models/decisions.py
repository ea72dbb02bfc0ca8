"""Decisions: a person's answers. A withdrawal is a later decision, never a change to an earlier one."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Protocol, TypeVar
from uuid import UUID

from django.db import models
from django.utils.translation import gettext_lazy as _

from disclosures.models import ItemSet, Recipient, Scenario, Service
from disclosures.models.ledger import person_key, reference
from privacycenter.models import AppendOnly, AppendOnlyQuerySet


class DecisionQuerySet(AppendOnlyQuerySet[Any]):
    def with_references(self) -> "DecisionQuerySet":
        """Fetch everything a page names in the same SQL statement."""
        return self.select_related("recipient__country", "service", "scenario", "allowed_set", "refused_set")

    def about(self, *, recipient: int, service: int, scenario: int) -> "DecisionQuerySet":
        return self.filter(recipient_id=recipient, service_id=service, scenario_id=scenario)

    def answers_to(self, request_id: object) -> "DecisionQuerySet":
        return self.filter(request_id=request_id)

    def endings_of(self, ids: Iterable[UUID]) -> "DecisionQuerySet":
        """Select the withdrawals and undoings of these decisions."""
        ids = list(ids)
        return self.filter(models.Q(withdraws_id__in=ids) | models.Q(undoes_id__in=ids))

    def answered_by_rules(self) -> "DecisionQuerySet":
        """Select answers given by standing rules that the person has not undone."""
        undoing = Decision.objects.filter(person_id=models.OuterRef("person_id"), undoes_id=models.OuterRef("id"))
        return self.filter(rule_id__isnull=False).exclude(models.Exists(undoing))

    def decided_since(self, moment: datetime) -> "DecisionQuerySet":
        return self.filter(decided_at__gte=moment)

    def older_than(self, decided_at: datetime, id: UUID) -> "DecisionQuerySet":
        """Select the decisions that follow this one in newest-first order."""
        return self.filter(decided_at__lte=decided_at).exclude(decided_at=decided_at, id__gte=id)

    def newest_first(self) -> "DecisionQuerySet":
        return self.order_by("-decided_at", "-id")


class Decision(AppendOnly):
    """One row is one answer of one person: which items are allowed, which are refused, until when.

    For each item the newest decision that names it counts. A withdrawal names the decision it ends in ``withdraws_id``
    and refuses every item that decision allowed. An undoing names an answer in ``undoes_id``: that answer no longer
    counts, its request is open again, and everything is as it was before. ``rule_id`` is the version of the standing
    rule that answered for the person. ``opening`` counts how often the request had been reopened before this answer.
    ``text`` is what the person saw when answering, ``text_sha256`` its hash (RFC 8785, SHA-256, 64 hexadecimal digits),
    ``publication`` the number of the publication in force.
    """

    pk = models.CompositePrimaryKey("person_id", "id")
    person = person_key("decisions")
    id = models.UUIDField(editable=False)
    request_id = models.UUIDField()
    withdraws_id = models.UUIDField(null=True, blank=True)
    undoes_id = models.UUIDField(null=True, blank=True)
    rule_id = models.UUIDField(null=True, blank=True)
    opening = models.PositiveSmallIntegerField(default=0)
    recipient = reference(Recipient)
    service = reference(Service)
    scenario = reference(Scenario)
    allowed_set = reference(ItemSet)
    refused_set = reference(ItemSet)
    decided_at = models.DateTimeField()
    valid_until = models.DateTimeField()
    publication = models.PositiveIntegerField()
    language = models.CharField(max_length=10)
    text = models.JSONField()
    text_sha256 = models.CharField(max_length=64)

    objects = DecisionQuerySet.as_manager()

    class Meta:
        verbose_name = _("decision")
        verbose_name_plural = _("decisions")
        indexes = [
            models.Index(fields=["person", "recipient", "scenario", "service", "-decided_at"], name="decision_in_force")
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "request_id", "opening"],
                condition=models.Q(withdraws_id__isnull=True, undoes_id__isnull=True),
                name="an_open_request_is_answered_once",
            ),
            models.UniqueConstraint(
                fields=["person", "withdraws_id"],
                condition=models.Q(withdraws_id__isnull=False),
                name="a_decision_is_withdrawn_once",
            ),
            models.UniqueConstraint(
                fields=["person", "undoes_id"],
                condition=models.Q(undoes_id__isnull=False),
                name="a_decision_is_undone_once",
            ),
        ]

    @property
    def is_withdrawal(self) -> bool:
        return self.withdraws_id is not None

    @property
    def is_undoing(self) -> bool:
        return self.undoes_id is not None

    @property
    def is_answer(self) -> bool:
        return not (self.is_withdrawal or self.is_undoing)


class Undoable(Protocol):
    """The attributes of a decision that ``in_effect`` reads."""

    @property
    def id(self) -> UUID: ...
    @property
    def undoes_id(self) -> UUID | None: ...


D = TypeVar("D", bound=Undoable)


def in_effect(decisions: Iterable[D]) -> list[D]:
    """Return the decisions that count, in order: without undone answers and without the undoings themselves."""
    decisions = list(decisions)
    undone = {decision.undoes_id for decision in decisions if decision.undoes_id}
    return [decision for decision in decisions if not decision.undoes_id and decision.id not in undone]
