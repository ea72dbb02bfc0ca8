"""Forms of the desk for erasing a person, and for putting accounts together and taking them apart."""

from django import forms
from django.utils.translation import gettext_lazy as _

from disclosures.accounts.forms import ReasonField


class ErasureForm(forms.Form):
    """Why a person is erased. The reason stays for ever."""

    reason = ReasonField(help_text=_("It is kept for ever, so name nobody."))


class MergeForm(forms.Form):
    """Into which other account of the same person an account is put, and why.

    ``seen``: for which one the report of what it would do was shown. It is done only then.
    """

    into = forms.CharField(
        label=_("The other account"),
        help_text=_("The whole subject, user name or e-mail address. The person logs in to that one from then on."),
        max_length=255,
        error_messages={"required": _("Say whose account it is.")},
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    reason = ReasonField(help_text=_("The person can read it. Say how you know that both are the same person."))
    seen = forms.CharField(required=False, max_length=255, widget=forms.HiddenInput)


class SeparationForm(forms.Form):
    """Why two accounts are taken apart again."""

    reason = ReasonField(help_text=_("Whoever owns one of the accounts can read it."))
