"""The form for where leaving leads."""

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.translation import gettext_lazy as _

from privacycenter.models import User
from privacycenter.text.addresses import names_user


class ExitForm(forms.Form):
    address = forms.CharField(
        label=_("Where leaving leads"),
        help_text=_(
            "The address of a page that nobody would wonder about, such as a weather forecast. Empty: the home page."
        ),
        required=False,
        max_length=User._meta.get_field("exit_address").max_length,
        validators=[
            URLValidator(schemes=["https"], message=_("Enter a web address that begins with https://.")),
        ],
        widget=forms.URLInput(attrs={"placeholder": "https://", "autocomplete": "off"}),
    )

    def clean_address(self) -> str:
        """Refuse an address with a name or password: it would stand in every page."""
        address: str = self.cleaned_data["address"]
        if names_user(address):
            raise ValidationError(_("Enter a web address without a user name or password."))
        return address
