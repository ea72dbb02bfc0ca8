"""Mails to staff about what is new at the desk: how often each of them wants one, and those that were sent."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from privacycenter.models import AppendOnly, AppendOnlyQuerySet


class StaffFrequency(models.TextChoices):
    """How often a member of staff is written to."""

    DAILY = "daily", _("Once a day, from 8 in the morning, if something is new")
    AT_ONCE = "at_once", _("Within minutes, whenever something is new")
    NEVER = "never", _("No mails. I look here myself")


class StaffMailChoiceQuerySet(AppendOnlyQuerySet["StaffMailChoice"]):
    def newest_first(self) -> "StaffMailChoiceQuerySet":
        return self.order_by("-pk")


class StaffMailChoice(AppendOnly):
    """One row is one choice of a member of staff. The newest counts; without one, daily, in the first language."""

    staff = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="staff_mail_choices", verbose_name=_("by")
    )
    frequency = models.CharField(_("how often"), max_length=10, choices=StaffFrequency.choices)
    language = models.CharField(_("language"), max_length=10)
    chosen_at = models.DateTimeField(_("when"))

    objects = StaffMailChoiceQuerySet.as_manager()

    class Meta:
        verbose_name = _("choice about mails to staff")
        verbose_name_plural = _("choices about mails to staff")

    def __str__(self) -> str:
        return f"{self.staff_id}: {self.frequency}"


class StaffMail(AppendOnly):
    """One row is one mail to a member of staff: about what is new ``since``, until ``until``."""

    staff = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="staff_mails", verbose_name=_("by")
    )
    since = models.DateTimeField()
    until = models.DateTimeField(_("when"))

    class Meta:
        verbose_name = _("mail to staff")
        verbose_name_plural = _("mails to staff")
        indexes = [models.Index(fields=["staff", "-until"], name="staff_mail_newest_first")]

    def __str__(self) -> str:
        return f"{self.staff_id}: {self.until}"
