"""What the desk's search compares, kept beside the working copy."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class SearchText(models.Model):
    """One row is what a search of the desk compares of one entry of the working copy. Written with every revision.

    ``titles``: language → the entry's name. ``text``: its code, name, readings and texts in every language, folded
    (``privacycenter.text.folding``), a line each; it begins and ends with a line break.
    """

    kind = models.CharField(_("kind"), max_length=20)
    code = models.CharField(_("code"), max_length=60)
    titles = models.JSONField()
    text = models.TextField()

    class Meta:
        verbose_name = _("text to search")
        verbose_name_plural = _("texts to search")
        ordering = ["kind", "code"]
        constraints = [models.UniqueConstraint(fields=["kind", "code"], name="entry_is_searched_once")]

    def __str__(self) -> str:
        return f"{self.kind}: {self.code}"
