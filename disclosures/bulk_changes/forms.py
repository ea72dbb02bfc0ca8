"""Forms that change one field of many entries: first which field, then what it shall say."""

from typing import Any

from django import forms
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from disclosures.bulk_changes.changes import BulkChange, as_in_entry, fields_in_bulk, is_text, is_translated
from privacycenter.text.languages import name_of, site_languages

SET, REPLACE = "set", "replace"


class FieldForm(forms.Form):
    """Which field."""

    field = forms.ChoiceField(label=gettext_lazy("Which field?"))

    def __init__(self, data: Any, *, kind: str) -> None:
        super().__init__(data)
        named = [(name, str(field.verbose_name)) for name, field in fields_in_bulk(kind).items()]
        field: Any = self.fields["field"]
        field.choices = [("", "—"), *named]


class ValueForm(forms.Form):
    """What the field shall say in all of them. In a text, also words in it alone."""

    language = forms.ChoiceField(label=gettext_lazy("Language of the text"))
    way = forms.ChoiceField(
        label=gettext_lazy("How?"), widget=forms.RadioSelect,
        choices=[(SET, gettext_lazy("The whole text")), (REPLACE, gettext_lazy("Words in it"))],
    )  # fmt: skip
    find = forms.CharField(
        label=gettext_lazy("Words to replace"), required=False, strip=False, max_length=500,
        help_text=gettext_lazy("Exactly as they are written. Only with “Words in it”."),
    )  # fmt: skip

    def __init__(self, data: Any, *, kind: str, field: str) -> None:
        super().__init__(data)
        self.kind, self.field = kind, field
        self.model_field = fields_in_bulk(kind)[field]
        languages: Any = self.fields["language"]
        languages.choices = [("", "—"), *((code, name_of(code)) for code in site_languages())]
        if not is_translated(kind, field):
            del self.fields["language"]
        if not is_text(kind, field):
            del self.fields["way"], self.fields["find"]
        self.fields["value"] = value_field(self.model_field, is_a_text=is_text(kind, field))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("way") == REPLACE and not cleaned.get("find"):
            self.add_error("find", _("Write which words are replaced."))
        return cleaned

    def change(self) -> BulkChange:
        """Return what a valid form says."""
        said, value = self.cleaned_data, self.cleaned_data["value"]
        if isinstance(value, str):
            value = value.replace("\r\n", "\n")
        find = said.get("find", "").replace("\r\n", "\n") if said.get("way") == REPLACE else ""
        value = as_in_entry(self.model_field, value)
        return BulkChange(self.kind, self.field, value, find, said.get("language", ""))


def value_field(field: models.Field[Any, Any], *, is_a_text: bool) -> forms.Field:
    """Return the input of a value. Nothing is chosen before somebody chooses."""
    label = gettext_lazy("What it shall say")
    if is_a_text:
        return forms.CharField(label=label, required=False, strip=False, widget=forms.Textarea(attrs={"rows": 4}))
    if isinstance(field, models.BooleanField):
        choices = [("", "—"), ("yes", _("yes")), ("no", _("no"))]
        return forms.TypedChoiceField(label=label, choices=choices, coerce=lambda said: said == "yes")
    made: Any = field.formfield(label=label)
    made.initial = None
    if isinstance(field, models.DateField):
        made.widget = forms.DateInput(attrs={"type": "date"})
    return made  # type: ignore[no-any-return]
