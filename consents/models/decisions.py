"""Decisions: a person's answers. A withdrawal is a later decision, never a change to an earlier one."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Protocol, TypeVar, cast
from uuid import UUID

from django.db import models
from django.db.models.fields.json import KT
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from disclosures.models import ItemSet, Recipient, Scenario, Service
from disclosures.models.ledger.events import person_key, reference
from privacycenter.models import AppendOnlyQuerySet, Sealed
from privacycenter.models.owner_keys import of_same_person


class DecisionQuerySet(AppendOnlyQuerySet[Any]):
    def with_references(self) -> "DecisionQuerySet":
        """Fetch everything a page names in the same SQL statement."""
        return self.select_related("recipient__country", "service", "scenario", "allowed_set", "refused_set")

    def with_names_shown(self, person: Any = None) -> "DecisionQuerySet":
        """Annotate ``shown_recipient``, ``shown_service``, ``shown_scenario`` and ``shown_language``: what the person
        read when answering, of a withdrawal or undoing with the answer that it ended. In the same SQL statement.
        ``person``: whose rows these are, if they are one person's.
        """
        ended = Decision.objects.filter(
            **of_same_person(person),
            id=Coalesce(models.OuterRef("withdraws_id"), models.OuterRef("undoes_id"), models.OuterRef("id")),
        )
        return cast("DecisionQuerySet", self.annotate(**names_shown(ended)))

    def about(self, *, recipient: int, service: int, scenario: int) -> "DecisionQuerySet":
        return self.filter(recipient_id=recipient, service_id=service, scenario_id=scenario)

    def answers_to(self, request_id: object) -> "DecisionQuerySet":
        return self.filter(request_id=request_id)

    def with_endings(self, id: UUID) -> "DecisionQuerySet":
        """Select this decision, and the one that withdrew or undid it."""
        return self.filter(models.Q(id=id) | models.Q(withdraws_id=id) | models.Q(undoes_id=id))

    def answers(self) -> "DecisionQuerySet":
        """Leave out withdrawals and undoings."""
        return self.filter(withdraws_id__isnull=True, undoes_id__isnull=True)

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


def names_shown(answer: models.QuerySet[Any]) -> dict[str, models.Subquery]:
    """Return what an answer says in its text of who and what it is about. ``answer``: the one of the outer query."""
    places = {
        "shown_language": "text__language",
        **{f"shown_{name}": f"text__{name}__title" for name in ("recipient", "service", "scenario")},
    }
    return {name: models.Subquery(answer.values(said=KT(place))[:1]) for name, place in places.items()}


# The columns that the first version of a decision's fingerprint covers.
SEALED_AT_FIRST = (
    "person", "id", "request_id", "withdraws_id", "undoes_id", "rule_id", "opening", "recipient", "service", "scenario",
    "allowed_set", "refused_set", "decided_at", "valid_until", "publication", "language", "text", "text_sha256",
)  # fmt: skip


class Decision(Sealed):
    """One row is one answer of one person: which items are allowed, which are refused, until when.

    For each item the newest decision that names it counts. A withdrawal names the decision it ends in ``withdraws_id``
    and refuses every item that decision allowed. A change is an answer that names in ``changes_id`` the one whose items
    it decides anew, out of what was asked for then and until the same day. An undoing names an answer in ``undoes_id``:
    that answer no longer counts, its request is open again, and everything is as it was before. ``rule_id`` is the
    version of the standing rule that answered for the person. ``opening`` counts how often the request had been
    reopened before this answer. ``text`` is what the person saw when answering, ``text_sha256`` its hash (RFC 8785,
    SHA-256, 64 hexadecimal digits), ``publication`` the number of the publication in force.
    """

    SEALED = {
        1: SEALED_AT_FIRST,
        2: (*SEALED_AT_FIRST, "changes_id"),
    }

    pk = models.CompositePrimaryKey("person_id", "id")
    person = person_key("decisions")
    id = models.UUIDField(editable=False)
    request_id = models.UUIDField()
    withdraws_id = models.UUIDField(null=True, blank=True)
    undoes_id = models.UUIDField(null=True, blank=True)
    changes_id = models.UUIDField(null=True, blank=True)
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
                condition=models.Q(withdraws_id__isnull=True, undoes_id__isnull=True, changes_id__isnull=True),
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
            models.UniqueConstraint(
                fields=["person", "changes_id"],
                condition=models.Q(changes_id__isnull=False),
                name="an_answer_is_changed_once",
            ),
        ]

    @property
    def is_withdrawal(self) -> bool:
        return self.withdraws_id is not None

    @property
    def is_undoing(self) -> bool:
        return self.undoes_id is not None

    @property
    def is_change(self) -> bool:
        return self.changes_id is not None

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
