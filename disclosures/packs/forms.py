"""Forms for loading a content pack: the uploaded file, then the pack as it was checked."""

from typing import Any

from django import forms
from django.core import signing
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from disclosures.packs.schema import Pack
from disclosures.packs.zips import LARGEST_ZIP

SALT = "disclosures.pack"
CHECKED_FOR_SECONDS = 60 * 60
# Django refuses form data of more than 2.5 MB before reading it.
LARGEST_CHECKED = 2_000_000


class UploadForm(forms.Form):
    """A zipped content pack."""

    pack = forms.FileField(
        label=_("Content pack (zip)"),
        help_text=_("At most 8 MiB. It is checked first; nothing is changed yet."),
        error_messages={"required": _("Choose a file."), "empty": _("The file is empty. Choose another one.")},
        widget=forms.FileInput(attrs={"accept": ".zip,application/zip"}),
    )

    def clean_pack(self) -> bytes:
        file = self.cleaned_data["pack"]
        if file.size > LARGEST_ZIP:
            raise ValidationError(_("The file is larger than 8 MiB. Use the command line for a pack of this size."))
        content: bytes = file.read()
        return content


def checked(pack: Pack, seen: str) -> str:
    """Sign the pack and the hash of the working copy it was compared with, so that only what was checked is loaded."""
    return signing.dumps({"pack": pack.model_dump(mode="json"), "seen": seen}, salt=SALT, compress=True)


class LoadForm(forms.Form):
    """What the page of a checked pack sends back: the pack as signed by ``checked``."""

    checked = forms.CharField(widget=forms.HiddenInput, max_length=LARGEST_CHECKED)

    def clean_checked(self) -> dict[str, Any]:
        try:
            sent = signing.loads(self.cleaned_data["checked"], salt=SALT, max_age=CHECKED_FOR_SECONDS)
        except signing.BadSignature as error:
            raise ValidationError(_("This was checked too long ago, or changed. Upload it again.")) from error
        return {"pack": Pack.model_validate(sent["pack"]), "seen": sent["seen"]}
