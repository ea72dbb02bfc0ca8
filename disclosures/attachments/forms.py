"""The field of a form by which files are sent."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from disclosures.attachments.contents import ENDINGS
from disclosures.attachments.uploads import MOST_FILES, BadUpload, Upload, upload_of

HELP = _("Up to 5 files of at most 10 MB each: PDF, PNG, JPEG or plain text.")
REFUSED = {
    "size": _("“%(name)s” is larger than 10 MB."),
    "empty": _("“%(name)s” is empty."),
    "content": _("“%(name)s” is not a PDF, PNG, JPEG or plain text file, or is not what its name says."),
}
# A browser sends no file twice by itself.
CHOOSE_AGAIN = _("Nothing was sent yet. Please choose your files again: browsers forget them.")
NOT_KEPT = _("Your files could not be stored just now. Please try again later, or send your text without them.")


class FilesInput(forms.FileInput):
    allow_multiple_selected = True

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        return files.getlist(name) if hasattr(files, "getlist") else []

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return name not in files


class FilesField(forms.FileField):
    """Several files, which may be none. Its value is a list of ``Upload``."""

    widget = FilesInput

    def __init__(self, *, label: Any, help_text: Any = HELP, required: bool = False) -> None:
        accept = ",".join(f".{ending}" for ending in ENDINGS)
        super().__init__(
            label=label,
            help_text=help_text,
            required=required,
            widget=FilesInput(attrs={"accept": accept, "multiple": True}),
            error_messages={"required": _("Choose at least one file.")},
        )

    def clean(self, data: Any, initial: Any = None) -> list[Upload]:
        sent = [file for file in data or [] if file]
        if self.required and not sent:
            raise ValidationError(self.error_messages["required"], code="required")
        if len(sent) > MOST_FILES:
            raise ValidationError(_("At most 5 files can be sent at once."), code="count")
        found, errors = [], []
        for file in sent:
            try:
                found.append(upload_of(file))
            except BadUpload as bad:
                errors.append(ValidationError(REFUSED[bad.why], params={"name": bad.name}, code=bad.why))
        if errors:
            raise ValidationError(errors)
        return found


class AttachForm(forms.Form):
    """More files for a request that waits."""

    attached = FilesField(label=_("Files"), required=True)
