"""Cases of the privacy officer, and the log of who at the desk opened a person's record."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from disclosures.models.ledger import person_key
from disclosures.models.withholding import UNREVIEWED, withheld_from
from privacycenter.models import AppendOnly, AppendOnlyQuerySet

# What the access to a page is called on which an entry is kept from its person.
WITHHELD = "withheld"


class CaseKind(models.IntegerChoices):
    """Why the privacy officer should look at a disclosure."""

    FLAGGED = 1, _("flagged disclosure")
    CONFLICT = 2, _("conflicting report")
    CORRECTION = 3, _("flagged correction")
    REJECTED = 4, _("rejected report")
    UNEVIDENCED = 5, _("reports without evidence, of one day")


class CaseQuerySet(AppendOnlyQuerySet["Case"]):
    def with_state(self) -> "CaseQuerySet":
        """Annotate each case with ``is_closed``, taken from its latest step, in the same SQL statement."""
        latest = CaseStep.objects.filter(case=models.OuterRef("pk")).order_by("-pk").values("is_closing")[:1]
        return self.annotate(is_closed=Coalesce(models.Subquery(latest), models.Value(False)))

    def open(self) -> "CaseQuerySet":
        return self.with_state().filter(is_closed=False)


class Case(AppendOnly):
    """One row is one disclosure that the privacy officer should look into. The officer's list reads these rows, so that
    no page scans the ledger.

    A case names the person (``whose``) and one of the person's disclosures (``disclosure_id``). For a conflicting
    report or a correction, ``conflict_id`` is that row's id; otherwise it is the nil UUID, so that one constraint keeps
    a case from being opened twice. For a rejected report, ``conflict_id`` is the report's id, ``disclosure_id`` the id
    that the disclosure gets once it is recorded, and ``whose`` is None if the person was unknown at the time. For
    reports without evidence, ``conflict_id`` is made from reporter, scenario and day; the disclosure is one of them.
    """

    kind = models.PositiveSmallIntegerField(_("kind"), choices=CaseKind.choices)
    whose = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("person")
    )
    disclosure_id = models.UUIDField(_("disclosure"))
    conflict_id = models.UUIDField(_("conflict"))
    flags = models.PositiveSmallIntegerField(_("flags"), default=0)
    opened_at = models.DateTimeField(_("opened at"))

    objects = CaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("case")
        verbose_name_plural = _("cases")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["whose", "disclosure_id", "conflict_id"], name="a_case_is_opened_once"),
            models.UniqueConstraint(
                fields=["conflict_id"],
                condition=models.Q(kind=CaseKind.UNEVIDENCED),
                name="a_day_without_evidence_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pk}: {self.get_kind_display()}"


class CaseStepQuerySet(AppendOnlyQuerySet["CaseStep"]):
    def told(self, person: Any, disclosure_id: Any) -> "CaseStepQuerySet":
        """Select what this person reads about one of their disclosures, oldest first."""
        return self.told_of_any(person).filter(case__disclosure_id=disclosure_id).order_by("pk")

    def told_of_any(self, person: Any) -> "CaseStepQuerySet":
        """Select what this person reads about any of the disclosures that are shown to them."""
        told = self.filter(case__whose_id__in=person.keys, words__isnull=False)
        return told.exclude(case__disclosure_id__in=withheld_from(person))


class CaseStep(AppendOnly):
    """One row is what an officer found or did about a case. The latest step says whether the case is closed.

    ``words``: language → what the person whose disclosure it is reads of it; None if they are told nothing. ``reason``
    is the desk's alone.
    """

    case = models.ForeignKey(Case, models.PROTECT, related_name="steps", verbose_name=_("case"))
    is_closing = models.BooleanField(_("closes the case"), default=False)
    reason = models.TextField(_("what was found or done"))
    words = models.JSONField(_("what the person reads"), null=True, blank=True)
    taken_at = models.DateTimeField(_("when"))
    taken_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))

    objects = CaseStepQuerySet.as_manager()

    class Meta:
        verbose_name = _("step")
        verbose_name_plural = _("steps")
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.case_id}"


# The role of who opens a record because they represent its person, not as a member of staff.
REPRESENTATIVE = "representative"


class LookScope(models.TextChoices):
    """What a look-up of a person is about. It decides what of the record it opens."""

    RECIPIENT = "recipient", _("One recipient")
    SERVICE = "service", _("One service")
    INQUIRY = "inquiry", _("A request to the operator")
    INCIDENT = "incident", _("An incident")
    IDENTITY = "identity", _("Who somebody is: their accounts")
    WHOLE = "whole", _("The whole record: a complaint about all of it, or a request to see it")


class RecordAccessQuerySet(AppendOnlyQuerySet["RecordAccess"]):
    def shown_to(self, person: Any) -> "RecordAccessQuerySet":
        """Leave out accesses because of a disclosure that the law keeps from this person, or may soon.

        Until an officer's look for an entry to keep back is as old as one may be kept without a review, it would tell.
        """
        is_told = models.Q(about_id__isnull=True) | ~models.Q(about_id__in=withheld_from(person))
        return self.filter(is_told).exclude(what=WITHHELD, accessed_at__gt=timezone.now() - UNREVIEWED)


class RecordAccess(AppendOnly):
    """One row is one time that a member of staff, or a representative, opened a page of one person's record.

    ``staff_id`` is their user id (without a constraint, as in all tables owned by a person), ``role`` theirs at the
    time, ``what`` the page and ``reason`` why they opened it, in their words. ``reason`` is empty where ``about_id``
    explains the access: it is the withdrawal, the disclosure of a case, or of a ``REPRESENTATIVE`` the representation.
    ``scope``: what the look-up was about by which the page could be opened, and ``scope_of`` which one: a code, a
    reference number or an id. Empty for pages that no look-up opens, and in rows from before it was kept.
    """

    pk = models.CompositePrimaryKey("person_id", "id")
    person = person_key("record_accesses")
    id = models.UUIDField(editable=False)
    staff_id = models.BigIntegerField()
    role = models.CharField(max_length=60)
    what = models.CharField(max_length=60)
    reason = models.CharField(max_length=500, blank=True)
    about_id = models.UUIDField(null=True, blank=True)
    scope = models.CharField(max_length=20, choices=LookScope.choices, blank=True, default="", db_default="")
    scope_of = models.CharField(max_length=100, blank=True, default="", db_default="")
    accessed_at = models.DateTimeField()

    objects = RecordAccessQuerySet.as_manager()

    class Meta:
        verbose_name = _("access to a record")
        verbose_name_plural = _("accesses to records")
        indexes = [models.Index(fields=["person", "-accessed_at"], name="access_by_person_newest")]


class Lookup(AppendOnly):
    """One row is one time that a member of staff asked the desk whether somebody is known, and why.

    What they asked for is not kept: it may be the address of somebody who has nothing to do with this site. If
    ``is_found``, the person has a ``RecordAccess`` of the same time.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    staff_id = models.BigIntegerField()
    role = models.CharField(max_length=60)
    reason = models.CharField(max_length=500)
    is_found = models.BooleanField()
    looked_up_at = models.DateTimeField()

    class Meta:
        verbose_name = _("look-up of a person")
        verbose_name_plural = _("look-ups of people")
        indexes = [models.Index(fields=["-looked_up_at"], name="lookup_newest_first")]

    def __str__(self) -> str:
        return str(self.id)
