"""What only a sandbox has: its clock, and the mails that it did not send."""

from datetime import timedelta

from django.db import models
from django.utils.translation import gettext_lazy as _

from privacycenter.models.bases import AppendOnly


class ClockMove(AppendOnly):
    """One row is one time that the clock of a sandbox was put forward: by ``seconds``, so that it is ``ahead_seconds``
    ahead from then on. ``moved_at`` is in real time.

    The first, by nothing, says that this database was begun as a sandbox. Any other database has no row here.
    """

    number = models.PositiveIntegerField(primary_key=True)
    seconds = models.PositiveBigIntegerField()
    ahead_seconds = models.PositiveBigIntegerField()
    moved_at = models.DateTimeField()
    by = models.CharField(max_length=60)

    class Meta:
        verbose_name = _("move of the clock")
        verbose_name_plural = _("moves of the clock")

    def __str__(self) -> str:
        return f"{self.number}: +{self.forward}"

    @property
    def forward(self) -> timedelta:
        return timedelta(seconds=self.seconds)

    @property
    def ahead(self) -> timedelta:
        return timedelta(seconds=self.ahead_seconds)


class SandboxMail(models.Model):
    """One row is one mail of a sandbox to one address: kept here to be read, and sent to nobody."""

    address = models.EmailField(_("to"), max_length=254, db_index=True)
    subject = models.CharField(_("subject line"), max_length=250)
    text = models.TextField(_("text"))
    sent_at = models.DateTimeField(_("sent"))

    class Meta:
        verbose_name = _("mail of the sandbox")
        verbose_name_plural = _("mails of the sandbox")

    def __str__(self) -> str:
        return self.subject
