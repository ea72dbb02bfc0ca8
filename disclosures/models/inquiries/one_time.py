"""How an answer reaches who asked, and pages that open once, with a code that is told in another way."""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from disclosures.models.inquiries.inquiries import InquiryStep
from privacycenter.models import AppendOnly

# From when it is made, and from its first opening.
GOOD_FOR = timedelta(days=14)
OPEN_FOR = timedelta(hours=1)
MOST_WRONG_CODES = 5


class AnswerWay(models.IntegerChoices):
    """What the mail about a step says, and where its message is read."""

    IN_MAIL = 1, _("The mail carries the message")
    ON_STATUS_PAGE = 2, _("The mail says only that there is a message; it is read on the status page")
    ONE_TIME = 3, _("The mail leads to a page that opens once, with a code that you tell in another way")


class StepDelivery(AppendOnly):
    """One row says how the message of one step goes out, where the mail does not carry it."""

    step = models.OneToOneField(InquiryStep, models.PROTECT, primary_key=True, related_name="delivery")
    way = models.PositiveSmallIntegerField(choices=AnswerWay.choices)
    chosen_at = models.DateTimeField()

    class Meta:
        verbose_name = _("way of an answer")
        verbose_name_plural = _("ways of answers")


class OneTimePage(AppendOnly):
    """One row is one page that opens once, for whoever has its link and its code.

    It shows the message of ``step``, or hands over the export ``export_id`` of the person ``export_of`` (both without a
    constraint: exports are the person's). ``code`` is hashed as a password is. After ``good_until`` it opens no more.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    step = models.OneToOneField(InquiryStep, models.PROTECT, null=True, related_name="one_time_page")
    export_of = models.BigIntegerField(null=True)
    export_id = models.UUIDField(null=True)
    code = models.CharField(max_length=128)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))
    made_at = models.DateTimeField()
    good_until = models.DateTimeField()

    class Meta:
        verbose_name = _("page that opens once")
        verbose_name_plural = _("pages that open once")
        indexes = [models.Index(fields=["export_of", "export_id"], name="one_time_page_by_export")]


class OneTimeEvent(models.IntegerChoices):
    WRONG_CODE = 1, _("wrong code")
    OPENED = 2, _("opened")
    CLOSED = 3, _("closed by the reader")


class OneTimeStep(AppendOnly):
    """One row is one time that somebody gave a code for such a page, or closed it."""

    page = models.ForeignKey(OneTimePage, models.PROTECT, related_name="steps")
    event = models.PositiveSmallIntegerField(choices=OneTimeEvent.choices)
    happened_at = models.DateTimeField()

    class Meta:
        verbose_name = _("use of a page that opens once")
        verbose_name_plural = _("uses of pages that open once")
        ordering = ["pk"]
