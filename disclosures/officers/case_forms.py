"""Forms about cases of the privacy officer."""

from collections.abc import Iterable
from typing import Any, cast

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from disclosures.models import CaseKind, Reporter, Scenario, Service
from disclosures.models.ledger.events import DIFFERS, UNAPPROVED
from disclosures.officers.actions import LONGEST_REASON, LONGEST_WORDS, MOST_AT_ONCE
from disclosures.officers.case_pages import possible_owners
from disclosures.officers.cases import ALL, CLOSED, NOBODY, OPEN, OVERDUE, CaseFilters, owners_of_cases
from disclosures.record.forms import LookupReasonField
from privacycenter.http.key_addresses import key_in
from privacycenter.models import User
from privacycenter.text.languages import name_of, site_languages
from privacycenter.text.legible import validate_legible

MINE = "mine"
ABOUT = {
    "conflict": CaseKind.CONFLICT, "rejected": CaseKind.REJECTED, "unevidenced": CaseKind.UNEVIDENCED,
    "flagged": CaseKind.FLAGGED, "correction": CaseKind.CORRECTION,
}  # fmt: skip


class CaseFilterForm(forms.Form):
    """Filters the list of cases. Unknown values filter nothing."""

    state = forms.ChoiceField(
        label=_("Status"),
        required=False,
        choices=[
            (OPEN, _("Not closed yet")),
            (OVERDUE, _("Overdue")),
            (CLOSED, _("Closed")),
            (ALL, _("All")),
        ],
    )
    about = forms.ChoiceField(
        label=_("About"),
        required=False,
        choices=[
            ("", _("All")),
            ("unapproved", _("Provided without approval")),
            ("differs", _("Practice differs from what we publish")),
            ("flagged", _("Flagged disclosure")),
            ("correction", _("Flagged correction")),
            ("conflict", _("Conflicting report")),
            ("rejected", _("Rejected report")),
            ("unevidenced", _("Reports without evidence")),
        ],
    )
    reporter = forms.ChoiceField(label=_("Reported by"), required=False)
    service = forms.ChoiceField(label=_("Service"), required=False)
    scenario = forms.ChoiceField(label=_("Situation"), required=False)
    recipient = forms.CharField(label=_("Code of the recipient"), required=False, max_length=60)
    owner = forms.ChoiceField(label=_("Owner"), required=False)
    q = forms.CharField(label=_("Number, name or event"), required=False, max_length=255)

    def __init__(self, data: Any, *, by: User) -> None:
        super().__init__(data)
        self.by = by
        for name, model in (("reporter", Reporter), ("service", Service), ("scenario", Scenario)):
            rows = model._default_manager.order_by("code")
            self.choose_from(name, ((row.code, str(row)) for row in rows))
        owners = ((str(owner.pk), str(owner)) for owner in owners_of_cases())
        self.choose_from(
            "owner", [(MINE, pgettext_lazy("owner", "me")), (NOBODY, pgettext_lazy("owner", "nobody")), *owners]
        )

    def choose_from(self, name: str, choices: Iterable[tuple[str, Any]]) -> None:
        cast(forms.ChoiceField, self.fields[name]).choices = [("", _("All")), *choices]

    def filters(self) -> CaseFilters:
        self.is_valid()
        given = {name: value.strip() for name, value in self.cleaned_data.items()}
        about, owner = given.pop("about", ""), given.pop("owner", "")
        return CaseFilters(
            **{("text" if name == "q" else name): value for name, value in given.items()},
            kind=ABOUT.get(about),
            flags={"unapproved": int(UNAPPROVED), "differs": int(DIFFERS)}.get(about, 0),
            owner=str(self.by.pk) if owner == MINE else owner,
        )


class ReasonForm(forms.Form):
    """What was found or done, and what people are told of it where ``can_tell``."""

    reason = forms.CharField(
        label=_("What was found or done"),
        max_length=LONGEST_REASON,
        validators=[validate_legible],
        error_messages={"required": _("Say what was found or done.")},
        widget=forms.Textarea(attrs={"rows": 5}),
    )

    def __init__(self, data: Any = None, *, can_tell: bool, initial: Any = None) -> None:
        super().__init__(data, initial=initial)
        self.languages = site_languages() if can_tell else ()
        for language in self.languages:
            self.fields[words_name(language)] = forms.CharField(
                label=_("What the person reads (%(language)s)") % {"language": name_of(language)}, required=False,
                max_length=LONGEST_WORDS, validators=[validate_legible],
                widget=forms.Textarea(attrs={"rows": 3, "lang": language}),
            )  # fmt: skip
        if self.languages:
            help_text = _("Everybody whose disclosure is an event of the case reads it. Empty: they are told nothing.")
            self.fields[words_name(settings.LANGUAGE_CODE)].help_text = help_text

    @property
    def words_fields(self) -> list[forms.BoundField]:
        return [self[words_name(language)] for language in self.languages]

    @property
    def words(self) -> dict[str, str]:
        return {language: self.cleaned_data.get(words_name(language), "") for language in self.languages}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        written = [language for language in self.languages if cleaned.get(words_name(language))]
        if written and settings.LANGUAGE_CODE not in written:
            self.add_error(words_name(settings.LANGUAGE_CODE), _("Say it in Japanese, too: the person reads it."))
        return cleaned


class CaseStepForm(ReasonForm):
    """One step on a case. ``seen`` is how many steps the page showed."""

    is_closing = forms.BooleanField(label=_("This closes the case"), required=False)
    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def step(self) -> dict[str, Any]:
        return {**{name: self.cleaned_data[name] for name in ("reason", "is_closing", "seen")}, "words": self.words}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if "seen" in self.errors:
            raise ValidationError(_("Open the case again, then write the step."))
        return cleaned


class OwnerForm(forms.Form):
    """To whom a case is given."""

    owner: forms.ModelChoiceField[User] = forms.ModelChoiceField(
        label=_("Owner"), queryset=None, required=False, empty_label=pgettext_lazy("owner", "nobody")
    )
    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(self, data: Any = None, **more: Any) -> None:
        super().__init__(data, **more)
        self.fields["owner"].queryset = possible_owners()  # type: ignore[attr-defined]


class DueForm(forms.Form):
    """By when a case should be closed, and why."""

    due_on = forms.DateField(
        label=_("Due"), error_messages={"required": _("Say a day."), "invalid": _("Say a day.")},
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )  # fmt: skip
    why = forms.CharField(
        label=_("Why this day"), max_length=LONGEST_REASON, validators=[validate_legible],
        error_messages={"required": _("Say why.")}, widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip
    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0)


class CloseManyForm(ReasonForm):
    """Which cases are closed together: each as its number and how many of its steps were seen (``12:0``)."""

    prefix = "close"

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, can_tell=True)
        self.given = data.getlist("chosen") if data is not None else []

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        cleaned["chosen"] = chosen = {}
        for one in self.given:
            number, _colon, seen = one.partition(":")
            case, steps = key_in(number), key_in(seen)
            if case is not None and steps is not None:
                chosen[case] = steps
        if not 0 < len(chosen) <= MOST_AT_ONCE:
            raise ValidationError(_("Choose the cases in the list: at most %(most)s.") % {"most": MOST_AT_ONCE})
        return cleaned


class OpenRecordForm(forms.Form):
    """Why the record of the person of an event is opened."""

    reason = LookupReasonField(help_text=_("The person can read it. Valid for this person for 30 minutes."))


def words_name(language: str) -> str:
    return f"words_{language}"
