"""Who was made up in a sandbox, and by which reporter."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from disclosures.models import Reporter
from privacycenter.models import AppendOnly


class MadeUpPerson(AppendOnly):
    """One row is one person that a reporter made up in a sandbox, and for whom it alone may answer. ``subject`` is that
    of their account. There are none outside of a sandbox.
    """

    reporter = models.ForeignKey(Reporter, models.PROTECT, related_name="made_up_people", verbose_name=_("reporter"))
    subject = models.CharField(_("subject"), max_length=255, unique=True)
    address = models.EmailField(_("mail address"), max_length=254)
    made_at = models.DateTimeField()

    class Meta:
        verbose_name = _("made-up person")
        verbose_name_plural = _("made-up people")
        indexes = [models.Index(fields=["reporter", "id"], name="made_up_person_of_reporter")]

    def __str__(self) -> str:
        return self.subject
