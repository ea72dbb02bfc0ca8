"""The form for an export, and the filters of the record to be exported."""

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from consents.models import ExportFormat
from disclosures.record.forms import FilterForm

LONGEST_VALUE = 200
CHOICES = (
    (ExportFormat.PDF, _("PDF: to read, print, or give to a lawyer or an authority")),
    (ExportFormat.CSV, _("CSV: to open in a spreadsheet")),
    (ExportFormat.JSON, _("JSON: to read with another program")),
)


class ExportForm(forms.Form):
    """The format. The filters are in the URL, as on the list of disclosures."""

    format = forms.ChoiceField(
        label=_("Format"),
        choices=CHOICES,
        initial=ExportFormat.PDF,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose one."), "invalid_choice": _("Choose one of these formats.")},
    )


def narrowing(query: QueryDict) -> str:
    """Return the filters in a query string, in the order of the form; empty for the whole record."""
    kept = QueryDict(mutable=True)
    for name in FilterForm.base_fields:
        values = [value[:LONGEST_VALUE] for value in query.getlist(name) if value.strip()]
        if values:
            kept.setlist(name, values)
    is_narrowed = not FilterForm(kept).filters().is_empty
    return kept.urlencode() if is_narrowed else ""
