"""Cases of the privacy officer, and the log of who at the desk opened a person's record."""

from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from disclosures.models.content.entries import Scenario, Service
from disclosures.models.content.recipients import Recipient
from disclosures.models.ledger.events import person_key, reference
from disclosures.models.ledger.withholding import UNREVIEWED, withheld_from
from disclosures.models.receiving.reporters import Reporter
from privacycenter.models import AppendOnly, AppendOnlyQuerySet, NeverDeleted, NeverDeletedQuerySet

# What the access to a page is called on which an entry is kept from its person.
WITHHELD = "withheld"


class CaseKind(models.IntegerChoices):
    """Why the privacy officer should look at what was reported."""

    FLAGGED = 1, _("flagged disclosure")
    CONFLICT = 2, _("conflicting report")
    CORRECTION = 3, _("flagged correction")
    REJECTED = 4, _("rejected report")
    UNEVIDENCED = 5, _("reports without evidence, of one day")

    @property
    def days(self) -> int:
        """Within how many days a case of this kind should be closed, unless an officer says otherwise."""
        return DAYS[self]


DAYS = {
    CaseKind.FLAGGED: 14, CaseKind.CONFLICT: 14, CaseKind.CORRECTION: 14, CaseKind.REJECTED: 7,
    CaseKind.UNEVIDENCED: 30,
}  # fmt: skip


class CaseStepKind(models.IntegerChoices):
    """What an officer did about a case."""

    NOTED = 1, _("noted")
    CLOSED = 2, _("closed")
    REOPENED = 3, _("reopened")
    GIVEN = 4, _("given to somebody")
    DUE = 5, _("given another day")


class CaseQuerySet(NeverDeletedQuerySet["Case"]):
    def open(self) -> "CaseQuerySet":
        return self.filter(is_open=True)

    def overdue(self) -> "CaseQuerySet":
        """Select the open cases whose day is over."""
        return self.open().filter(due_on__lt=timezone.localdate())


class Case(NeverDeleted):
    """One row is one cause that the privacy officer should look into, with all events of that cause (``CaseEvent``).

    The cause is what its events have in common: ``kind``, who reported them, about which service, recipient and
    situation, ``flags``, and the ``day`` on which they were recorded, in the site's time zone. For a rejected report it
    is instead the ``problem`` that the reporter was told, with the field that it names, and there is no service,
    recipient or situation; ``detail`` is what was said of the first event. ``cause`` is the UUIDv8 of all that without
    the detail. Of each cause one case at most is open. What is recorded after it was closed opens another.

    ``is_open``, ``owner`` and ``due_on`` are what holds now, for the list: each change of them is a ``CaseStep``. All
    other columns are never changed; the database refuses it.
    """

    kind = models.PositiveSmallIntegerField(_("kind"), choices=CaseKind.choices)
    cause = models.UUIDField()
    reporter = reference(Reporter)
    service = reference(Service, null=True)
    recipient = reference(Recipient, null=True)
    scenario = reference(Scenario, null=True)
    flags = models.PositiveSmallIntegerField(_("flags"), default=0)
    problem = models.CharField(max_length=60, blank=True)
    detail = models.TextField(blank=True)
    day = models.DateField()
    opened_at = models.DateTimeField(_("opened at"))
    is_open = models.BooleanField(default=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("owner")
    )
    due_on = models.DateField(_("due"))

    objects = CaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("case")
        verbose_name_plural = _("cases")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["cause"], condition=models.Q(is_open=True), name="one_open_case_of_a_cause"
            ),
        ]
        indexes = [
            models.Index(fields=["due_on", "id"], condition=models.Q(is_open=True), name="open_case_by_day"),
            models.Index(fields=["-opened_at"], name="case_newest_first"),
        ]

    def __str__(self) -> str:
        return f"{self.pk}: {self.get_kind_display()}"

    @property
    def is_overdue(self) -> bool:
        return self.is_open and self.due_on < timezone.localdate()


class CaseEventQuerySet(AppendOnlyQuerySet["CaseEvent"]):
    def told_to(self, person: Any) -> models.QuerySet[Any]:
        """Select what this person reads of the disclosures that are shown to them: an event once for each step with
        words that was taken after it, which it has as ``step_id``, ``taken_at`` and ``words``."""
        mine = self.filter(whose_id__in=person.keys).exclude(disclosure_id__in=withheld_from(person))
        told = mine.filter(case__steps__words__isnull=False, case__steps__taken_at__gte=models.F("recorded_at"))
        return told.annotate(
            step_id=models.F("case__steps__id"),
            taken_at=models.F("case__steps__taken_at"),
            words=models.F("case__steps__words"),
        )


class CaseEvent(AppendOnly):
    """One row is one event of a case: what was reported of one disclosure of a person.

    ``conflict_id`` is the id of the conflicting report or the correction; for a disclosure it is the nil UUID, so that
    one constraint keeps an event from being in two cases. For a rejected report it is the report's id,
    ``disclosure_id`` the id that the disclosure gets once it is recorded, and ``whose`` is None if the person was
    unknown at the time.
    """

    case = models.ForeignKey(Case, models.PROTECT, related_name="events", db_index=False, verbose_name=_("case"))
    whose = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False, verbose_name=_("person")
    )
    disclosure_id = models.UUIDField(_("disclosure"))
    conflict_id = models.UUIDField(_("conflict"))
    recorded_at = models.DateTimeField(_("recorded at"))

    objects = CaseEventQuerySet.as_manager()

    class Meta:
        verbose_name = _("event of a case")
        verbose_name_plural = _("events of cases")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["whose", "disclosure_id", "conflict_id"], name="an_event_is_in_one_case"),
        ]
        indexes = [
            models.Index(fields=["case", "recorded_at", "id"], name="event_by_case"),
            models.Index(fields=["disclosure_id"], name="event_by_disclosure"),
        ]

    def __str__(self) -> str:
        return f"{self.case_id}: {self.disclosure_id}"


class CaseStep(AppendOnly):
    """One row is what an officer found or did about a case. They say how the case came to be as it is now.

    ``words``: language → what the people whose disclosures it is about read of it; None if they are told nothing.
    ``reason`` is the desk's alone. ``owner`` is to whom the case was given (None: to nobody), ``due_on`` the day by
    which it should now be closed.
    """

    case = models.ForeignKey(Case, models.PROTECT, related_name="steps", verbose_name=_("case"))
    kind = models.PositiveSmallIntegerField(_("kind"), choices=CaseStepKind.choices, default=CaseStepKind.NOTED)
    reason = models.TextField(_("what was found or done"), blank=True)
    words = models.JSONField(_("what the person reads"), null=True, blank=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("owner")
    )
    due_on = models.DateField(_("due"), null=True, blank=True)
    taken_at = models.DateTimeField(_("when"))
    taken_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))

    class Meta:
        verbose_name = _("step")
        verbose_name_plural = _("steps")
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.case_id}"

    @property
    def is_closing(self) -> bool:
        return self.kind == CaseStepKind.CLOSED


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
