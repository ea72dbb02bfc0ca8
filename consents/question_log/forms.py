"""The form that filters the counts of questions at the desk."""

from django import forms
from django.utils.translation import gettext_lazy as _

from consents.question_log.queries import TotalFilters
from disclosures.models import Service


class TotalFilterForm(forms.Form):
    """Unknown values filter nothing."""

    recipient = forms.SlugField(label=_("Recipient (code)"), required=False)
    service: forms.ModelChoiceField[Service] = forms.ModelChoiceField(
        Service.objects.all(), to_field_name="code", label=_("Service"), required=False, empty_label=_("All")
    )
    since = forms.DateField(label=_("From this day"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    until = forms.DateField(label=_("Until this day"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    is_spike = forms.BooleanField(label=_("Only unusually many noes"), required=False)

    def filters(self) -> TotalFilters:
        self.is_valid()
        return TotalFilters(**{name: value for name, value in self.cleaned_data.items() if value})
