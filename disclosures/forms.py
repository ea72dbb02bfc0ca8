"""Forms of the person's record."""

from django import forms
from django.utils.translation import gettext_lazy as _

from disclosures.queries.ledger import Filters


class FilterForm(forms.Form):
    """Narrows a list of disclosures. The address holds its state; a value that is not ours narrows to nothing."""

    recipient = forms.SlugField(label=_("Recipient"), required=False)
    service = forms.SlugField(label=_("Service"), required=False)
    scenario = forms.SlugField(label=_("Scene"), required=False)
    flagged = forms.BooleanField(label=_("Only those with a warning"), required=False)

    def filters(self) -> Filters:
        """What is narrowed to. Values that cannot be codes are left out."""
        self.is_valid()
        return Filters(**{name: value for name, value in self.cleaned_data.items() if value})
