"""Forms of recalls: the person's, the officers', and the recipient's."""

from collections.abc import Iterable, Sequence
from typing import Any, cast

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from consents.models import RecallKind, RecallStepKind
from consents.recalls.about import EVERYTHING, About, about_in
from consents.recalls.choices import RecallChoice, RecallChoices
from consents.recalls.queries import DeskFilters
from consents.withdrawals.actions import LONGEST_REASON
from disclosures.countersigning.actions import Signed
from disclosures.inquiries.numbers import as_reference
from privacycenter.errors import InvalidValue
from privacycenter.log.countersigning import LONGEST_STATEMENT
from privacycenter.text.languages import name_of, page_language, site_languages
from privacycenter.text.legible import validate_legible

# What a person asks for, in their words.
ASKED = {
    RecallKind.DELETE: _("Delete my data"),
    RecallKind.STOP: _("No longer use my data"),
    RecallKind.CORRECT: _("Correct my data"),
}
STEP_WORDS = {
    RecallStepKind.TOLD: _("The recipient was told"),
    RecallStepKind.ACKNOWLEDGED: pgettext_lazy("recall", "The recipient confirmed that it knows"),
    RecallStepKind.REFUSED: _("The recipient refuses, for a reason"),
    RecallStepKind.KEPT: _("The recipient keeps data, for a reason"),
    RecallStepKind.CORRECTED: _("The recipient corrected the data"),
    RecallStepKind.STOPPED: _("The recipient no longer uses the data"),
    RecallStepKind.DELETED: _("The recipient deleted the data"),
}
ANSWER_WORDS = {
    RecallStepKind.ACKNOWLEDGED: _("We have received this and are working on it"),
    RecallStepKind.REFUSED: _("We do not do this, for the reason below"),
    RecallStepKind.KEPT: _("We have to keep data, for the reason below"),
    RecallStepKind.CORRECTED: _("We have corrected the data"),
    RecallStepKind.STOPPED: _("We no longer use the data"),
    RecallStepKind.DELETED: _("We have deleted the data"),
}


class RecallForm(forms.Form):
    """``about``: as in ``about.About.value``; ``kind``: what the recipients shall do."""

    about = forms.CharField(max_length=120)
    incident = forms.UUIDField(required=False)
    kind = forms.ChoiceField(
        label=_("What should they do?"), choices=list(ASKED.items()), widget=forms.RadioSelect,
        error_messages={"required": _("Choose one.")},
    )  # fmt: skip

    def clean_about(self) -> About:
        about = about_in(self.cleaned_data["about"])
        if about is None:
            raise ValidationError("There is no such thing to recall.", code="invalid")
        return about

    @property
    def chosen_kind(self) -> RecallKind:
        return RecallKind(self.cleaned_data["kind"])


def about_or_none(value: str) -> About | None:
    """Return what an address names, or None if it names nothing that can be recalled."""
    return about_in(value[:120])


class CaseFilterForm(forms.Form):
    """Filters of the officers' list. Unknown values filter nothing."""

    state = forms.ChoiceField(
        label=_("Status"), required=False, choices=[("", _("Not closed yet")), ("closed", _("Closed"))]
    )
    kind = forms.ChoiceField(
        label=_("What is asked"), required=False, choices=[("", _("All")), *((kind, kind.label) for kind in RecallKind)]
    )
    recipient = forms.CharField(label=_("Code of the recipient"), required=False, max_length=60)

    def filters(self) -> DeskFilters:
        self.is_valid()
        cleaned = self.cleaned_data
        return DeskFilters(
            is_open=cleaned.get("state") != "closed",
            kind=cleaned.get("kind") or "",
            recipient=(cleaned.get("recipient") or "").strip(),
        )


def reason_name(language: str) -> str:
    return f"reason_{language}"


FIRST_REASON = reason_name(settings.LANGUAGE_CODE)


class RecallStepForm(forms.Form):
    """The next step of a case, with a reason in each language of the site. ``kinds``: the steps still possible."""

    step = forms.ChoiceField(label=_("What happened"), error_messages={"required": _("Choose what happened.")})

    def __init__(self, data: Any = None, *, kinds: Sequence[RecallStepKind]) -> None:
        super().__init__(data)
        step = cast(forms.ChoiceField, self.fields["step"])
        step.choices = [("", "---------"), *((kind.code, STEP_WORDS[kind]) for kind in kinds)]
        for language in site_languages():
            self.fields[reason_name(language)] = forms.CharField(
                label=gettext("Why it is kept or refused (%(language)s)") % {"language": name_of(language)},
                required=False, max_length=LONGEST_REASON, validators=[validate_legible],
                widget=forms.Textarea(attrs={"rows": 3, "lang": language}),
            )  # fmt: skip
        self.fields[FIRST_REASON].help_text = _("Only for what is kept or refused. The person reads it.")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not cleaned.get("step"):
            return cleaned
        if self.kind.needs_reason and not cleaned.get(FIRST_REASON):
            self.add_error(FIRST_REASON, _("Say the reason in Japanese."))
        if not self.kind.needs_reason and any(self.reason.values()):
            self.add_error("step", _("Only what is kept or refused needs a reason: choose that, or empty the reason."))
        return cleaned

    @property
    def kind(self) -> RecallStepKind:
        return RecallStepKind.from_code(self.cleaned_data["step"])

    @property
    def reason(self) -> dict[str, str]:
        return {language: self.cleaned_data.get(reason_name(language), "") for language in site_languages()}


