"""What stays of a person who was erased: that it was done, and keyed hashes of the ids of what was reported."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from privacycenter.models import AppendOnly


class Erasure(AppendOnly):
    """One row is one record that was erased.

    ``subject_digest`` is a keyed hash of the subject: a report about the same subject finds that there are
    ``ErasedEvent``s, and nobody can read who it was. ``report`` counts what went and what stays, by kind. ``staff_id``
    is 0 for a command.
    """

    subject_digest = models.CharField(max_length=64, db_index=True)
    report = models.JSONField()
    reason = models.CharField(max_length=500)
    staff_id = models.BigIntegerField()
    role = models.CharField(max_length=60)
    erased_at = models.DateTimeField()

    class Meta:
        verbose_name = _("erasure")
        verbose_name_plural = _("erasures")

    def __str__(self) -> str:
        return f"{self.pk}"


class ErasedEvent(AppendOnly):
    """One row is one disclosure or correction that was erased: a keyed hash of subject and id. Kept for ever."""

    digest = models.CharField(max_length=64, primary_key=True)

    class Meta:
        verbose_name = _("erased event")
        verbose_name_plural = _("erased events")

    def __str__(self) -> str:
        return self.digest
