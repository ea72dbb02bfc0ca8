"""What somebody had typed at the desk when their log-in had ended."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _


class KeptForm(models.Model):
    """One row is one form that was sent without a log-in and is kept, encrypted, until its sender is back.

    ``account``: the key of the account whose log-in had ended; None if it is not known whose it was. Then ``browser``
    is the hash of the number by which that browser is known (``KnownDevice``), and the first who may see the page from
    there takes it.
    ``sealed``: the page, the address and the fields (``privacycenter.kept_forms.actions``).
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    account = models.BigIntegerField(null=True)
    browser = models.CharField(max_length=64, blank=True)
    sealed = models.TextField()
    kept_at = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name = _("kept form")
        verbose_name_plural = _("kept forms")

    def __str__(self) -> str:
        return str(self.id)
