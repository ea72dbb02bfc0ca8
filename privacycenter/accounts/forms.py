"""Forms of the log-in that differ from allauth's."""

from typing import Any

from allauth.mfa.webauthn.forms import AddWebAuthnForm
from django.utils.translation import gettext_lazy as _


class AddPasskeyForm(AddWebAuthnForm):
    """A key that lets its owner in by itself, unless the owner wants it for after the password alone."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label = _("Name of the key")
        self.fields["name"].initial = _("Passkey")
        self.fields["name"].help_text = _("So that you recognise it later, for example “my phone”.")
        passwordless = self.fields["passwordless"]
        passwordless.label = _("Log in with this key alone, without a password")
        passwordless.help_text = ""
        passwordless.initial = True
