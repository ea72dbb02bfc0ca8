"""The form by which an officer has a record exported for its person."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from consents.exports.forms import CHOICES
from consents.models import ExportFormat
from disclosures.record.forms import LookupReasonField
from privacycenter.text.languages import name_of, site_languages

AT_THE_DESK, ONE_TIME = "desk", "one-time"
WAYS = (
    (AT_THE_DESK, _("I download it here and hand it over myself")),
    (ONE_TIME, _("By e-mail: a link to a page that opens once, with a code that I tell in another way")),
)


class BehalfForm(forms.Form):
    format = forms.ChoiceField(
        label=_("Format"), choices=CHOICES, initial=ExportFormat.PDF, widget=forms.RadioSelect,
        error_messages={"required": _("Choose one.")},
    )  # fmt: skip
    language = forms.ChoiceField(label=_("Language of the file"), error_messages={"required": _("Choose one.")})
    way = forms.ChoiceField(
        label=_("How does the person get it?"), choices=WAYS, widget=forms.RadioSelect,
        error_messages={"required": _("Choose one.")},
    )  # fmt: skip
    address = forms.EmailField(
        label=_("E-mail address of the person"),
        help_text=_("Only for the page that opens once. Make sure that it is the person's own."),
        required=False,
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    reason = LookupReasonField(help_text=_("The person reads it."))

    def __init__(self, data: Any = None, *, initial: Any = None) -> None:
        super().__init__(data, initial=initial)
        language: Any = self.fields["language"]
        language.choices = [(code, name_of(code)) for code in site_languages()]
        self.fields["reason"].label = _("Why you make it for the person")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("way") == ONE_TIME and not cleaned.get("address") and "address" not in self.errors:
            self.add_error("address", ValidationError(_("Enter the address to which the link goes."), code="required"))
        return cleaned
