"""Forms for answering a request and for setting a rule."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, cast

from django import forms
from django.core import signing
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from consents.asking.answer_changes import AnswerChange
from consents.asking.requests import RequestPage
from consents.models import RuleKind, RuleSetting
from privacycenter.canonical import sha256_of

ALLOW, REFUSE = "allow", "refuse"
# The lengths offered, in days, where shorter than the length asked for.
LENGTHS = (7, 30, 90, 180, 365)
SEEN = "text-seen"


def lengths(asked: int) -> list[int]:
    return [days for days in LENGTHS if days < asked] + [asked]


@dataclass(frozen=True)
class Length:
    """How long an approval can hold: so many days, until the end of which day."""

    days: int
    until: date


def length_of(days: int) -> Length:
    return Length(days, timezone.localdate() + timedelta(days=days))


class AnswerForm(forms.Form):
    """The answer to one request: which items, for how long, and one of two equal buttons.

    Nothing is preselected. ``seen`` is the signed text that the person read, so that changes to it can be marked.
    """

    allowed = forms.MultipleChoiceField(required=False, widget=forms.CheckboxSelectMultiple)
    valid_days = forms.TypedChoiceField(required=False, coerce=int, empty_value=None)
    answer = forms.ChoiceField(
        choices=[(ALLOW, ALLOW), (REFUSE, REFUSE)],
        error_messages=dict.fromkeys(("required", "invalid_choice"), _("Choose one of the two answers.")),
    )  # fmt: skip
    text_sha256 = forms.RegexField(regex=r"^[0-9a-f]{64}\Z")
    seen = forms.CharField(required=False)

    def __init__(self, data: Any = None, *, page: RequestPage) -> None:
        super().__init__(data)
        self.page = page
        allowed = cast(forms.MultipleChoiceField, self.fields["allowed"])
        allowed.choices = [(item.code, item.title.text) for item in page.items]
        days = cast(forms.TypedChoiceField, self.fields["valid_days"])
        days.choices = [(str(length), str(length)) for length in lengths(page.valid_days)]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("answer") == ALLOW:
            if "allowed" not in self.errors and not cleaned.get("allowed"):
                self.add_error("allowed", _("Choose at least one item to allow, or answer “Do not allow”."))
            if "valid_days" not in self.errors and not cleaned.get("valid_days"):
                self.add_error("valid_days", _("Choose for how long you allow it, or answer “Do not allow”."))
        return cleaned

    @property
    def allowed_codes(self) -> set[str]:
        """The items ticked; none if the answer is to refuse."""
        return set(self.cleaned_data["allowed"]) if self.cleaned_data["answer"] == ALLOW else set()

    @property
    def chosen_days(self) -> int | None:
        return self.cleaned_data["valid_days"] if self.cleaned_data["answer"] == ALLOW else None

    @property
    def has_other_text(self) -> bool:
        """Whether the person read another text than the current one. Also right on an invalid form."""
        return bool(self.cleaned_data.get("text_sha256", self.page.text_sha256) != self.page.text_sha256)

    @property
    def text_seen(self) -> dict[str, Any] | None:
        """The text behind ``text_sha256`` as the form returned it; None if the signature or the hash does not match."""
        try:
            text = signing.loads(self.cleaned_data.get("seen", ""), salt=SEEN)
        except signing.BadSignature:
            return None
        return text if sha256_of(text) == self.cleaned_data["text_sha256"] else None

    @property
    def lengths(self) -> list[Length]:
        """The lengths to choose from."""
        return [length_of(days) for days in lengths(self.page.valid_days)]

    @property
    def counts(self) -> range:
        """How many items can be ticked: from none to all."""
        return range(len(self.page.items) + 1)

    @property
    def signed_text(self) -> str:
        return signing.dumps(self.page.text, salt=SEEN, compress=True)


class ChangeForm(forms.Form):
    """Which items of an answer are allowed from now on. What is allowed now is ticked: the person said so."""

    allowed = forms.MultipleChoiceField(required=False, widget=forms.CheckboxSelectMultiple)
    text_sha256 = forms.RegexField(regex=r"^[0-9a-f]{64}\Z")

    def __init__(self, data: Any = None, *, change: AnswerChange) -> None:
        super().__init__(data, initial={"allowed": sorted(change.allowed), "text_sha256": change.text_sha256})
        self.change = change
        allowed = cast(forms.MultipleChoiceField, self.fields["allowed"])
        allowed.choices = [(item.code, item.title.text) for item in change.items]

    def clean_allowed(self) -> set[str]:
        allowed = set(self.cleaned_data["allowed"])
        if not allowed:
            raise forms.ValidationError(_("Leave at least one item allowed. To end all of it, withdraw the answer."))
        if allowed == self.change.allowed:
            raise forms.ValidationError(_("Nothing would change. Tick or untick an item."))
        return allowed

    @property
    def has_other_text(self) -> bool:
        """Whether the person read another text than the current one. Also right on an invalid form."""
        return bool(self.cleaned_data.get("text_sha256", self.change.text_sha256) != self.change.text_sha256)


class RuleForm(forms.Form):
    """What a rule is about (``kind:code``) and what it does. ``choices``: of ``about``, grouped or not. ``ending``: it
    can only be ended.
    """

    about = forms.ChoiceField(label=_("What is it about?"))
    setting = forms.ChoiceField(label=_("What should happen?"))

    def __init__(self, data: Any, *, choices: list[tuple[Any, Any]], ending: bool = False) -> None:
        super().__init__(data)
        about, setting = (cast(forms.ChoiceField, self.fields[name]) for name in ("about", "setting"))
        about.choices = choices
        settings = [RuleSetting.OFF] if ending else [RuleSetting.REFUSE, RuleSetting.ASK]
        setting.choices = [(one, one.label) for one in settings]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("setting") == RuleSetting.ASK and cleaned.get("about") and self.kind != RuleKind.RECIPIENT:
            self.add_error(
                "setting", _("“Ask me each time” works as an exception for one recipient. Choose the recipient.")
            )
        return cleaned

    @property
    def kind(self) -> RuleKind:
        return RuleKind(self.cleaned_data["about"].partition(":")[0])

    @property
    def code(self) -> str:
        return str(self.cleaned_data["about"]).partition(":")[2]

    @property
    def chosen(self) -> RuleSetting:
        return RuleSetting(self.cleaned_data["setting"])
