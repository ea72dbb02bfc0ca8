"""Forms for withdrawals at the privacy officer's desk."""

from collections.abc import Sequence
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from consents.models import StepKind
from consents.withdrawals.actions import LONGEST_REASON

WORDS = {
    StepKind.TOLD: _("The recipient was told"),
    StepKind.ACKNOWLEDGED: _("The recipient confirmed that it knows"),
    StepKind.KEPT: _("The recipient keeps data, for a reason"),
    StepKind.DELETED: _("The recipient deleted the data"),
}


class WithdrawalFilterForm(forms.Form):
    """Filter by open or closed. An unknown value shows the open ones."""

    state = forms.ChoiceField(
        label=_("Status"), required=False, choices=[("", _("Not closed yet")), ("closed", _("Closed"))]
    )

    @property
    def is_open(self) -> bool:
        self.is_valid()
        return self.cleaned_data.get("state") != "closed"


class WithdrawalStepForm(forms.Form):
    """The next step of a case. ``kinds``: the steps still possible."""

    step = forms.ChoiceField(label=_("What happened"), error_messages={"required": _("Choose what happened.")})
    reason_ja = forms.CharField(
        label=_("Why the data is kept (Japanese)"),
        help_text=_("Only for data that is kept. The person reads it."),
        required=False,
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 3, "lang": "ja"}),
    )
    reason_en = forms.CharField(
        label=_("Why the data is kept (English)"),
        required=False,
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 3, "lang": "en"}),
    )

    def __init__(self, data: Any = None, *, kinds: Sequence[StepKind]) -> None:
        super().__init__(data)
        step = cast(forms.ChoiceField, self.fields["step"])
        step.choices = [("", "---------"), *((kind.code, WORDS[kind]) for kind in kinds)]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        is_kept = cleaned.get("step") == StepKind.KEPT.code
        if is_kept and not cleaned.get("reason_ja"):
            self.add_error("reason_ja", _("Say in Japanese why the data is kept."))
        if cleaned.get("step") and not is_kept and (cleaned.get("reason_ja") or cleaned.get("reason_en")):
            self.add_error("step", _("Only data that is kept needs a reason: choose that, or empty the reason."))
        return cleaned

    @property
    def kind(self) -> StepKind:
        return StepKind.from_code(self.cleaned_data["step"])

    @property
    def reason(self) -> dict[str, str]:
        return {language: self.cleaned_data[f"reason_{language}"] for language in ("ja", "en")}
