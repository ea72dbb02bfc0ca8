"""Forms for withdrawals at the privacy officer's desk."""

from collections.abc import Sequence
from typing import Any, cast

from django import forms
from django.conf import settings
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from consents.models import StepKind
from consents.withdrawals.actions import LONGEST_REASON
from privacycenter.text.languages import name_of, site_languages
from privacycenter.text.legible import validate_legible

WORDS = {
    StepKind.TOLD: _("The recipient was told"),
    StepKind.ACKNOWLEDGED: _("The recipient confirmed the withdrawal"),
    StepKind.KEPT: _("The recipient keeps data, for a reason"),
    StepKind.DELETED: _("The recipient deleted the data"),
}


def reason_name(language: str) -> str:
    return f"reason_{language}"


FIRST_REASON = reason_name(settings.LANGUAGE_CODE)


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
    """The next step of a case, with a reason in each language of the site. ``kinds``: the steps still possible."""

    step = forms.ChoiceField(label=_("What happened"), error_messages={"required": _("Choose what happened.")})

    def __init__(self, data: Any = None, *, kinds: Sequence[StepKind]) -> None:
        super().__init__(data)
        step = cast(forms.ChoiceField, self.fields["step"])
        step.choices = [("", "---------"), *((kind.code, WORDS[kind]) for kind in kinds)]
        for language in site_languages():
            self.fields[reason_name(language)] = forms.CharField(
                label=gettext("Why the data is kept (%(language)s)") % {"language": name_of(language)},
                required=False,
                max_length=LONGEST_REASON,
                validators=[validate_legible],
                widget=forms.Textarea(attrs={"rows": 3, "lang": language}),
            )
        self.fields[FIRST_REASON].help_text = _("Only for data that is kept. The person reads it.")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        is_kept = cleaned.get("step") == StepKind.KEPT.code
        if is_kept and not cleaned.get(FIRST_REASON):
            self.add_error(FIRST_REASON, _("Say in Japanese why the data is kept."))
        if cleaned.get("step") and not is_kept and any(cleaned.get(reason_name(one)) for one in site_languages()):
            self.add_error("step", _("Only data that is kept needs a reason: choose that, or empty the reason."))
        return cleaned

    @property
    def kind(self) -> StepKind:
        return StepKind.from_code(self.cleaned_data["step"])

    @property
    def reason(self) -> dict[str, str]:
        return {language: self.cleaned_data[reason_name(language)] for language in site_languages()}
