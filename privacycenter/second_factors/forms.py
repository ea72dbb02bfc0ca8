"""Forms of passkeys and codes that differ from allauth's."""

import unicodedata
from typing import Any

from allauth.core import context
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.totp.internal.auth import TOTP
from allauth.mfa.utils import encrypt
from allauth.mfa.webauthn.forms import (
    AddWebAuthnForm,
    AuthenticateWebAuthnForm,
    EditWebAuthnForm,
    LoginWebAuthnForm,
    ReauthenticateWebAuthnForm,
)
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from privacycenter.accounts.log_in_limits import spend_code
from privacycenter.encryption import CannotOpenError
from privacycenter.errors import TooManyCalls
from privacycenter.rate_limits.visitors import try_again
from privacycenter.second_factors.ceremonies import Purpose, take_challenge
from privacycenter.second_factors.credentials import CredentialField, assertion, attestation, makes_log_in_key, readable

LONGEST_KEY_NAME = 100


class AddPasskeyForm(AddWebAuthnForm):
    """A passkey that logs in by itself, unless its owner chooses to use it after the password."""

    credential = CredentialField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"] = forms.CharField(
            label=gettext_lazy("Name of the key"),
            initial=gettext_lazy("Passkey"),
            help_text=gettext_lazy("So that you recognize it later, for example “my phone”."),
            max_length=LONGEST_KEY_NAME,
            required=False,
        )
        passwordless = self.fields["passwordless"]
        passwordless.label = gettext_lazy("Log in with this key alone, without a password")
        passwordless.help_text = ""
        passwordless.initial = True

    def clean(self) -> Any:
        posted = self.cleaned_data.get("credential")
        if not posted:
            return self.cleaned_data
        self.cleaned_data["credential"] = attestation(posted)
        take_challenge(context.request, Purpose.ADD, self.user)
        with readable():
            super().clean()
        # Keys may be able to log in alone though nobody asked for it: what their owner chose counts, and is kept.
        alone = bool(self.cleaned_data.get("passwordless")) and makes_log_in_key(posted)
        self.cleaned_data["credential"]["clientExtensionResults"] = {"credProps": {"rk": alone}}
        return self.cleaned_data


class RenamePasskeyForm(EditWebAuthnForm):
    name = forms.CharField(label=gettext_lazy("Name of the key"), max_length=LONGEST_KEY_NAME)


class PasskeyAnswer(forms.Form):
    """The answer of a passkey to the challenge of one purpose. To be mixed into allauth's forms."""

    credential = CredentialField()
    purpose: Purpose

    def clean_credential(self) -> Authenticator:
        self.cleaned_data["credential"] = assertion(
            self.cleaned_data["credential"],
            names_person=self.user is None,  # type: ignore[attr-defined]
        )
        take_challenge(context.request, self.purpose, self.user)  # type: ignore[attr-defined]
        with readable():
            found: Authenticator = super().clean_credential()  # type: ignore[misc]
        return found


class LogInWithPasskeyForm(PasskeyAnswer, LoginWebAuthnForm):
    purpose = Purpose.LOG_IN

    def clean_credential(self) -> Authenticator:
        authenticator = super().clean_credential()
        if not authenticator.wrap().is_passwordless:
            raise ValidationError(_("This key is only asked for after the password. Log in with the password first."))
        return authenticator


class SecondFactorPasskeyForm(PasskeyAnswer, AuthenticateWebAuthnForm):
    purpose = Purpose.SECOND_FACTOR


class ReauthenticatePasskeyForm(PasskeyAnswer, ReauthenticateWebAuthnForm):
    purpose = Purpose.REAUTHENTICATE


class CodeAnswer(forms.Form):
    """A one-time code. To be mixed into allauth's forms."""

    def clean_code(self) -> str:
        # Japanese keyboards write digits that are twice as wide.
        self.cleaned_data["code"] = unicodedata.normalize("NFKC", self.cleaned_data["code"])
        try:
            code: str = super().clean_code()  # type: ignore[misc]
        except CannotOpenError as error:
            raise ValidationError(_("Codes cannot be checked here at the moment. Please use another way.")) from error
        return code


class CountedCodeAnswer(CodeAnswer):
    """A code that proves who somebody is: wrong ones are counted for the account, whatever session they come from."""

    def clean_code(self) -> str:
        try:
            spent = spend_code(context.request, self.user)  # type: ignore[attr-defined]
        except TooManyCalls as refusal:
            raise ValidationError(
                _("There were too many wrong codes. Use a passkey, or a device on which you logged in before.")
                + " "
                + try_again(refusal)
            ) from refusal
        code = super().clean_code()
        spent.rollback()
        return code


class SecondFactorCodeForm(CountedCodeAnswer, AuthenticateForm):
    pass


class ReauthenticateCodeForm(CountedCodeAnswer, ReauthenticateForm):
    pass


class ActivateAppForm(CodeAnswer, ActivateTOTPForm):
    """The code that proves that the app works is used up: it does not log in a moment later (RFC 6238, 5.2)."""

    def clean_code(self) -> str:
        code = super().clean_code()
        app = Authenticator(user=self.user, type=Authenticator.Type.TOTP, data={"secret": encrypt(self.secret)})
        if not TOTP(app).validate_code(code):
            raise get_adapter().validation_error("incorrect_code")
        return code
