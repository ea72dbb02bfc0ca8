"""Forms of the desk for publishing, proposing, rejecting and rolling back."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from privacycenter.text.legible import validate_legible

LONGEST_REASON = 500


class ReasonForm(forms.Form):
    """Why something is published."""

    reason = forms.CharField(
        label=_("Why (shown in the public record of changes)"),
        required=False,
        max_length=LONGEST_REASON,
        validators=[validate_legible],
        widget=forms.TextInput(attrs={"class": "vTextField"}),
    )


class PublishForm(ReasonForm):
    """Form of the page of unpublished changes. ``seen`` is the hash of the working copy that the page showed."""

    publish_at = forms.DateTimeField(
        label=_("Publish at"),
        help_text=_("Empty: at once. Otherwise at this time, put onto what is published by then."),
        required=False,
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"],
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def clean_publish_at(self) -> Any:
        at = self.cleaned_data["publish_at"]
        if at and at <= timezone.now():
            raise ValidationError(_("This time has passed. Choose a later one, or leave it empty."))
        return at


class RejectForm(forms.Form):
    """Rejects a proposal, with a reason."""

    note = forms.CharField(
        label=_("Why it is rejected"),
        max_length=LONGEST_REASON,
        validators=[validate_legible],
        error_messages={"required": _("Say why, so that it can be fixed.")},
        widget=forms.TextInput(attrs={"class": "vTextField"}),
    )
