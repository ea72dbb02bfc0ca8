"""Requests that people send to the operator, and the operator's answers."""

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from privacycenter.models import AppendOnly, AppendOnlyQuerySet


class InquiryKind(models.IntegerChoices):
    """What a request asks for. The first four are rights under APPI arts. 28(3), 33, 34 and 35."""

    DISCLOSURE = 1, _("See the data you hold about me")
    CORRECTION = 2, _("Correct, complete or delete data about me")
    STOP = 3, _("Stop using data about me or giving it to others")
    ABROAD = 4, _("Information on how data is handled abroad")
    QUESTION = 5, _("A question, or to be told what your data is used for")

    @property
    def code(self) -> str:
        """The name used in URLs: ``disclosure``, ``correction``, …"""
        return self.name.lower()

    @classmethod
    def from_code(cls, code: str) -> "InquiryKind | None":
        """Return the kind with this code, or None."""
        return next((kind for kind in cls if kind.code == code), None)


class InquiryQuerySet(AppendOnlyQuerySet["Inquiry"]):
    def of_person(self, person: Any) -> "InquiryQuerySet":
        """Select what was asked under any account of this person."""
        return self.filter(asked_by_id__in=person.keys)

    def standing_at(self, *statuses: "InquiryStatus") -> "InquiryQuerySet":
        return self.filter(standing__status__in=statuses)


class Inquiry(AppendOnly):
    """One row is one request to the operator, as it was sent.

    The sender keeps ``reference``; with the e-mail address it opens the status page. ``asked_by`` is the person who was
    logged in, None if nobody was. ``about`` names the subject: a disclosure's id or a scenario's code.
    """

    reference = models.CharField(_("reference number"), max_length=20, unique=True)
    kind = models.PositiveSmallIntegerField(_("kind"), choices=InquiryKind.choices)
    name = models.CharField(_("name"), max_length=200)
    email = models.EmailField(_("e-mail address"))
    body = models.TextField(_("text"))
    about = models.CharField(_("about"), max_length=200, blank=True)
    language = models.CharField(_("language"), max_length=10)
    asked_at = models.DateTimeField(_("asked at"))
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("person")
    )

    objects = InquiryQuerySet.as_manager()

    class Meta:
        verbose_name = _("request to the operator")
        verbose_name_plural = _("requests to the operator")
        ordering = ["-asked_at", "-pk"]
        indexes = [models.Index(fields=["-asked_at"], name="inquiry_newest_first")]

    def __str__(self) -> str:
        return self.reference


class InquiryStatus(models.IntegerChoices):
    """Status of a request, taken from its latest step. Without a step it is ``RECEIVED``."""

    RECEIVED = 1, _("received")
    IN_PROGRESS = 2, _("in progress")
    ANSWERED = 3, _("answered")
    DECLINED = 4, _("cannot be met (with the reason)")
    CLOSED = 5, _("closed")

    @property
    def code(self) -> str:
        """The name used in templates and styles: ``received``, ``in_progress``, …"""
        return self.name.lower()

    @property
    def waits(self) -> bool:
        """Whether the operator still owes an answer."""
        return self in (InquiryStatus.RECEIVED, InquiryStatus.IN_PROGRESS)


WAITING = tuple(status for status in InquiryStatus if status.waits)


class InquiryStep(AppendOnly):
    """One row is one step of the operator's work on a request.

    ``message`` is sent to the person and shown on the status page; ``note`` is only visible at the desk.
    """

    inquiry = models.ForeignKey(Inquiry, models.PROTECT, related_name="steps", verbose_name=_("request"))
    status = models.PositiveSmallIntegerField(_("status"), choices=InquiryStatus.choices)
    message = models.TextField(_("message to the person"), blank=True)
    note = models.TextField(_("internal note"), blank=True)
    taken_at = models.DateTimeField(_("when"))
    taken_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))

    class Meta:
        verbose_name = _("step")
        verbose_name_plural = _("steps")
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.inquiry_id}: {self.get_status_display()}"
