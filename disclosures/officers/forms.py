"""Forms of the privacy officer's desk, apart from those about cases."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from disclosures.models import LookScope, WithholdingGround
from disclosures.officers.actions import LONGEST_REASON
from disclosures.record.accesses import AccessFilters
from disclosures.record.forms import FilterForm, LookupReasonField
from disclosures.record.scopes import Scope, is_there
from privacycenter.text.legible import validate_legible


class FaultFilterForm(forms.Form):
    """Filters the list of faults. Unknown values filter nothing."""

    STATES = {"": False, "acknowledged": True, "all": None}

    state = forms.ChoiceField(
        label=_("Status"),
        required=False,
        choices=[("", _("Not acknowledged")), ("acknowledged", _("Acknowledged")), ("all", _("All"))],
    )

    def is_acknowledged(self) -> bool | None:
        self.is_valid()
        return self.STATES[self.cleaned_data.get("state") or ""]


class AcknowledgementForm(forms.Form):
    """Why a fault in the ledger is there."""

    reason = forms.CharField(
        label=_("Why it is there"),
        max_length=LONGEST_REASON,
        validators=[validate_legible],
        error_messages={"required": _("Say why it is there.")},
        widget=forms.Textarea(attrs={"rows": 5}),
    )


class WithholdLookupForm(forms.Form):
    """Which disclosure of whom is looked for, and why."""

    subject = forms.CharField(label=_("Person (ID)"), max_length=255)
    number = forms.UUIDField(label=_("Number of the disclosure"))
    reason = LookupReasonField()


class WithholdForm(forms.Form):
    """Why a disclosure is kept from its person, and until when."""

    ground = forms.ChoiceField(
        label=_("Ground (Cabinet Order art. 11)"), choices=[("", "---------"), *WithholdingGround.choices]
    )
    until = forms.SplitDateTimeField(
        label=_("Withheld until"),
        widget=forms.SplitDateTimeWidget(date_attrs={"type": "date"}, time_attrs={"type": "time"}),
    )
    reason = forms.CharField(
        label=_("Reason"), max_length=LONGEST_REASON, validators=[validate_legible],
        widget=forms.Textarea(attrs={"rows": 5}), help_text=_("For officers alone."),
    )  # fmt: skip


class WithheldStepForm(forms.Form):
    """What becomes of a disclosure that is kept from its person."""

    APPROVE, REFUSE, RELEASE = "approve", "refuse", "release"

    step = forms.ChoiceField(
        label=_("What becomes of it"),
        choices=[
            (APPROVE, _("Approve: it stays withheld until its day")),
            (REFUSE, _("Refuse: it is shown again")),
            (RELEASE, _("Release: it is shown again")),
        ],
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label=_("Reason"), max_length=LONGEST_REASON, validators=[validate_legible],
        widget=forms.Textarea(attrs={"rows": 5}),
    )  # fmt: skip


NOT_THEIRS = _(
    "This request does not belong to this person. If it was sent without a log-in, connect it with the person's record "
    "first, on the page of the request."
)


class RecordForm(forms.Form):
    """Whose record to open, what the look-up is about, and why. Nothing is shown until all of it is given."""

    NOT_THERE = {
        LookScope.RECIPIENT: _("There is no recipient with this code."),
        LookScope.SERVICE: _("There is no service with this code."),
        LookScope.INQUIRY: _("There is no request with this reference number."),
        LookScope.INCIDENT: _("There is no incident with this number."),
    }

    who = forms.CharField(
        label=_("Person"),
        help_text=_("The whole ID, user name or e-mail address."),
        max_length=255,
        error_messages={"required": _("Say whose record it is.")},
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    scope = forms.ChoiceField(
        label=_("What it is about"),
        help_text=_("Only what this needs is opened. For more, look the person up again, with the reason for that."),
        choices=LookScope.choices,
        error_messages={"required": _("Say what it is about.")},
        widget=forms.RadioSelect,
    )
    of = forms.CharField(
        label=_("Which one"),
        help_text=_(
            "The code of the recipient or of the service, the reference number of the request, or the number of the "
            "incident. Empty for the others."
        ),
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    reason = LookupReasonField(help_text=_("The person can read it. Valid for this person for 30 minutes."))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if "scope" in cleaned and "of" in cleaned and not is_there(self.about()):
            kind, of = self.about().kind, self.about().of
            is_code = kind in (LookScope.RECIPIENT, LookScope.SERVICE)
            self.add_error("of", _("Enter the code.") if is_code and not of else self.NOT_THERE[kind])
        return cleaned

    def about(self) -> Scope:
        kind, of = LookScope(self.cleaned_data["scope"]), self.cleaned_data["of"].strip()
        return Scope(kind, of if kind in self.NOT_THERE else "")


class RecordFilterForm(FilterForm):
    """Filters the disclosures of a record. Its choices are what occurs in what the look-up opened."""

    field_order = ["text", "recipient", "service", "scenario", "ground", "since", "until", "flagged"]

    def __init__(self, data: Any, *, options: Mapping[str, Sequence[tuple[str, str]]]) -> None:
        super().__init__(data)
        for name in ("item", "country", "month"):
            del self.fields[name]
        for name, choices in options.items():
            self.fields[name].widget = forms.Select(choices=[("", _("All")), *choices])


class AccessFilterForm(forms.Form):
    """Filters the list of accesses."""

    staff = forms.CharField(label=_("Opened by (user name)"), required=False, max_length=150)
    since = forms.DateField(label=_("From this day"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    until = forms.DateField(label=_("Until this day"), required=False, widget=forms.DateInput(attrs={"type": "date"}))

    def filters(self) -> AccessFilters:
        """Return the filters. An invalid day filters nothing; its error is shown."""
        self.is_valid()
        given = {name: value for name, value in self.cleaned_data.items() if value}
        return AccessFilters(**given)
