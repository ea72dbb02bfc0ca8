"""The form by which a member of staff chooses mails."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from disclosures.models import StaffFrequency
from privacycenter.text.languages import name_of, site_languages


class StaffMailForm(forms.Form):
    frequency = forms.ChoiceField(
        label=_("How often?"), choices=StaffFrequency.choices, widget=forms.RadioSelect,
        error_messages={"required": _("Choose one.")},
    )  # fmt: skip
    language = forms.ChoiceField(label=_("In which language?"), error_messages={"required": _("Choose one.")})

    def __init__(self, data: Any = None, *, initial: Any = None) -> None:
        super().__init__(data, initial=initial)
        language: Any = self.fields["language"]
        language.choices = [(code, name_of(code)) for code in site_languages()]