class RecallForPersonForm(forms.Form):
    """What an officer recalls for a person who asked for it. Nothing is preselected."""

    about = forms.ChoiceField(label=_("What is recalled"), error_messages={"required": _("Choose one.")})
    kind = forms.ChoiceField(
        label=_("What the recipients shall do"), choices=[("", "---------"), *RecallKind.choices],
        error_messages={"required": _("Choose one.")},
    )  # fmt: skip

    inquiry = forms.CharField(
        label=_("Reference number of the request in which it was asked for"), max_length=60, required=False,
        help_text=_("If there is one. Its sender is told that recipients are asked."),
    )  # fmt: skip

    def __init__(self, data: Any = None, *, choices: RecallChoices, inquiry: str = "") -> None:
        super().__init__(data, initial={"inquiry": as_reference(inquiry)})
        self.abouts = [EVERYTHING, *(one.about for one in (*choices.companies, *choices.items))]
        everything = [(choices.everything_value, gettext("everything"))] if choices.everything else []
        cast(forms.ChoiceField, self.fields["about"]).choices = [
            ("", "---------"),
            *everything,
            (gettext("From one recipient"), named(choices.companies)),
            (gettext("One item, wherever it is"), named(choices.items)),
        ]

    def add_refusal(self, refusal: InvalidValue) -> None:
        refused = {
            "inquiry": _("This person sent no request with this number."),
            "whose": _("Connect the request with this person first."),
            "kind": _("This request asks recipients for nothing: no recall follows from it."),
        }
        if refusal.field in refused:
            self.add_error("inquiry", refused[refusal.field])
        else:
            self.add_error(None, _("Nobody is left to be asked: an open recall asks for the same already."))

    @property
    def chosen_about(self) -> About:
        return next(about for about in self.abouts if about.value == self.cleaned_data["about"])

    @property
    def chosen_kind(self) -> RecallKind:
        return RecallKind(self.cleaned_data["kind"])


def named(choices: Iterable[RecallChoice]) -> list[tuple[str, str]]:
    return [(choice.about.value, str(choice.title)) for choice in choices]


class RecipientMailForm(forms.Form):
    """Where to write to the recipient."""

    address = forms.EmailField(
        label=_("E-mail address of the recipient"), max_length=254,
        help_text=_("It gets a link by which it answers. The mail names nobody."),
    )  # fmt: skip


class AnswerForm(forms.Form):
    """What a recipient did, by its link. The reason is in the language of the page."""

    step = forms.ChoiceField(
        label=_("What have you done?"), widget=forms.RadioSelect, error_messages={"required": _("Choose one.")}
    )
    reason = forms.CharField(
        label=_("The reason, if you keep data or refuse"), required=False, max_length=LONGEST_REASON,
        validators=[validate_legible], widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("The person reads it. Name the law if one makes you keep data. Name nobody."),
    )  # fmt: skip

    statement = forms.CharField(
        label=_("The text that you signed"), required=False, max_length=LONGEST_STATEMENT,
        widget=forms.Textarea(attrs={"rows": 4, "spellcheck": "false", "lang": "zxx"}),
        help_text=_("Only if you sign with your key: the text from above, unchanged."),
    )  # fmt: skip
    signature = forms.CharField(
        label=_("The signature"), required=False, max_length=200,
        widget=forms.Textarea(attrs={"rows": 2, "spellcheck": "false", "lang": "zxx"}), help_text=_("Base64."),
    )  # fmt: skip

    def __init__(self, data: Any = None, *, kinds: Sequence[RecallStepKind], can_sign: bool = False) -> None:
        super().__init__(data)
        cast(forms.ChoiceField, self.fields["step"]).choices = [(kind.code, ANSWER_WORDS[kind]) for kind in kinds]
        if not can_sign:
            del self.fields["statement"], self.fields["signature"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        given = [bool(cleaned.get(name)) for name in ("statement", "signature")]
        if any(given) and not all(given) and not {"statement", "signature"} & self.errors.keys():
            self.add_error("signature", _("A signature needs both: the text and the signature."))
        if cleaned.get("step") and self.kind.needs_reason and not cleaned.get("reason"):
            self.add_error("reason", _("Say why."))
        return cleaned

    @property
    def kind(self) -> RecallStepKind:
        return RecallStepKind.from_code(self.cleaned_data["step"])

    @property
    def signed(self) -> Signed | None:
        """What the recipient signed with its key, if it did."""
        cleaned = self.cleaned_data
        return Signed(cleaned["statement"], cleaned["signature"]) if cleaned.get("signature") else None

    @property
    def reason_texts(self) -> dict[str, str]:
        """What the recipient said, in the language of the page."""
        return {page_language(): self.cleaned_data["reason"]} if self.kind.needs_reason else {}
