"""Translations of the working copy: which are older than their source, who said that one is still right, and which
language an editor works in."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from privacycenter.models import AppendOnly


class TextOfEntry(models.Model):
    """Where a text stands, as in a publication's document: a field of an entry, in one language.

    ``inside``: the code of a scenario's note, or the codes of service and item of an exclusion; else empty.
    """

    kind = models.CharField(_("kind"), max_length=20)
    code = models.CharField(_("code"), max_length=60)
    field = models.CharField(_("field"), max_length=40)
    inside = models.CharField(_("inside"), max_length=130, blank=True)
    language = models.CharField(_("language"), max_length=20)

    class Meta:
        abstract = True

    @property
    def key(self) -> tuple[str, str, str, str, str]:
        return self.kind, self.code, self.field, self.inside, self.language


class OlderTranslation(TextOfEntry):
    """One row is a translation whose Japanese text was changed after it.

    ``source_then``: the Japanese text that it translates, ``changed_at``: when that was first changed. The row goes
    when the translation is changed, removed, or said to be still right, and when the Japanese is again what it was.
    """

    source_then = models.TextField(_("text that was translated"))
    changed_at = models.DateTimeField(_("changed at"))

    class Meta:
        verbose_name = _("translation older than its text")
        verbose_name_plural = _("translations older than their text")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "code", "field", "inside", "language"], name="translation_is_older_once"
            )
        ]

    def __str__(self) -> str:
        return "/".join(filter(None, self.key))


class ConfirmedTranslation(TextOfEntry, AppendOnly):
    """One row says that somebody read a translation against a changed Japanese text and found it still right."""

    source_sha256 = models.CharField(_("SHA-256 of the Japanese text"), max_length=64)
    confirmed_at = models.DateTimeField(_("when"))
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))

    class Meta:
        verbose_name = _("confirmed translation")
        verbose_name_plural = _("confirmed translations")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return "/".join(filter(None, self.key))


class DeskLanguage(models.Model):
    """One row is the language that a member of staff sees beside the Japanese in the desk's forms."""

    staff = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True, related_name="desk_language", verbose_name=_("by")
    )
    language = models.CharField(_("language"), max_length=20)

    class Meta:
        verbose_name = _("language at the desk")
        verbose_name_plural = _("languages at the desk")

    def __str__(self) -> str:
        return f"{self.staff_id}: {self.language}"
