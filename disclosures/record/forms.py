"""Forms of the person's record."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from disclosures.models import Ground
from disclosures.record.filters import LABELS, Filters
from privacycenter.text.legible import validate_legible

LONGEST_TEXT = 100
DAY_UNREADABLE = _("Enter a day as year, month and day: 2026-11-26.")
A_MONTH = r"^(19|20)\d\d-(0[1-9]|1[0-2])\Z"


class DayField(forms.DateField):
    """A day as 2026-11-26, which browsers with a date picker send, or as 2026/11/26."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            input_formats=["%Y-%m-%d", "%Y/%m/%d"],
            widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            required=False,
            error_messages={"invalid": DAY_UNREADABLE},
            **kwargs,
        )

    def to_python(self, value: Any) -> date | None:
        found = super().to_python(value)
        if found and not 1900 <= found.year <= 2100:
            raise ValidationError(DAY_UNREADABLE, code="invalid")
        return found


class FilterForm(forms.Form):
    """Filters a list of disclosures. The URL holds its state; invalid values filter nothing."""

    text = forms.CharField(label=LABELS["text"], required=False, max_length=LONGEST_TEXT)
    recipient = forms.SlugField(label=LABELS["recipient"], required=False)
    service = forms.SlugField(label=LABELS["service"], required=False)
    scenario = forms.SlugField(label=LABELS["scenario"], required=False)
    item = forms.SlugField(label=LABELS["item"], required=False)
    ground = forms.ChoiceField(
        label=LABELS["ground"], required=False, choices=[(one.code, one.label) for one in Ground]
    )
    country = forms.RegexField(r"^[A-Z]{2}\Z", label=LABELS["country"], required=False)
    month = forms.RegexField(A_MONTH, label=LABELS["month"], required=False)
    since = DayField(label=LABELS["since"])
    until = DayField(label=LABELS["until"])
    flagged = forms.BooleanField(label=LABELS["flagged"], required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        since, until = cleaned.get("since"), cleaned.get("until")
        if since and until and since > until:
            self.add_error("until", _("The last day is before the first one."))
        return cleaned

    def filters(self) -> Filters:
        """Return the filters. Invalid values are left out; ``errors`` names them."""
        self.is_valid()
        return Filters(**{name: value for name, value in self.cleaned_data.items() if value})


class DayForm(forms.Form):
    """The day for which a person asks who held their data; empty means now. ``abroad``: only recipients abroad."""

    on = DayField(label=_("On this day"))
    abroad = forms.BooleanField(required=False)

    def clean_on(self) -> date | None:
        found: date | None = self.cleaned_data["on"]
        if found and found > timezone.localdate():
            raise ValidationError(_("This day has not come yet. You see the record of today."))
        return found

    def day(self) -> date | None:
        """Return the day. None for today, for no day, and for an invalid one."""
        self.is_valid()
        found = self.cleaned_data.get("on")
        return None if found == timezone.localdate() else found

    @property
    def is_abroad(self) -> bool:
        return self.is_valid() and bool(self.cleaned_data["abroad"])


class VisibilityForm(forms.Form):
    """Whether a recipient is hidden from the overview."""

    hidden = forms.TypedChoiceField(choices=[("1", ""), ("0", "")], coerce=lambda value: value == "1")


SHORTEST_REASON = 10
AT_LEAST = _("At least 10 characters: what the matter is, and why you have to look.")
TOO_SHORT = _("This reason is too short, so nothing was looked up. Write at least %(limit_value)d characters.")


class LookupReasonField(forms.CharField):
    """Why somebody at the desk looks a person up. Asked before it is told whether they are known."""

    def __init__(self, *, help_text: Any = "") -> None:
        super().__init__(
            label=_("Why you look"),
            min_length=SHORTEST_REASON,
            max_length=500,
            validators=[validate_legible],
            help_text=format_lazy("{} {}", AT_LEAST, help_text) if help_text else AT_LEAST,
            error_messages={"required": _("Say why you look."), "min_length": TOO_SHORT},
        )
