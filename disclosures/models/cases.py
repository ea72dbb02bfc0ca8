"""What the privacy officer looks into, and who looked at a person's record."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from disclosures.models.ledger import person_key
from privacycenter.models import AppendOnly, AppendOnlyQuerySet


class CaseKind(models.IntegerChoices):
    """Why a disclosure needs a look."""

    FLAGGED = 1, _("flagged disclosure")
    CONFLICT = 2, _("conflicting report")
    CORRECTION = 3, _("flagged correction")
    REJECTED = 4, _("rejected report")


class CaseQuerySet(AppendOnlyQuerySet["Case"]):
    def with_state(self) -> "CaseQuerySet":
        """Each with ``is_closed``, which its latest step says, in the same SQL statement."""
        latest = CaseStep.objects.filter(case=models.OuterRef("pk")).order_by("-pk").values("is_closing")[:1]
        return self.annotate(is_closed=Coalesce(models.Subquery(latest), models.Value(False)))

    def open(self) -> "CaseQuerySet":
        return self.with_state().filter(is_closed=False)


class Case(AppendOnly):
    """One row is one disclosure that the privacy officer should look into: the officer's list, so that nothing scans
    the ledger.

    It points to the person and, by id, to a row of theirs: ``disclosure_id``, and for a conflicting report or a
    correction also ``conflict_id``, its id (the nil UUID otherwise, so that one constraint keeps a case from being
    opened twice). For a rejected report, ``conflict_id`` is its id and ``disclosure_id`` the id that it has once it is
    recorded; ``whose`` is None if the person was not known then.
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
            models.UniqueConstraint(fields=["whose", "disclosure_id", "conflict_id"], name="a_case_is_opened_once")
        ]

    def __str__(self) -> str:
        return f"{self.pk}: {self.get_kind_display()}"


class CaseStep(AppendOnly):
    """One row is what an officer found or did about a case. The latest one says whether the case is closed."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="steps", verbose_name=_("case"))
    is_closing = models.BooleanField(_("closes the case"), default=False)
    reason = models.TextField(_("what was found or done"))
    taken_at = models.DateTimeField(_("when"))
    taken_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))

    class Meta:
        verbose_name = _("step")
        verbose_name_plural = _("steps")
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.case_id}"


class RecordAccess(AppendOnly):
    """One row is one time that somebody at the desk opened a page of one person's record.

    ``staff_id`` is that account's key (no constraint: the table is the person's), ``role`` what they were then,
    ``what`` the page, ``reason`` why they opened it, in their words; empty where the page says it all: ``about_id``
    is then the withdrawal, or the disclosure of a case.
    """

    pk = models.CompositePrimaryKey("person_id", "id")
    person = person_key("record_accesses")
    id = models.UUIDField(editable=False)
    staff_id = models.BigIntegerField()
    role = models.CharField(max_length=60)
    what = models.CharField(max_length=60)
    reason = models.CharField(max_length=500, blank=True)
    about_id = models.UUIDField(null=True, blank=True)
    accessed_at = models.DateTimeField()

    class Meta:
        verbose_name = _("access to a record")
        verbose_name_plural = _("accesses to records")
        indexes = [models.Index(fields=["person", "-accessed_at"], name="access_by_person_newest")]
