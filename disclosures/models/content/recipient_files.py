"""Files of recipients that editors sent to the desk, kept until they are loaded."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class RecipientFile(models.Model):
    """One row is a CSV file that an editor sent, to be looked at and then loaded. Removed with its file after a day.

    ``file_name``: in the store, without a trace of what it is called. ``loaded_at``: it is in the working copy; what
    it added and changed is in the counts, and the file is gone.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    name = models.CharField(_("name"), max_length=120)
    file_name = models.CharField(max_length=60, unique=True)
    size_bytes = models.PositiveIntegerField()
    sent_at = models.DateTimeField(_("sent at"))
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name=_("sent by"))
    loaded_at = models.DateTimeField(null=True, blank=True)
    added_count = models.PositiveIntegerField(default=0)
    changed_count = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("file of recipients")
        verbose_name_plural = _("files of recipients")
        ordering = ["-sent_at"]

    def __str__(self) -> str:
        return self.name
