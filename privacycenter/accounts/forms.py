"""Forms of the log-in that differ from allauth's."""

from allauth.account.forms import AddEmailForm
from allauth.account.models import EmailAddress
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext as _

from privacycenter.accounts.addresses import NEW_ADDRESSES, ask_for_proof
from privacycenter.errors import TooManyCalls
from privacycenter.rate_limits.limits import Counted, spend


class NewAddressForm(AddEmailForm):
    """Another address. The one in use stays until it is proved."""

    def clean_email(self) -> str:
        address: str = super().clean_email()
        try:
            spend(NEW_ADDRESSES, Counted("person", str(self.user.pk)))
        except TooManyCalls as refusal:
            raise ValidationError(
                _("You have had links sent to many addresses today. Please try again tomorrow.")
            ) from refusal
        return address

    def save(self, request: HttpRequest) -> EmailAddress:
        return ask_for_proof(request, self.user, self.cleaned_data["email"])
