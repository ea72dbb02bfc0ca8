"""The form of stopping: which company, or how far."""

from django import forms
from django.core.exceptions import ValidationError

from consents.stopping.scopes import Scope, scope_in


class StopForm(forms.Form):
    """``what``: ``recipient:<code>``, ``abroad:`` or ``all:``."""

    what = forms.CharField(max_length=120)

    def clean_what(self) -> Scope:
        scope = scope_in(self.cleaned_data["what"])
        if scope is None:
            raise ValidationError("There is no such thing to stop.", code="invalid")
        return scope

    @property
    def scope(self) -> Scope:
        found: Scope = self.cleaned_data["what"]
        return found
