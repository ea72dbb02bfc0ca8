"""Forms about refused messages at the desk."""

from typing import Any, cast
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from disclosures.consuming.actions import LONGEST_REASON, MOST_AT_ONCE
from disclosures.consuming.queries import RefusedFilters, reporters_of_queues
from privacycenter.text.legible import validate_legible


class RefusedFilterForm(forms.Form):
    """Filters the list of refused messages. Unknown values filter nothing."""

    STATES = {"": False, "settled": True, "all": None}

    state = forms.ChoiceField(
        label=_("Status"),
        required=False,
        choices=[("", _("Not dealt with")), ("settled", _("Dealt with")), ("all", _("All"))],
    )
    reporter = forms.ChoiceField(label=_("Reported by"), required=False)

    def __init__(self, data: Any) -> None:
        super().__init__(data)
        choices = ((one.code, str(one)) for one in reporters_of_queues())
        cast(forms.ChoiceField, self.fields["reporter"]).choices = [("", _("All")), *choices]

    def filters(self) -> RefusedFilters:
        self.is_valid()
        state = self.cleaned_data.get("state") or ""
        return RefusedFilters(reporter=self.cleaned_data.get("reporter") or "", is_settled=self.STATES[state])


class SettleForm(forms.Form):
    """Why messages need nobody any more."""

    reason = forms.CharField(
        label=_("What was found or done"),
        max_length=LONGEST_REASON,
        validators=[validate_legible],
        error_messages={"required": _("Say what was found or done.")},
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("For staff alone. Do not write personal data here."),
    )


class ChosenForm(forms.Form):
    """Which messages are meant, by the boxes of the list."""

    def __init__(self, data: QueryDict) -> None:
        super().__init__(data)
        self.given = data.getlist("chosen")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        cleaned["chosen"] = [id for one in self.given if (id := uuid_in(one))]
        if not cleaned["chosen"]:
            raise ValidationError(_("Choose at least one message."))
        if len(self.given) > MOST_AT_ONCE:
            told = ngettext("Choose at most %(most)s message.", "Choose at most %(most)s messages.", MOST_AT_ONCE)
            raise ValidationError(told % {"most": MOST_AT_ONCE})
        return cleaned


def uuid_in(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
