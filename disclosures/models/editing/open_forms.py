"""Who has a form of the desk open."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class OpenForm(models.Model):
    """One row is one opening of an entry's form. It counts as open ``until`` then, and locks nothing.

    ``id``: the number that the page was made with, which its draft has too. ``form``: kind and code of the entry.
    ``has_signs``: the page's script said that it is open.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    staff = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name=_("by"))
    form = models.CharField(max_length=200)
    opened_at = models.DateTimeField(_("when"))
    has_signs = models.BooleanField()
    until = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name = _("open form")
        verbose_name_plural = _("open forms")
        indexes = [models.Index(fields=["form", "until"], name="open_form_by_entry")]

    def __str__(self) -> str:
        return f"{self.form}: {self.staff_id}"
