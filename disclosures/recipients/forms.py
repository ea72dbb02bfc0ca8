"""The form in which an editor sends a file of recipients, and the one that loads what it showed."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from privacycenter.http.uploads import MOST_FILE_BYTES


class FileForm(forms.Form):
    """A CSV file of recipients."""

    file = forms.FileField(
        label=_("File of recipients (CSV)"),
        help_text=_(
            "At most 10,000 recipients and 10 MiB, in UTF-8 or Shift_JIS. It is checked first; nothing is changed yet."
        ),
        error_messages={"required": _("Choose a file."), "empty": _("The file is empty. Choose another one.")},
        widget=forms.FileInput(attrs={"accept": ".csv,text/csv"}),
    )

    def clean_file(self) -> tuple[str, bytes]:
        file = self.cleaned_data["file"]
        if file.size > MOST_FILE_BYTES:
            raise ValidationError(_("The file is larger than 10 MiB. Split it."))
        return file.name, file.read()


class LoadForm(forms.Form):
    """What the page of a checked file sends back: the hash of what it was compared with."""

    seen = forms.CharField(max_length=64, widget=forms.HiddenInput)
