"""Forms of the log-in that differ from allauth's."""

from typing import Any

from allauth.mfa.webauthn.forms import AddWebAuthnForm
from django.utils.translation import gettext_lazy as _


class AddPasskeyForm(AddWebAuthnForm):
    """A passkey that logs in by itself, unless its owner chooses to use it after the password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label = _("Name of the key")
        self.fields["name"].initial = _("Passkey")
        self.fields["name"].help_text = _("So that you recognise it later, for example “my phone”.")
        passwordless = self.fields["passwordless"]
        passwordless.label = _("Log in with this key alone, without a password")
        passwordless.help_text = ""
        passwordless.initial = True
