"""Forms of the pages of change sets."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from disclosures.change_sets.actions import LONGEST_NAME
from disclosures.change_sets.conflicts import MINE, NOW, SeenConflict
from disclosures.change_sets.queries import other_open_sets
from disclosures.models import ChangeSet
from disclosures.proposals.forms import LONGEST_REASON
from privacycenter.text.legible import validate_legible


def moment(label: Any, help_text: Any) -> forms.DateTimeField:
    return forms.DateTimeField(
        label=label,
        help_text=help_text,
        required=False,
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"],
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )


class UntilForm(forms.Form):
    """A time to come, or none."""

    until: Any

    def clean_until(self) -> Any:
        at = self.cleaned_data["until"]
        if at and at <= timezone.now():
            raise ValidationError(_("This time has passed. Choose a later one, or leave it empty."))
        return at


class NameForm(forms.Form):
    name = forms.CharField(
        label=_("Name"),
        help_text=_("Shown at the desk alone, never to visitors."),
        max_length=LONGEST_NAME,
        validators=[validate_legible],
        widget=forms.TextInput(attrs={"class": "vTextField"}),
        error_messages={"required": _("Give the change set a name.")},
    )


class EmbargoForm(UntilForm):
    until = moment(_("Embargo until"), _("Empty: until it is lifted."))


class LiftForm(forms.Form):
    reason = forms.CharField(
        label=_("Why the embargo is lifted"),
        max_length=LONGEST_REASON,
        validators=[validate_legible],
        widget=forms.TextInput(attrs={"class": "vTextField"}),
        error_messages={"required": _("Say why: it is written down.")},
    )


class LimitForm(UntilForm):
    until = moment(_("Publish until"), _("At this time it is taken back by itself. Empty: without an end."))


class MoveForm(forms.Form):
    """Moves what is ticked to another set. ``entries`` stand in the list of changes, not in the form."""

    to = forms.ModelChoiceField(
        label=_("Move what is ticked to"),
        queryset=ChangeSet.objects.none(),
        empty_label=_("Choose a change set"),
        error_messages={"required": _("Choose a change set.")},
    )

    def __init__(self, *args: Any, change_set: ChangeSet, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        to: Any = self.fields["to"]
        to.queryset = other_open_sets(change_set)


class MergeForm(forms.Form):
    """One field for each conflict: a text with both put together, or a choice in which nothing is preselected."""

    seen = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, conflicts: list[SeenConflict], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for one in conflicts:
            self.fields[one.name] = text_field(one) if one.is_text else choice_field(one)

    def rows(self, conflicts: list[SeenConflict]) -> list[tuple[SeenConflict, forms.BoundField]]:
        return [(one, self[one.name]) for one in conflicts]


def text_field(one: SeenConflict) -> forms.CharField:
    return forms.CharField(
        label=_("What shall stand"),
        required=False,
        initial=one.suggested,
        max_length=one.max_length,
        strip=False,
        validators=[validate_legible],
        widget=forms.Textarea(attrs={"rows": 5, "class": "vLargeTextField", "lang": one.conflict.language}),
    )


def choice_field(one: SeenConflict) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=_("What shall stand"),
        choices=[(NOW, _("what is published now")), (MINE, _("what this change set says"))],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose one of the two.")},
    )
