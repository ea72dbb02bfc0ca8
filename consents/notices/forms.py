"""Forms for notices and preferences."""

from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from consents.models import Frequency
from privacycenter.text.languages import own_name, site_languages
from privacycenter.text.words import Words

MOST_IDS = 100
CHOOSE_ONE = {"required": _("Choose one."), "invalid_choice": _("Choose one of these.")}


def own_names() -> list[tuple[str, Words]]:
    """Return the site's languages, each by its own name."""
    return [(code, Words(own_name(code), code)) for code in site_languages()]


class IdsField(forms.Field):
    """A list of UUIDs, from several values of one name."""

    widget = forms.MultipleHiddenInput

    def clean(self, value: Any) -> list[UUID]:
        try:
            return [UUID(text) for text in (value or [])[:MOST_IDS]]
        except ValueError as error:
            raise forms.ValidationError(CHOOSE_ONE["invalid_choice"]) from error


class PreferenceForm(forms.Form):
    """How often to get e-mail, and in which language."""

    frequency = forms.ChoiceField(
        label=_("Notices by e-mail"), choices=Frequency.choices, widget=forms.RadioSelect, error_messages=CHOOSE_ONE
    )
    language = forms.ChoiceField(
        label=_("Language of e-mails"),
        choices=own_names,
        widget=forms.RadioSelect,
        error_messages=CHOOSE_ONE,
    )


class ReadingForm(forms.Form):
    """The ids of the notices to be marked as read."""

    notice = IdsField()
