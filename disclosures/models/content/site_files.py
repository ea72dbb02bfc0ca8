"""Pictures and documents of the site, the bytes they are made of, and which of those were ever public."""

from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from modeltrans.fields import TranslationField

from disclosures.models.content.bases import Coded
from privacycenter.models import AppendOnly, AppendOnlyQuerySet

is_sha256 = RegexValidator(r"^[0-9a-f]{64}$")


class FileType(models.TextChoices):
    """What a file is, found by its content."""

    PNG = "image/png", _("PNG picture")
    JPEG = "image/jpeg", _("JPEG picture")
    SVG = "image/svg+xml", _("SVG drawing")
    PDF = "application/pdf", _("PDF document")

    @property
    def ending(self) -> str:
        """The end of its address."""
        return {"PNG": "png", "JPEG": "jpg", "SVG": "svg", "PDF": "pdf"}[self.name]

    @property
    def is_picture(self) -> bool:
        return self is not FileType.PDF


class SiteFile(Coded):
    """One row is one picture or document that texts show or link to. Its bytes are kept under their SHA-256.

    ``alt`` says what a picture shows to whoever does not see it; a picture that says nothing ``is_decorative``.
    ``width`` and ``height`` are in CSS pixels, None for a document.
    """

    title = models.CharField(_("title"), max_length=200)
    alt = models.CharField(
        _("alternative text"), max_length=500, blank=True,
        help_text=_("For whoever does not see the picture: what it says, not what it looks like."),
    )  # fmt: skip
    is_decorative = models.BooleanField(
        _("decorative"), default=False,
        help_text=_("The picture says nothing that the text does not say. Screen readers pass over it."),
    )  # fmt: skip
    caption = models.CharField(_("caption"), max_length=300, blank=True, help_text=_("Shown below the picture."))
    content_type = models.CharField(_("type of file"), max_length=40, choices=FileType.choices)
    sha256 = models.CharField("SHA-256", max_length=64, validators=[is_sha256])
    size_bytes = models.PositiveIntegerField(_("size in bytes"))
    width = models.PositiveIntegerField(_("width"), null=True, blank=True)
    height = models.PositiveIntegerField(_("height"), null=True, blank=True)
    i18n = TranslationField(fields=("title", "alt", "caption"))

    class Meta(Coded.Meta):
        verbose_name = _("picture or document")
        verbose_name_plural = _("pictures and documents")

    def __str__(self) -> str:
        return self.words("title").text

    @property
    def is_picture(self) -> bool:
        return FileType(self.content_type).is_picture


class KeptContent(models.Model):
    """One row says that the bytes with this SHA-256 are kept, and when somebody last brought them.

    Deleted with the bytes when no row, publication or proposal has named them for long.
    """

    sha256 = models.CharField("SHA-256", max_length=64, primary_key=True)
    kept_at = models.DateTimeField()

    class Meta:
        verbose_name = _("kept content")
        verbose_name_plural = _("kept contents")

    def __str__(self) -> str:
        return self.sha256


class PublishedFile(AppendOnly):
    """One row says that a publication named the bytes with this SHA-256: from then on anybody may read them."""

    sha256 = models.CharField("SHA-256", max_length=64, primary_key=True)
    content_type = models.CharField(max_length=40, choices=FileType.choices)
    size_bytes = models.PositiveIntegerField()
    published_at = models.DateTimeField()

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        verbose_name = _("published file")
        verbose_name_plural = _("published files")

    def __str__(self) -> str:
        return self.sha256
