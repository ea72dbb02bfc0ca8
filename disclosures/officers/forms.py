"""Forms of the privacy officer's desk."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from disclosures.models import CaseKind
from disclosures.models.ledger import DIFFERS, UNAPPROVED
from disclosures.officers.actions import LONGEST_REASON
from disclosures.officers.cases import CaseFilters
from disclosures.record.accesses import AccessFilters

SHORTEST_REASON = 10


class CaseFilterForm(forms.Form):
    """Filters the list of cases. Unknown values filter nothing."""

    STATES = {"": True, "closed": False, "all": None}

    state = forms.ChoiceField(
        label=_("Status"),
        required=False,
        choices=[("", _("Not closed yet")), ("closed", _("Closed")), ("all", _("All"))],
    )
    about = forms.ChoiceField(
        label=_("About"),
        required=False,
        choices=[
            ("", _("All")),
            ("unapproved", _("Provided without approval")),
            ("differs", _("Practice differs from what we publish")),
            ("conflict", _("Conflicting report")),
            ("rejected", _("Rejected report")),
        ],
    )

    def filters(self) -> CaseFilters:
        self.is_valid()
        about = self.cleaned_data.get("about") or ""
        flags = {"unapproved": int(UNAPPROVED), "differs": int(DIFFERS)}.get(about, 0)
        kind = {"conflict": CaseKind.CONFLICT, "rejected": CaseKind.REJECTED}.get(about)
        return CaseFilters(self.STATES[self.cleaned_data.get("state") or ""], kind, flags)


class CaseStepForm(forms.Form):
    """One step on a case. ``seen`` is how many steps the page showed."""

    reason = forms.CharField(
        label=_("What was found or done"),
        max_length=LONGEST_REASON,
        error_messages={"required": _("Say what was found or done.")},
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    is_closing = forms.BooleanField(label=_("This closes the case"), required=False)
    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if "seen" in self.errors:
            raise ValidationError(_("Open the case again, then write the step."))
        return cleaned


class RecordForm(forms.Form):
    """Whose record to open, and why. Nothing is shown until both are given."""

    who = forms.CharField(
        label=_("Person"),
        help_text=_("The whole subject, user name or e-mail address."),
        max_length=255,
        error_messages={"required": _("Say whose record it is.")},
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    reason = forms.CharField(
        label=_("Why you open it"),
        help_text=_("The person can read it. Valid for this person for 30 minutes."),
        min_length=SHORTEST_REASON,
        max_length=500,
        error_messages={"required": _("Say why you open it.")},
    )


class AccessFilterForm(forms.Form):
    """Filters the list of accesses."""

    subject = forms.CharField(label=_("Person (subject)"), required=False, max_length=255)
    staff = forms.CharField(label=_("Opened by (user name)"), required=False, max_length=150)
    since = forms.DateField(label=_("From"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    until = forms.DateField(label=_("Until"), required=False, widget=forms.DateInput(attrs={"type": "date"}))

    def filters(self) -> AccessFilters:
        """Return the filters. An invalid day filters nothing; its error is shown."""
        self.is_valid()
        given = {name: value for name, value in self.cleaned_data.items() if value}
        return AccessFilters(**given)
