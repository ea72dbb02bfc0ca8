"""Forms of the desk about webhooks."""

from datetime import timedelta

from django import forms
from django.utils.translation import gettext_lazy as _

from consents.models import DeliveryState
from consents.models.deliveries import EVENT_TYPES, PING


class DeliveryFilterForm(forms.Form):
    """Narrows the list of deliveries. What is not offered narrows nothing."""

    state = forms.ChoiceField(label=_("State"), required=False, choices=[("", _("All")), *DeliveryState.choices])
    event_type = forms.ChoiceField(
        label=_("Event"), required=False, choices=[("", _("All")), *[(name, name) for name in (*EVENT_TYPES, PING)]]
    )

    def filters(self) -> dict[str, str]:
        self.is_valid()
        return {name: self.cleaned_data.get(name) or "" for name in ("state", "event_type")}


class WebhookRotationForm(forms.Form):
    """A new secret, and how long the former ones go on signing."""

    overlap = forms.TypedChoiceField(
        label=_("The former secret goes on signing for"),
        choices=[
            ("24", _("one day")), ("72", _("three days")), ("168", _("a week")), ("720", _("30 days")),
            ("0", _("no longer: it ends at once")),
        ],
        coerce=lambda hours: timedelta(hours=int(hours)),
    )  # fmt: skip


class RedeliveryForm(forms.Form):
    """Since when everything that did not arrive is sent once more."""

    since = forms.DateTimeField(
        label=_("What did not arrive since"),
        error_messages={"required": _("Say since when."), "invalid": _("Say the day and the time.")},
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%d"],
    )
