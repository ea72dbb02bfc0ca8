"""For which authority a pack is made."""

from collections.abc import Sequence
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from consents.authorities.queries import AuthorityChoice
from disclosures.models import Authority


class PackForm(forms.Form):
    """``authority``: nothing is preselected."""

    authority = forms.ChoiceField(
        label=_("For which authority?"), widget=forms.RadioSelect,
        error_messages={"required": _("Choose one."), "invalid_choice": _("Choose one.")},
    )  # fmt: skip

    def __init__(self, data: Any = None, *, choices: Sequence[AuthorityChoice]) -> None:
        super().__init__(data)
        self.authorities = {one.authority.code: one.authority for one in choices}
        cast(forms.ChoiceField, self.fields["authority"]).choices = [
            (code, one.name.text) for code, one in self.authorities.items()
        ]

    @property
    def chosen(self) -> Authority:
        return self.authorities[self.cleaned_data["authority"]]
