"""How requests to the operator are handled: under which law and by when, who the sender is, who is in charge."""

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from disclosures.models.inquiries.inquiries import WAITING, Inquiry, InquiryKind, InquiryStatus
from privacycenter.models import AppendOnly


class InquiryLaw(models.TextChoices):
    """The law under which a request is handled. It says by when (``disclosures.inquiries.laws``)."""

    APPI = "appi", _("Act on the Protection of Personal Information (Japan)")
    GDPR = "gdpr", _("General Data Protection Regulation (EU)")
    CCPA = "ccpa", _("California Consumer Privacy Act")


class IdentityState(models.IntegerChoices):
    """Whether it is known that the sender is the person whom the request is about."""

    NOT_NEEDED = 1, _("not needed")
    NEEDED = 2, _("still to be checked")
    ASKED = 3, _("the sender was asked")
    CONFIRMED = 4, _("confirmed")
    FAILED = 5, _("could not be confirmed")

    @property
    def code(self) -> str:
        return self.name.lower()

    @property
    def allows_answers(self) -> bool:
        """Whether personal detail may be told."""
        return self in (IdentityState.CONFIRMED, IdentityState.NOT_NEEDED)


class IdentityWay(models.TextChoices):
    """How it was confirmed who the sender is."""

    LOG_IN = "log_in", _("by logging in")
    DOCUMENT = "document", _("a document was seen")
    PHONE = "phone", _("by phone")
    IN_PERSON = "in_person", _("in person")
    KNOWN_DETAILS = "known_details", _("by details that only this person knows")
    REPRESENTATIVE = "representative", _("a representative with a proof of authority")


class InquiryEventKind(models.IntegerChoices):
    """What was done about a request beside its steps."""

    LAW = 1, _("the law was chosen")
    EXTENDED = 2, _("more time was taken")
    IDENTITY = 3, _("the identity was checked")
    OWNER = 4, _("somebody took charge")
    LINKED = 5, _("it was connected with a person's record")
    NOTE = 6, _("a note was written")

    @property
    def code(self) -> str:
        return self.name.lower()


class InquiryEvent(AppendOnly):
    """One row is one thing that was done about a request beside its steps.

    ``due_on``: of ``LAW`` and ``EXTENDED``, by when it is to be answered from then on. ``owner``: who is in charge from
    then on, None for nobody. ``whose``: with whose record it is connected from then on, None for nobody's. ``words``
    are sent to the sender and shown on the status page; ``note`` is only visible at the desk. Papers that prove an
    identity are kept nowhere.
    """

    inquiry = models.ForeignKey(Inquiry, models.PROTECT, related_name="events", verbose_name=_("request"))
    kind = models.PositiveSmallIntegerField(_("kind"), choices=InquiryEventKind.choices)
    law = models.CharField(_("law"), max_length=10, choices=InquiryLaw.choices, blank=True)
    due_on = models.DateField(_("to be answered by"), null=True, blank=True)
    identity = models.PositiveSmallIntegerField(_("identity"), choices=IdentityState.choices, null=True, blank=True)
    way = models.CharField(_("how"), max_length=20, choices=IdentityWay.choices, blank=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("in charge")
    )
    whose = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("person")
    )
    words = models.TextField(_("message to the person"), blank=True)
    note = models.TextField(_("internal note"), blank=True)
    taken_at = models.DateTimeField(_("when"))
    taken_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))

    class Meta:
        verbose_name = _("event of a request")
        verbose_name_plural = _("events of requests")
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.inquiry_id}: {self.get_kind_display()}"


class InquiryStandingQuerySet(models.QuerySet["InquiryStanding"]):
    def waiting(self) -> "InquiryStandingQuerySet":
        """Select requests that the operator still owes an answer. A partial index serves it."""
        return self.filter(status__in=WAITING)

    def overdue(self, today: Any) -> "InquiryStandingQuerySet":
        """Select those that wait although their day is over."""
        return self.waiting().filter(due_on__lt=today)


class InquiryStanding(models.Model):
    """One row is how one request stands now. What led there is in its steps and events, which are never changed.

    Actions write it in the transaction of the step or event, under the lock on the request. ``first_due_on`` is the day
    without any extension; ``answered_at`` when it was first answered or declined.
    """

    inquiry = models.OneToOneField(Inquiry, models.PROTECT, primary_key=True, related_name="standing")
    kind = models.PositiveSmallIntegerField(choices=InquiryKind.choices)
    status = models.PositiveSmallIntegerField(choices=InquiryStatus.choices, default=InquiryStatus.RECEIVED)
    law = models.CharField(max_length=10, choices=InquiryLaw.choices)
    asked_at = models.DateTimeField()
    first_due_on = models.DateField()
    due_on = models.DateField()
    answered_at = models.DateTimeField(null=True)
    identity = models.PositiveSmallIntegerField(choices=IdentityState.choices)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    whose = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    objects = InquiryStandingQuerySet.as_manager()

    class Meta:
        verbose_name = _("standing of a request")
        verbose_name_plural = _("standings of requests")
        indexes = [
            models.Index(fields=["due_on"], name="inquiry_waiting_by_due", condition=models.Q(status__in=(1, 2))),
            models.Index(fields=["asked_at"], name="inquiry_standing_by_time"),
        ]

    def __str__(self) -> str:
        return str(self.inquiry_id)

    @property
    def is_extended(self) -> bool:
        return self.due_on > self.first_due_on


class AnswerTemplate(models.Model):
    """One row is one prepared answer, in each language of the site.

    ``titles`` and ``texts``: language → text. ``kind``: for which requests it is offered; None for all. ``code`` names
    it in the file that it came from, if it came from one.
    """

    code = models.SlugField(_("code"), max_length=60, unique=True)
    kind = models.PositiveSmallIntegerField(_("for which requests"), choices=InquiryKind.choices, null=True, blank=True)
    titles = models.JSONField(default=dict)
    texts = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("prepared answer")
        verbose_name_plural = _("prepared answers")
        ordering = ["kind", "code"]

    def __str__(self) -> str:
        return self.code
