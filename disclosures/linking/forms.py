"""What is looked for among the things that a text can link to."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from disclosures.linking.queries import KINDS
from privacycenter.text.languages import name_of, site_languages

LONGEST_QUERY = 100


class LinkableForm(forms.Form):
    """A search that always means something: what cannot be read is left out."""

    q = forms.CharField(
        label=_("Search"), required=False, max_length=LONGEST_QUERY, widget=forms.TextInput(attrs={"type": "search"})
    )
    kind = forms.ChoiceField(label=_("Kind"), required=False)
    language = forms.ChoiceField(label=_("Language of the text"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [("", _("All")), *KINDS.items()]  # type: ignore[attr-defined]
        self.fields["language"].choices = [(one, name_of(one)) for one in site_languages()]  # type: ignore[attr-defined]

    def looked_for(self) -> dict[str, str]:
        self.is_valid()
        return {
            "query": self.cleaned_data.get("q", "").strip(),
            "kind": self.cleaned_data.get("kind", ""),
            "language": self.cleaned_data.get("language", ""),
        }
