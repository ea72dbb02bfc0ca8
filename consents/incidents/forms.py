"""Forms of incidents at the privacy officer's desk."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from consents.incidents.actions import BY_HAND, EARLIEST, LONGEST_NOTE, LONGEST_TITLE, LONGEST_WORDS
from consents.incidents.texts import LONGEST, LONGEST_PART, PARTS, part_name
from disclosures.models import AffectedList, IncidentStepKind
from disclosures.writing.hold_actions import LONGEST_REASON
from privacycenter.errors import InvalidValue
from privacycenter.text.languages import has_interface_texts, name_of, site_languages, speaking
from privacycenter.text.legible import validate_legible

MOMENT = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
NO_SUCH_TIME = _("This time has not come yet, or is too long ago.")
MOMENT_FORMATS = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"]


class IncidentForm(forms.Form):
    """A new incident."""

    title = forms.CharField(
        label=_("What it is called at the desk"), max_length=LONGEST_TITLE, validators=[validate_legible],
        help_text=_("People affected do not read it. Name nobody."),
    )  # fmt: skip
    noticed_at = forms.DateTimeField(
        label=_("Noticed at"), widget=MOMENT, input_formats=MOMENT_FORMATS,
        error_messages={"required": _("Say the day and the time."), "invalid": _("Say the day and the time.")},
        help_text=_("When the company became aware of it: the clocks of the law begin then."),
    )  # fmt: skip
    is_malicious = forms.BooleanField(
        label=_("It may have been done with a wrongful purpose (the final report then has 60 days)"), required=False
    )
    is_under_gdpr = forms.BooleanField(label=_("People in the EU are affected (GDPR: 72 hours)"), required=False)

    def clean_noticed_at(self) -> Any:
        noticed_at = self.cleaned_data["noticed_at"]
        if not EARLIEST <= noticed_at <= timezone.now():
            raise forms.ValidationError(NO_SUCH_TIME)
        return noticed_at


class AttachListForm(forms.Form):
    """A list of affected people to add. The newest fifty are offered."""

    list = forms.ModelChoiceField(
        label=_("List of affected people"), queryset=AffectedList.objects.none(), empty_label="---------",
        error_messages={"required": _("Choose one.")},
    )  # fmt: skip

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        newest = AffectedList.objects.newest_first().values_list("pk", flat=True)[:50]
        field: Any = self.fields["list"]
        field.queryset = AffectedList.objects.filter(pk__in=list(newest)).newest_first()
        field.label_from_instance = in_short


def in_short(made: AffectedList) -> str:
    codes = [value for name, value in made.filters.items() if name not in ("since", "until", "items")]
    day = timezone.localtime(made.asked_at).strftime("%Y-%m-%d %H:%M")
    return f"{day}: {', '.join([*codes, *made.filters.get('items', [])])} ({made.person_count:,})"


class TextForm(forms.Form):
    """The text for the people affected, each part in each language of the site."""

    def __init__(self, data: Any = None, *, text: dict[str, dict[str, str]] | None = None) -> None:
        super().__init__(data)
        for language in site_languages():
            for part, heading in PARTS.items():
                self.fields[part_name(part, language)] = forms.CharField(
                    label=f"{heading} ({name_of(language)})",
                    required=language == settings.LANGUAGE_CODE,
                    max_length=LONGEST.get(part, LONGEST_PART),
                    validators=[validate_legible],
                    initial=((text or {}).get(language) or {}).get(part, ""),
                    error_messages={"required": _("The law wants the people affected told this.")},
                    widget=forms.TextInput(attrs={"lang": language, "size": 60})
                    if part == "title"
                    else forms.Textarea(attrs={"rows": 4, "lang": language}),
                )

    @property
    def words(self) -> dict[str, dict[str, str]]:
        return {
            language: {part: self.cleaned_data.get(part_name(part, language), "") for part in PARTS}
            for language in site_languages()
        }

    def add_refusal(self, refusal: InvalidValue) -> None:
        field = refusal.field if refusal.field in self.fields else None
        self.add_error(field, _("The law wants the people affected told this."))


class IncidentStepForm(forms.Form):
    """One step by hand. Of some kinds the people affected read the words."""

    kind = forms.ChoiceField(label=_("What was done"), error_messages={"required": _("Choose what was done.")})
    happened_at = forms.DateTimeField(
        label=_("When it was done"), required=False, widget=MOMENT, input_formats=MOMENT_FORMATS,
        help_text=_("Empty: now."),
        error_messages={"invalid": _("Say the day and the time.")},
    )  # fmt: skip

    def __init__(self, data: Any = None, *, is_closed: bool) -> None:
        super().__init__(data)
        kinds = [kind for kind in BY_HAND if (kind is IncidentStepKind.REOPENED) == is_closed]
        choice: Any = self.fields["kind"]
        choice.choices = [("", "---------"), *((kind.code, kind.label) for kind in kinds)]
        for language in site_languages():
            self.fields[part_name("words", language)] = forms.CharField(
                label=_("For the people affected (%(language)s)") % {"language": name_of(language)}, required=False,
                max_length=LONGEST_WORDS, validators=[validate_legible],
                widget=forms.Textarea(attrs={"rows": 3, "lang": language}),
            )  # fmt: skip
        self.fields[part_name("words", settings.LANGUAGE_CODE)].help_text = _(
            "Needed for a measure, an announcement, closing and reopening."
        )
        self.fields["note"] = forms.CharField(
            label=_("Internal note"), required=False, max_length=LONGEST_NOTE, validators=[validate_legible],
            widget=forms.Textarea(attrs={"rows": 3}), help_text=_("The desk alone reads it."),
        )  # fmt: skip

    def step(self) -> dict[str, Any]:
        return {
            "kind": IncidentStepKind[self.cleaned_data["kind"].upper()],
            "happened_at": self.cleaned_data.get("happened_at"),
            "note": self.cleaned_data.get("note", ""),
            "words": {one: self.cleaned_data.get(part_name("words", one), "") for one in site_languages()},
        }

    def add_refusal(self, refusal: InvalidValue) -> None:
        if refusal.field == "words":
            self.add_error(
                part_name("words", settings.LANGUAGE_CODE),
                _("Say in Japanese what was done: the people affected read it."),
            )
        elif refusal.field == "note":
            self.add_error("note", _("The note says nothing."))
        elif refusal.field == "reports":
            self.add_error("note", _("Not every report was made. Say here why none is needed."))
        else:
            self.add_error("happened_at", NO_SUCH_TIME)


class TakeBackForm(forms.Form):
    """A step that was entered wrongly, and why it is taken back. ``steps``: key and name of those that can be."""

    step = forms.TypedChoiceField(
        label=_("Wrong entry"),
        coerce=int,
        error_messages={"required": _("Choose one."), "invalid_choice": _("Choose one.")},
    )
    reason = forms.CharField(
        label=_("Why it is taken back"), max_length=LONGEST_NOTE, validators=[validate_legible],
        widget=forms.Textarea(attrs={"rows": 2}), help_text=_("The desk alone reads it."),
        error_messages={"required": _("Say why.")},
    )  # fmt: skip

    def __init__(self, data: Any = None, *, steps: Sequence[tuple[int, str]]) -> None:
        super().__init__(data, prefix="back")
        choice: Any = self.fields["step"]
        choice.choices = [("", "---------"), *steps]


class HoldForm(forms.Form):
    """A recipient to put on hold now, and what everybody reads of why."""

    recipient = forms.CharField(
        label=_("Code of the recipient"), max_length=60, error_messages={"required": _("Say which recipient.")}
    )

    def __init__(self, data: Any = None, *, recipient: str = "") -> None:
        super().__init__(data, prefix="hold", initial={"recipient": recipient})
        for language in site_languages():
            self.fields[part_name("reason", language)] = forms.CharField(
                label=_("Why, for everybody (%(language)s)") % {"language": name_of(language)},
                required=language == settings.LANGUAGE_CODE, max_length=LONGEST_REASON, validators=[validate_legible],
                initial=neutral_reason(language), widget=forms.Textarea(attrs={"rows": 2, "lang": language}),
                error_messages={"required": _("Say in Japanese why: everybody reads it.")},
            )  # fmt: skip

    @property
    def reason(self) -> dict[str, str]:
        return {one: self.cleaned_data.get(part_name("reason", one), "") for one in site_languages()}

    def add_refusal(self, refusal: InvalidValue) -> None:
        if refusal.field == "recipient":
            self.add_error("recipient", _("No recipient with this code is published, or it is on hold already."))
        else:
            self.add_error(part_name("reason", settings.LANGUAGE_CODE), _("Say in Japanese why: everybody reads it."))


def neutral_reason(language: str) -> str:
    """Return a reason that says nothing of what happened; empty in a language without interface texts."""
    if not has_interface_texts(language):
        return ""
    with speaking(language):
        return gettext("We are checking something with this recipient. Until that is done, we provide nothing to it.")


class ReleaseForm(forms.Form):
    """A recipient whose hold ends, and why."""

    recipient = forms.CharField(widget=forms.HiddenInput, max_length=60)
    note = forms.CharField(
        label=_("Why the hold ends"), max_length=LONGEST_NOTE, validators=[validate_legible],
        widget=forms.Textarea(attrs={"rows": 2}), help_text=_("The desk alone reads it."),
        error_messages={"required": _("Say why.")},
    )  # fmt: skip

    def __init__(self, data: Any = None, *, recipient: str = "") -> None:
        super().__init__(data, prefix="release", initial={"recipient": recipient}, auto_id=f"id_%s_{recipient}")


class TellForm(forms.Form):
    """That the officer has read what everybody affected will read."""

    has_read = forms.BooleanField(
        label=_("I have read the text above as the people affected will read it"),
        error_messages={"required": _("Read the text first, and say so here.")},
    )
