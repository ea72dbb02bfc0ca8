"""Forms with which a person answers."""

from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from consents.queries.requests import RequestPage

ALLOW, REFUSE = "allow", "refuse"


class AnswerForm(forms.Form):
    """The answer to one request: which items, and one of two equal buttons. Nothing is chosen beforehand."""

    allowed = forms.MultipleChoiceField(required=False, widget=forms.CheckboxSelectMultiple)
    answer = forms.ChoiceField(
        choices=[(ALLOW, ALLOW), (REFUSE, REFUSE)],
        error_messages=dict.fromkeys(("required", "invalid_choice"), _("Choose one of the two answers.")),
    )  # fmt: skip
    text_sha256 = forms.RegexField(regex=r"^[0-9a-f]{64}$")

    def __init__(self, data: Any = None, *, page: RequestPage) -> None:
        super().__init__(data)
        allowed = cast(forms.MultipleChoiceField, self.fields["allowed"])
        allowed.choices = [(item.code, item.title.text) for item in page.items]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("answer") == ALLOW and "allowed" not in self.errors and not cleaned.get("allowed"):
            self.add_error("allowed", _("Choose at least one item to allow, or answer “Do not allow”."))
        return cleaned

    @property
    def allowed_codes(self) -> set[str]:
        """Refusing refuses everything, whatever was ticked before."""
        return set(self.cleaned_data["allowed"]) if self.cleaned_data["answer"] == ALLOW else set()
