"""Forms of lists of affected people."""

from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from disclosures.affected.filters import CODES, FIRST_DAY, LAST_DAY, AffectedFilters
from disclosures.models import DataItem
from disclosures.record.forms import LookupReasonField
from privacycenter.text.legible import validate_legible

LABELS = {
    "recipient": _("Code of the recipient"), "service": _("Code of the service"),
    "scenario": _("Code of the situation"), "reporter": _("Code of the reporter"),
}  # fmt: skip


# No data was given earlier, and no database takes the last days of all in every time zone.
IN_REACH = [MinValueValidator(FIRST_DAY, _("Say a day.")), MaxValueValidator(LAST_DAY, _("Say a day."))]


class AffectedForm(forms.Form):
    """What the list is narrowed by. Days are in the site's time zone, inclusive. Nobody is listed by it yet."""

    recipient = forms.CharField(label=LABELS["recipient"], max_length=60, required=False)
    service = forms.CharField(label=LABELS["service"], max_length=60, required=False)
    scenario = forms.CharField(label=LABELS["scenario"], max_length=60, required=False)
    reporter = forms.CharField(label=LABELS["reporter"], max_length=60, required=False)
    items = forms.CharField(
        label=_("Codes of items"),
        max_length=500,
        required=False,
        help_text=_("Separated by spaces. Any of them counts."),
    )
    since = forms.DateField(
        label=_("Provided since"), error_messages={"required": _("Say the first day."), "invalid": _("Say a day.")},
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), validators=IN_REACH,
    )  # fmt: skip
    until = forms.DateField(
        label=_("Provided until"), error_messages={"required": _("Say the last day."), "invalid": _("Say a day.")},
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), validators=IN_REACH,
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        for name, model in CODES.items():
            cleaned[name] = (cleaned.get(name) or "").strip()
            if cleaned[name] and not model._default_manager.filter(code=cleaned[name]).exists():
                self.add_error(name, _("There is none with this code."))
        cleaned["items"] = tuple((cleaned.get("items") or "").split())
        known = set(DataItem.objects.filter(code__in=cleaned["items"]).values_list("code", flat=True))
        if unknown := [code for code in cleaned["items"] if code not in known]:
            self.add_error("items", _("There is no item with the code “%(code)s”.") % {"code": unknown[0]})
        if not self.errors and not any([*(cleaned[name] for name in CODES), cleaned["items"]]):
            self.add_error("recipient", _("Narrow it by a recipient, a service or another code."))
        since, until = cleaned.get("since"), cleaned.get("until")
        if since and until and until < since:
            self.add_error("until", _("The last day is before the first one."))
        return cleaned

    def filters(self) -> AffectedFilters:
        given = {name: self.cleaned_data[name] for name in (*CODES, "items")}
        since, until = self.cleaned_data["since"], self.cleaned_data["until"] + timedelta(days=1)
        return AffectedFilters(since=midnight(since), until=midnight(until), **given)


def midnight(day: Any) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


class ListReasonForm(forms.Form):
    """Why a list is made."""

    reason = LookupReasonField(help_text=_("Everybody on the list can read it."))


class ListDownloadForm(forms.Form):
    """In which form a list is downloaded, and why."""

    format = forms.ChoiceField(
        label=_("Format"), choices=[("csv", _("CSV, for spreadsheets")), ("jsonl", _("JSON Lines, for programs"))]
    )
    reason = forms.CharField(
        label=_("Why you download it"), min_length=10, max_length=500, validators=[validate_legible]
    )
