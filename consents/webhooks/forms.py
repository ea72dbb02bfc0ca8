"""Forms for webhooks at the desk."""

from datetime import timedelta

from django import forms
from django.utils.translation import gettext_lazy as _

from consents.models import DeliveryState
from consents.models.deliveries import EVENT_TYPES, PING


class DeliveryFilterForm(forms.Form):
    """Filters of the list of deliveries. An unknown value filters nothing."""

    state = forms.ChoiceField(label=_("State"), required=False, choices=[("", _("All")), *DeliveryState.choices])
    event_type = forms.ChoiceField(
        label=_("Event"), required=False, choices=[("", _("All")), *[(name, name) for name in (*EVENT_TYPES, PING)]]
    )

    def filters(self) -> dict[str, str]:
        self.is_valid()
        return {name: self.cleaned_data.get(name) or "" for name in ("state", "event_type")}


class WebhookRotationForm(forms.Form):
    """How long earlier secrets keep signing beside the new one."""

    overlap = forms.TypedChoiceField(
        label=_("The former secret goes on signing for"),
        choices=[
            ("24", _("one day")), ("72", _("three days")), ("168", _("a week")), ("720", _("30 days")),
            ("0", _("stops now")),
        ],
        coerce=lambda hours: timedelta(hours=int(hours)),
    )  # fmt: skip


class RedeliveryForm(forms.Form):
    """The moment since which everything undelivered is sent again."""

    since = forms.DateTimeField(
        label=_("What did not arrive since"),
        error_messages={"required": _("Say since when."), "invalid": _("Say the day and the time.")},
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%d"],
    )
