"""Incidents: a breach as the officer handles it, from the moment it was noticed to the last report."""

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from disclosures.models.officers.affected import AffectedList
from privacycenter.models import AppendOnly, AppendOnlyQuerySet


class IncidentStepKind(models.IntegerChoices):
    """What was done about an incident."""

    LISTED = 1, _("a list of affected people was added")
    TEXT = 2, _("the text for the people affected was written")
    MEASURE = 3, _("a measure was taken")
    REPORTED_FIRST = 4, _("the first report to the Personal Information Protection Commission was made")
    REPORTED_FINAL = 5, _("the final report to the Personal Information Protection Commission was made")
    REPORTED_GDPR = 6, _("the data protection authority was notified (GDPR art. 33)")
    NOTIFIED = 7, _("the people affected are being told")
    ANNOUNCED = 8, _("it was announced in public, for those who cannot be reached")
    NOTE = 9, _("a note was written")
    CLOSED = 10, _("it was closed")
    REOPENED = 11, _("it was reopened")
    TAKEN_BACK = 12, _("an entry was taken back")
    HELD = 13, _("a recipient was put on hold")
    RELEASED = 14, _("the hold of a recipient was ended")

    @property
    def code(self) -> str:
        return self.name.lower()

    @property
    def is_shown(self) -> bool:
        """Whether the people affected read of it, with its text."""
        return self in SHOWN


SHOWN = (
    IncidentStepKind.MEASURE, IncidentStepKind.REPORTED_FIRST, IncidentStepKind.REPORTED_FINAL,
    IncidentStepKind.REPORTED_GDPR, IncidentStepKind.ANNOUNCED, IncidentStepKind.CLOSED, IncidentStepKind.REOPENED,
    IncidentStepKind.HELD, IncidentStepKind.RELEASED,
)  # fmt: skip


class Incident(AppendOnly):
    """One row is one incident as it was opened. All that followed are its steps; the latest says whether it is closed.

    ``title`` is for the desk. ``noticed_at`` is when the operator became aware of it: the clocks of the law begin then.
    ``is_malicious``: it may have been done with a wrongful purpose, so the final report has 60 days instead of 30
    (APPI rules 7(3), 8(2)). ``is_under_gdpr``: people in the EU are affected (GDPR art. 33).
    """

    id = models.UUIDField(primary_key=True, editable=False)
    title = models.CharField(_("title"), max_length=200)
    noticed_at = models.DateTimeField(_("noticed at"))
    is_malicious = models.BooleanField(_("possibly with a wrongful purpose"), default=False)
    is_under_gdpr = models.BooleanField(_("people in the EU are affected"), default=False)
    opened_at = models.DateTimeField(_("opened at"))
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))

    class Meta:
        verbose_name = _("incident")
        verbose_name_plural = _("incidents")
        ordering = ["-opened_at", "-id"]
        permissions = [("hold_recipient", _("Can put a recipient on hold at once"))]

    def __str__(self) -> str:
        return self.title


class IncidentStepQuerySet(AppendOnlyQuerySet["IncidentStep"]):
    def standing(self) -> "IncidentStepQuerySet":
        """Keep what was not taken back."""
        return self.filter(taken_back_by__isnull=True)


class IncidentStep(AppendOnly):
    """One row is one thing that was done about an incident.

    ``words``: language → text, read by the people affected where the kind is shown to them; of ``TEXT``, language →
    ``{"title", "what", "harm", "measures", "contact"}``, what the law has them told. ``note`` is the desk's alone.
    ``list``: of ``LISTED``. ``happened_at``: when it was done, if that was not now. ``takes_back``: of ``TAKEN_BACK``,
    the step that was wrong and counts no more. ``recipient``: of ``HELD`` and ``RELEASED``, its code.
    """

    incident = models.ForeignKey(Incident, models.PROTECT, related_name="steps", verbose_name=_("incident"))
    kind = models.PositiveSmallIntegerField(_("kind"), choices=IncidentStepKind.choices)
    words = models.JSONField(default=dict)
    note = models.TextField(_("internal note"), blank=True)
    list = models.ForeignKey(AffectedList, models.PROTECT, related_name="+", null=True, blank=True)
    takes_back = models.OneToOneField("self", models.PROTECT, related_name="taken_back_by", null=True, blank=True)
    recipient = models.CharField(_("recipient"), max_length=60, blank=True)
    happened_at = models.DateTimeField(_("when"))
    taken_at = models.DateTimeField(_("entered at"))
    taken_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))

    objects = IncidentStepQuerySet.as_manager()

    class Meta:
        verbose_name = _("step of an incident")
        verbose_name_plural = _("steps of incidents")
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.incident_id}: {self.get_kind_display()}"

    @property
    def step(self) -> IncidentStepKind:
        return IncidentStepKind(self.kind)


class WayTold(models.IntegerChoices):
    """How a person was told of an incident."""

    MAIL = 1, _("by mail and on the site")
    SITE = 2, _("on the site")
    NONE = 3, _("in no way: neither an address nor a log-in is known")


def way_for(person: Any) -> WayTold:
    """Return how this person can be told. ``person``: the account that is written to, or its values."""
    if person.is_active and person.email:
        return WayTold.MAIL
    return WayTold.SITE if person.is_active and person.last_login else WayTold.NONE
