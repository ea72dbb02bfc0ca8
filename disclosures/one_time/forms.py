"""The form that asks for the code of a page that opens once."""

from django import forms
from django.utils.translation import gettext_lazy as _


class CodeForm(forms.Form):
    code = forms.CharField(
        label=_("Code"),
        error_messages={"required": _("Enter the code.")},
        help_text=_("Eight letters and digits. You were told it by telephone or by letter, not by e-mail."),
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )
