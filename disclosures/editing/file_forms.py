"""The form of a picture or document: its content comes as a file, is cleaned, and is kept before the form is saved."""

from dataclasses import dataclass
from typing import Any, Self, cast

from django import forms
from django.conf import settings
from django.core import signing
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from disclosures.editing.forms import ContentForm
from disclosures.models import FileType, SiteFile
from disclosures.site_files.cleaning import clean_file, largest_bytes, reason_of
from disclosures.site_files.contents import BadFile, CleanFile
from privacycenter.text.joining import in_one_line
from privacycenter.text.shown_files import size_said

SALT = "disclosures.site-file"
# A form that waits for its other fields need not bring its file again.
KEPT_FOR_SECONDS = 24 * 60 * 60
ACCEPTED = ".png,.jpg,.jpeg,.svg,.pdf"


@dataclass(frozen=True)
class TakenFile:
    """A file that was cleaned and is kept. ``left_out``: what was in it and is not kept."""

    content_type: str
    sha256: str
    size_bytes: int
    width: int | None
    height: int | None
    left_out: tuple[str, ...] = ()

    @classmethod
    def of(cls, clean: CleanFile) -> Self:
        return cls(clean.type.value, clean.sha256, clean.size_bytes, clean.width, clean.height, clean.left_out)

    @property
    def said(self) -> str:
        """What it is, for who sent it."""
        size = [f"{self.width} × {self.height}"] if self.width else []
        return in_one_line([str(FileType(self.content_type).label), size_said(self.size_bytes), *size])

    def signed(self) -> str:
        return signing.dumps([self.content_type, self.sha256, self.size_bytes, self.width, self.height], salt=SALT)


def taken_before(signed: str) -> TakenFile | None:
    """Return the file that this form brought before. None if it brought none, or too long ago."""
    try:
        return TakenFile(*signing.loads(signed, salt=SALT, max_age=KEPT_FOR_SECONDS)) if signed else None
    except signing.BadSignature:
        return None


@dataclass(frozen=True)
class Sent:
    """What came with a form: a clean file that is to be kept, or why it is refused; None and empty without a file."""

    clean: CleanFile | None = None
    fault: str = ""


def sent_file(file: "UploadedFile[Any] | None") -> Sent:
    """Look at the file that came with a form, and clean it."""
    if file is None:
        return Sent()
    try:
        if (file.size or 0) > largest_bytes():
            raise BadFile("size")
        file.seek(0)
        return Sent(clean=clean_file(file.read()))
    except BadFile as bad:
        return Sent(fault=reason_of(bad))


class SiteFileForm(ContentForm):
    """``taken``: what came with the form and is kept already; ``fault``: why it is refused. Both are set for each
    request.
    """

    taken: TakenFile | None = None
    fault: str = ""

    upload = forms.FileField(
        label=gettext_lazy("File"), required=False, widget=forms.FileInput(attrs={"accept": ACCEPTED})
    )
    kept_upload = forms.CharField(required=False, widget=forms.HiddenInput, max_length=1000)

    class Meta:
        model = SiteFile
        fields = ("code", "title", "alt", "is_decorative", "caption", "position")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "upload" not in self.fields:
            return
        if self.is_bound and self.taken is None:
            self.taken = taken_before(self.data.get("kept_upload", ""))
        if self.taken:
            # The next page sends it on, so that nobody has to choose it again.
            sent = cast(QueryDict, self.data).copy()
            sent["kept_upload"] = self.taken.signed()
            self.data = sent
        self.fields["upload"].help_text = self.help_of_upload()

    def help_of_upload(self) -> str:
        told = _("PNG, JPEG, SVG or PDF, at most %(number)s MB. What cameras write into a picture is left out.")
        told %= {"number": settings.PUBLIC_FILE_MB}
        if self.taken:
            here = _("Your file is here (%(what)s). Choose another one only to replace it.") % {"what": self.taken.said}
            return f"{here} {told}"
        stays = _("Leave it empty to keep the file as it is.") if self.instance.pk else ""
        return f"{told} {stays}".strip()

    def clean_upload(self) -> None:
        if self.fault:
            raise ValidationError(self.fault, code="file")
        if self.taken is None and not self.instance.pk:
            raise ValidationError(_("Choose a file."), code="required")

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean() or self.cleaned_data
        kind = self.taken.content_type if self.taken else self.instance.content_type
        is_picture = bool(kind) and FileType(kind).is_picture
        if is_picture and "alt" in cleaned and not cleaned["alt"] and not cleaned.get("is_decorative"):
            told = _("Say what the picture shows to whoever does not see it, or mark it as decorative.")
            self.add_error("alt", ValidationError(told, code="alt"))
        return cleaned

    def _post_clean(self) -> None:
        if self.taken:
            for name in ("content_type", "sha256", "size_bytes", "width", "height"):
                setattr(self.instance, name, getattr(self.taken, name))
        super()._post_clean()  # type: ignore[misc]  # the types of the library leave it out
