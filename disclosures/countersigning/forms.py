"""Forms of recipients' keys at the desk."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from disclosures.countersigning.actions import LONGEST_REASON
from disclosures.countersigning.keys import read_public_key
from disclosures.models import Recipient
from privacycenter.errors import InvalidValue
from privacycenter.text.legible import validate_legible


class KeyForm(forms.Form):
    """A public key, and whose it is."""

    recipient = forms.CharField(
        label=_("Code of the recipient"), max_length=60, error_messages={"required": _("Say whose key it is.")}
    )
    public_key = forms.CharField(
        label=_("Public key"), max_length=1000, widget=forms.Textarea(attrs={"rows": 4, "spellcheck": "false"}),
        error_messages={"required": _("Paste the key.")},
        help_text=_("Ed25519, as “openssl pkey -pubout” writes it, with its first and last line."),
    )  # fmt: skip

    def clean_recipient(self) -> Recipient:
        found = Recipient.objects.filter(code=self.cleaned_data["recipient"].strip(), retired_at__isnull=True).first()
        if found is None:
            raise ValidationError(_("There is none with this code."), code="unknown")
        return found

    def clean_public_key(self) -> str:
        key: str = self.cleaned_data["public_key"]
        try:
            read_public_key(key)
        except InvalidValue as error:
            is_private = "PRIVATE KEY" in key
            words = (
                _("This is a private key. Nobody but the recipient may have it: it should make another pair now.")
                if is_private
                else _("This is no public key of the kind Ed25519 in PEM.")
            )
            raise ValidationError(words, code="invalid") from error
        return key


class RetirementForm(forms.Form):
    """Why a key is used no more."""

    reason = forms.CharField(
        label=_("Why it is retired"), max_length=LONGEST_REASON, validators=[validate_legible],
        error_messages={"required": _("Say why.")},
        help_text=_("For the desk alone. Nothing that it signs from then on is taken; what it signed before stays."),
    )  # fmt: skip


def keys_form(data: Any) -> KeyForm:
    """Return the form without what was sent where that is a private key: it is shown to nobody again."""
    form = KeyForm(data)
    if data is not None and "PRIVATE KEY" in data.get("public_key", ""):
        form.is_valid()
        form.data = {"recipient": data.get("recipient", ""), "public_key": ""}
    return form
