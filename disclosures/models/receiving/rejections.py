"""Reports that could not be recorded. Every well-formed event from a reporter is kept."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from disclosures.models.receiving.reporters import Reporter
from privacycenter.models import AppendOnly


class RejectedReport(AppendOnly):
    """One row is one well-formed event that names something unknown or cannot be true, kept for the privacy officer.

    ``id`` is the UUIDv8 of (reporter, source, event id, content, problem), so a repeated event is kept once. ``row_id``
    is the id that the event gets once it can be recorded; with it, a page can tell whether that has happened. ``event``
    holds codes, ``subject``, ``time`` and, for a correction, its reason; ``problem`` is the answer the reporter got.
    The person may be unknown, so this table is not owned by a person.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    reporter = models.ForeignKey(Reporter, models.PROTECT, related_name="+", verbose_name=_("reporter"))
    row_id = models.UUIDField()
    event = models.JSONField(_("event"))
    problem = models.JSONField(_("problem"))
    received_at = models.DateTimeField(_("received at"))

    class Meta:
        verbose_name = _("rejected report")
        verbose_name_plural = _("rejected reports")
        ordering = ["-received_at"]

    def __str__(self) -> str:
        return str(self.id)
