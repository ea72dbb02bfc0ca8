"""Entries of a record that the law keeps from their person: why, entered and reviewed by whom, until when."""

from datetime import datetime, timedelta
from typing import Any

from django.db import DEFAULT_DB_ALIAS, models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from disclosures.models.ledger.events import person_key
from privacycenter.database.compiled_queries import time_of_query
from privacycenter.models import AppendOnlyQuerySet, Sealed
from privacycenter.models.owner_keys import of_same_person, owned_by

# So long an entry is kept back before a second officer has looked at it.
UNREVIEWED = timedelta(days=7)


class WithholdingKind(models.IntegerChoices):
    ENTERED = 1, _("entered")
    APPROVED = 2, _("approved by a second officer")
    REFUSED = 3, _("refused by a second officer")
    RELEASED = 4, _("released")


ENDING = (WithholdingKind.REFUSED, WithholdingKind.RELEASED)


class WithholdingGround(models.TextChoices):
    """What would happen if it were known that the entry is there (Cabinet Order art. 11)."""

    HARM = "harm", _("danger to somebody's life, body or property (art. 11(i))")
    ILLEGAL_ACT = "illegal_act", _("it would encourage an illegal or unjust act (art. 11(ii))")
    SECURITY = "security", _("damage to national security or to the trust of another country (art. 11(iii))")
    CRIME = "crime", _("hindrance to the prevention or investigation of crime (art. 11(iv))")


class WithholdingStepQuerySet(AppendOnlyQuerySet["WithholdingStep"]):
    def in_force(self, person: Any = None) -> "WithholdingStepQuerySet":
        """Select the steps by which an entry is kept back now: entered, not over, not ended by a later step.

        ``person``: whose rows these are, if they are one person's.
        """
        return self.ended_by_none(WithholdingStep.objects.filter(**of_same_person(person)), time_of_query())

    def in_force_at(self, moment: datetime, person: Any = None) -> "WithholdingStepQuerySet":
        """Select the same for an earlier moment, by what had been entered then."""
        entered = WithholdingStep.objects.filter(**of_same_person(person), taken_at__lte=moment)
        return self.filter(taken_at__lte=moment).ended_by_none(entered, moment)

    def ended_by_none(self, steps: "WithholdingStepQuerySet", moment: datetime) -> "WithholdingStepQuerySet":
        later = steps.filter(disclosure_id=OuterRef("disclosure_id"), number__gt=OuterRef("number"))
        is_reviewed = Exists(later.filter(kind=WithholdingKind.APPROVED))
        return self.filter(
            Q(is_reviewed) | Q(taken_at__gt=moment - UNREVIEWED),
            ~Exists(later.filter(kind__in=(*ENDING, WithholdingKind.ENTERED))),
            kind=WithholdingKind.ENTERED,
            until__gt=moment,
        )


class WithholdingStep(Sealed):
    """One row is one step about one disclosure of a person: that it is kept from them, or no longer.

    ``number`` counts the steps about a disclosure from 1. ``ground`` and ``until`` are those of a step that enters it;
    ``staff_id`` is the user id of the member of staff. Nothing of this is shown to the person while it is in force.
    """

    SEALED = {1: (
        "person", "id", "disclosure_id", "number", "kind", "ground", "until", "reason", "staff_id", "taken_at",
    )}  # fmt: skip

    pk = models.CompositePrimaryKey("person_id", "id")
    person = person_key("withholding_steps")
    id = models.UUIDField(editable=False)
    disclosure_id = models.UUIDField()
    number = models.PositiveSmallIntegerField()
    kind = models.PositiveSmallIntegerField(choices=WithholdingKind.choices)
    ground = models.CharField(max_length=20, choices=WithholdingGround.choices, blank=True)
    until = models.DateTimeField(null=True)
    reason = models.TextField()
    staff_id = models.BigIntegerField()
    taken_at = models.DateTimeField()

    objects = WithholdingStepQuerySet.as_manager()

    class Meta:
        verbose_name = _("step about a withheld entry")
        verbose_name_plural = _("steps about withheld entries")
        constraints = [
            models.UniqueConstraint(
                fields=["person", "disclosure_id", "number"], name="steps_about_a_withheld_entry_are_numbered"
            )
        ]


def withheld_from(person: Any, moment: datetime | None = None) -> models.QuerySet[Any]:
    """Return the ids of the disclosures that are kept from this person now, or were at a moment, as a subquery that is
    read once.

    What is kept from one account is also kept from the person's others: an event may be reported about several.
    """
    steps = WithholdingStep.objects.filter(**owned_by(person))
    return (steps.in_force_at(moment, person) if moment else steps.in_force(person)).values("disclosure_id")


def is_withheld_since(person: Any, moment: datetime) -> bool:
    """Return whether something was entered to be kept from this person at this moment or later. One SQL statement."""
    steps = WithholdingStep.objects.filter(**owned_by(person), kind=WithholdingKind.ENTERED, taken_at__gte=moment)
    return bool(steps.exists())


def is_ever_withheld(person: Any) -> bool:
    """Return whether anything is, or was, kept from this person. One SQL statement on the primary.

    Their pages are not read from a replica: what is entered must be nowhere at once.
    """
    return bool(WithholdingStep.objects.using(DEFAULT_DB_ALIAS).filter(**owned_by(person)).exists())


def is_withheld(disclosure_id: str) -> Exists:
    """Return the condition for rows of any person whose disclosure is kept from them now."""
    found = WithholdingStep.objects.filter(person_id=OuterRef("person_id"), disclosure_id=OuterRef(disclosure_id))
    return Exists(found.in_force())
