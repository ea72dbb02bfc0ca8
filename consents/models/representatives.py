"""Representatives: who may act for a person, from when until when, in what, and by what evidence."""

from datetime import datetime, timedelta
from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from disclosures.models.ledger.events import person_key
from privacycenter.models import AppendOnly, AppendOnlyQuerySet

# So long an adult can object before an agent begins.
OBJECTION_TIME = timedelta(days=14)


class RepresentationKind(models.TextChoices):
    PARENT = "parent", _("parent of a child")
    GUARDIAN = "guardian", _("guardian")
    AGENT = "agent", _("agent")

    @property
    def can_be_objected_to(self) -> bool:
        """Whether it begins only after the person could object. The others were not appointed by the person."""
        return self is RepresentationKind.AGENT


class RepresentationScope(models.TextChoices):
    SEE = "see", _("see the record")
    DECIDE = "decide", _("see the record, answer and file recalls")


class RepresentationEvidence(models.TextChoices):
    """What an officer has seen. The papers themselves are not kept, nor any number in them."""

    FAMILY_REGISTER = "family_register", _("family register")
    COURT_ORDER = "court_order", _("court order")
    GUARDIANSHIP = "guardianship", _("certificate of registered guardianship")
    POWER_OF_ATTORNEY = "power_of_attorney", _("power of attorney")


# What can show which kind.
EVIDENCE = {
    RepresentationKind.PARENT: (RepresentationEvidence.FAMILY_REGISTER, RepresentationEvidence.COURT_ORDER),
    RepresentationKind.GUARDIAN: (RepresentationEvidence.GUARDIANSHIP, RepresentationEvidence.COURT_ORDER),
    RepresentationKind.AGENT: (RepresentationEvidence.POWER_OF_ATTORNEY,),
}


class RepresentationQuerySet(AppendOnlyQuerySet["Representation"]):
    def not_over(self) -> "RepresentationQuerySet":
        """Select those that are in force or will be, unless somebody ends them."""
        endings = RepresentationEnding.objects.filter(
            person_id=models.OuterRef("person_id"), representation_id=models.OuterRef("id")
        )
        return self.filter(~models.Exists(endings), until__gt=timezone.now())

    def in_force(self) -> "RepresentationQuerySet":
        """Select those by which somebody may act now."""
        return self.not_over().filter(begins_at__lte=timezone.now())

    def newest_first(self) -> "RepresentationQuerySet":
        return self.order_by("-made_at", "-id")


class Representation(AppendOnly):
    """One row is one person (``representative_id``, a user id without a constraint) who may act for this one.

    It holds from ``begins_at`` until ``until``, unless a ``RepresentationEnding`` ends it before. Of a child nothing
    but ``until`` is kept: the day on which the child takes over. ``left_out``: codes of services that the
    representative does not see. ``staff_id``: the officer who saw the evidence.
    """

    pk = models.CompositePrimaryKey("person_id", "id")
    person = person_key("representations")
    id = models.UUIDField(editable=False)
    representative_id = models.BigIntegerField()
    kind = models.CharField(max_length=10, choices=RepresentationKind.choices)
    scope = models.CharField(max_length=10, choices=RepresentationScope.choices)
    left_out = models.JSONField(default=list)
    evidence = models.CharField(max_length=20, choices=RepresentationEvidence.choices)
    begins_at = models.DateTimeField()
    until = models.DateTimeField()
    staff_id = models.BigIntegerField()
    made_at = models.DateTimeField()

    objects = RepresentationQuerySet.as_manager()

    class Meta:
        verbose_name = _("representation")
        verbose_name_plural = _("representations")

    def has_begun(self, now: datetime | None = None) -> bool:
        return self.begins_at <= (now or timezone.now())

    @property
    def last_day(self) -> datetime:
        """A moment of the last day on which it holds: ``until`` is the beginning of the next."""
        return self.until - timedelta(seconds=1)

    @property
    def may_decide(self) -> bool:
        return self.scope == RepresentationScope.DECIDE


class HeldRepresentation(AppendOnly):
    """One row is the same, under the person who represents: whom (``represented_id``, a user id) by which row (``id``).

    So the question whom somebody represents starts from them, as every question does.
    """

    pk = models.CompositePrimaryKey("person_id", "id")
    person = person_key("held_representations")
    id = models.UUIDField(editable=False)
    represented_id = models.BigIntegerField()
    made_at = models.DateTimeField()

    objects: Any = AppendOnlyQuerySet.as_manager()

    class Meta:
        verbose_name = _("representation held")
        verbose_name_plural = _("representations held")


class RepresentationEnd(models.IntegerChoices):
    OBJECTED = 1, _("the person objected")
    ENDED = 2, _("the person ended it")
    RESIGNED = 3, _("the representative gave it up")
    ENDED_BY_OFFICER = 4, _("the privacy officer ended it")
    OVER = 5, _("its time was over")

    @property
    def code(self) -> str:
        return self.name.lower()


class RepresentationEnding(AppendOnly):
    """One row is the end of one representation. ``reason``: an officer's, which both can read."""

    pk = models.CompositePrimaryKey("person_id", "id")
    person = person_key("representation_endings")
    id = models.UUIDField(editable=False)
    representation_id = models.UUIDField()
    kind = models.PositiveSmallIntegerField(choices=RepresentationEnd.choices)
    reason = models.CharField(max_length=500, blank=True)
    staff_id = models.BigIntegerField(null=True)
    ended_at = models.DateTimeField()

    objects: Any = AppendOnlyQuerySet.as_manager()

    class Meta:
        verbose_name = _("end of a representation")
        verbose_name_plural = _("ends of representations")
        constraints = [
            models.UniqueConstraint(fields=["person", "representation_id"], name="a_representation_ends_once")
        ]


class ActedFor(AppendOnly):
    """One row says that a row of this person (``kind``, ``row_id``) was made by somebody who represents them.

    ``kind`` is a ``RowKind``. It is written in the same transaction. The row itself is what it would be if the person
    had made it.
    """

    pk = models.CompositePrimaryKey("person_id", "id")
    person = person_key("acts_for")
    id = models.UUIDField(editable=False)
    representation_id = models.UUIDField()
    representative_id = models.BigIntegerField()
    kind = models.PositiveSmallIntegerField()
    row_id = models.UUIDField()
    acted_at = models.DateTimeField()

    objects: Any = AppendOnlyQuerySet.as_manager()

    class Meta:
        verbose_name = _("act for a person")
        verbose_name_plural = _("acts for people")
        constraints = [models.UniqueConstraint(fields=["person", "kind", "row_id"], name="a_row_is_made_by_one")]
