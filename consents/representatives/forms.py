"""Forms of representatives at the privacy officer's desk."""

from datetime import date
from typing import Any

from django import forms
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from consents.models import RepresentationEvidence, RepresentationKind, RepresentationScope
from consents.representatives.appointments import Appointment, anniversary
from consents.representatives.queries import sensitive_services
from disclosures.accounts.forms import ReasonField
from disclosures.models import Service
from privacycenter.text.joining import in_one_line

DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
NO_SUCH_DAY = _("This day is too long ago, or has not come yet.")
CHOOSE = {"required": _("Choose one.")}


class AppointmentForm(forms.Form):
    """Who may act for a person. The birth date of a child is used for the day on which it takes over, and not kept."""

    representative = forms.CharField(
        label=_("Who represents the person"),
        help_text=_("The whole subject, user name or e-mail address of their account."),
        max_length=255,
        error_messages={"required": _("Say whose account it is.")},
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    kind = forms.ChoiceField(
        label=_("As what"), choices=RepresentationKind.choices, widget=forms.RadioSelect, error_messages=CHOOSE,
        help_text=_("An agent begins two weeks after the person was told, unless the person objects; others at once."),
    )  # fmt: skip
    born_on = forms.DateField(
        label=_("Birth date of the child, for a parent"), required=False, widget=DAY,
        help_text=_("It is not kept: only the day is on which the child takes over."),
    )  # fmt: skip
    last_day = forms.DateField(label=_("Last day, for a guardian or an agent"), required=False, widget=DAY)
    scope = forms.ChoiceField(
        label=_("What they may do"), choices=RepresentationScope.choices, widget=forms.RadioSelect,
        error_messages=CHOOSE,
    )  # fmt: skip
    evidence = forms.ChoiceField(
        label=_("What you have seen"), choices=RepresentationEvidence.choices, widget=forms.RadioSelect,
        error_messages=CHOOSE,
        help_text=_("Destroy copies of the papers after the check. Neither papers nor numbers are kept here."),
    )  # fmt: skip
    left_out = forms.MultipleChoiceField(
        label=_("Services that they do not see"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("Sensitive ones: their disclosures, requests and answers are left out everywhere."),
    )  # fmt: skip
    reason = ReasonField(help_text=_("Both can read it. Say how it was checked, and write no number of a paper."))

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        services = Service.objects.in_use().order_by("position", "code")
        self.fields["left_out"].choices = [(one.code, str(one)) for one in services]  # type: ignore[attr-defined]
        closed = sensitive_services()
        if sensitive := [str(one) for one in services if one.code in closed]:
            words = _("A parent of a child does not see these in any case: %(services)s.")
            told = words % {"services": in_one_line(sensitive)}
            self.fields["left_out"].help_text = f"{self.fields['left_out'].help_text} {told}"

    def clean_born_on(self) -> date | None:
        born_on: date | None = self.cleaned_data["born_on"]
        today = timezone.localdate()
        if born_on and not anniversary(today, -120) < born_on <= today:
            raise forms.ValidationError(NO_SUCH_DAY)
        return born_on

    def clean_last_day(self) -> date | None:
        last_day: date | None = self.cleaned_data["last_day"]
        today = timezone.localdate()
        if last_day and not today <= last_day < anniversary(today, 120):
            raise forms.ValidationError(_("This day is past, or too far away."))
        return last_day

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        is_parent = cleaned.get("kind") == RepresentationKind.PARENT
        needed = "born_on" if is_parent else "last_day"
        if cleaned.get("kind") and not cleaned.get(needed) and needed not in self.errors:
            self.add_error(needed, _("Say the day."))
        elif is_parent and cleaned.get("born_on") and self.until <= timezone.localdate():
            self.add_error("born_on", _("The child is of the age at which nobody acts for it as its parent."))
        return cleaned

    @property
    def until(self) -> date:
        """The first day on which it no longer holds."""
        if self.cleaned_data["kind"] == RepresentationKind.PARENT:
            return anniversary(self.cleaned_data["born_on"], settings.PARENT_UNTIL_AGE)
        return date.fromordinal(self.cleaned_data["last_day"].toordinal() + 1)

    def appointment(self) -> Appointment:
        given = self.cleaned_data
        return Appointment(
            kind=RepresentationKind(given["kind"]),
            scope=RepresentationScope(given["scope"]),
            evidence=RepresentationEvidence(given["evidence"]),
            until=self.until,
            left_out=tuple(given["left_out"]),
        )


class EndingForm(forms.Form):
    """Why a representation ends."""

    reason = ReasonField(help_text=_("Both can read it."))
