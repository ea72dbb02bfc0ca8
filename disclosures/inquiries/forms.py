"""Forms for requests to the operator: file one, look one up, take a step on one."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from disclosures.attachments.forms import CHOOSE_AGAIN, FilesField
from disclosures.attachments.uploads import Upload
from disclosures.inquiries.actions import LONGEST_BODY, LONGEST_MESSAGE, LONGEST_NAME, Filing
from disclosures.inquiries.numbers import is_our_token, new_token
from disclosures.inquiries.queries import About, DeskFilters
from disclosures.models import WAITING, AnswerWay, IdentityState, InquiryKind, InquiryLaw, InquiryStatus
from disclosures.prepared_answers.queries import hints_left
from disclosures.record.forms import LookupReasonField
from privacycenter.errors import Refusal
from privacycenter.models import User
from privacycenter.text.languages import page_language
from privacycenter.text.legible import validate_legible, validate_seen

ABOUT_IS_GONE = _(
    "We could not find what your inquiry was about, so it is left out. Please say in your text which entry you mean."
)
SEND_AGAIN = _("Your request was not sent yet. Please check it and send it again.")

# Name of a refusal → message; "" for all others.
REFUSED = {
    "no-longer-open": _("This inquiry has been closed in the meantime. You can only reopen it."),
    "identity-unknown": _("Before you answer, confirm below who the sender is, or say why that is not needed."),
    "invalid-value": _("Please write a message to the person, or a note if nothing changes for them."),
    "": _("This step could not be saved. Look at the request again."),
}


class LinesField(forms.CharField):
    """Text of several lines. Browsers send CRLF; it is stored and counted as one character."""

    widget = forms.Textarea

    def to_python(self, value: Any) -> str:
        return (super().to_python(value) or "").replace("\r\n", "\n")


class InquiryForm(forms.Form):
    """A request to the operator. No kind is preselected unless the URL names one."""

    kind = forms.ChoiceField(
        label=_("What is your request?"), widget=forms.RadioSelect, error_messages={"required": _("Choose one.")}
    )
    name = forms.CharField(
        label=_("Your name"),
        error_messages={"required": _("Enter your name.")},
        max_length=LONGEST_NAME,
        validators=[validate_seen],
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    email = forms.EmailField(
        label=_("E-mail address"),
        error_messages={"required": _("Enter your e-mail address.")},
        help_text=_("The confirmation and the answer are sent there. You also need it to look up the status."),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    body = LinesField(
        label=_("Your request or question"),
        error_messages={"required": _("Write your request or question.")},
        help_text=_("At most 5,000 characters. Please do not write passwords or credit card numbers."),
        max_length=LONGEST_BODY,
        validators=[validate_seen],
        widget=forms.Textarea(attrs={"rows": 8}),
    )
    attached = FilesField(label=_("Files"))
    # A honeypot: hidden from people, filled in by bots.
    website = forms.CharField(label=_("Leave this empty"), required=False)
    token = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(
        self, data: Any = None, files: Any = None, *, about: About | None = None, about_sent: str = "", **kwargs: Any
    ) -> None:
        super().__init__(data, files, **kwargs)
        self.about, self.about_sent = about, about_sent
        self.fields["kind"].choices = [(kind.code, kind.label) for kind in InquiryKind]  # type: ignore[attr-defined]
        self.fields["website"].widget.attrs.update({"autocomplete": "off", "tabindex": "-1"})

    def clean_name(self) -> str:
        return " ".join(self.cleaned_data["name"].split())

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if self.about_sent and not self.about:
            raise ValidationError(ABOUT_IS_GONE)
        if cleaned.get("website") or not is_our_token(cleaned.get("token", "")):
            raise ValidationError(SEND_AGAIN)
        return cleaned

    def shown_again(self, *, is_used_up: bool = False) -> "InquiryForm":
        """Return this form with its errors and content, ready to be sent again.

        ``is_used_up``: another request was sent with its token.
        """
        if self.files.getlist("attached") and "attached" not in self.errors:
            self.add_error("attached", CHOOSE_AGAIN)
        token = "" if is_used_up else self.data.get("token", "")
        self.data = {
            **{name: self.data.get(name, "") for name in self.data},
            "website": "",
            "token": token if is_our_token(token) else new_token(),
        }
        return self

    def filing(self) -> Filing:
        return Filing(
            token=self.cleaned_data["token"],
            kind=InquiryKind.from_code(self.cleaned_data["kind"]) or InquiryKind.QUESTION,
            name=self.cleaned_data["name"],
            email=self.cleaned_data["email"],
            body=self.cleaned_data["body"],
            about=self.about.value if self.about else "",
            language=page_language(),
            uploads=tuple(self.cleaned_data["attached"]),
        )


class LookUpForm(forms.Form):
    """Reference number and e-mail address, which together open a request's status page."""

    reference = forms.CharField(
        label=_("Reference number"),
        error_messages={"required": _("Enter the reference number.")},
        help_text=_("It begins with PC- and is in the confirmation that was sent to you."),
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )
    email = forms.EmailField(
        label=_("E-mail address"),
        error_messages={"required": _("Enter your e-mail address.")},
        help_text=_("The one you gave in your inquiry."),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )


class InquiryFilterForm(forms.Form):
    """Filters the desk's list. The URL holds its state; unknown values filter nothing."""

    WAITING, ALL, OVERDUE = "waiting", "all", "overdue"
    MINE, NOBODY = "mine", "nobody"

    show = forms.ChoiceField(label=_("Status"), required=False)
    kind = forms.ChoiceField(label=_("Type"), required=False)
    owner = forms.ChoiceField(label=_("In charge"), required=False)
    identity = forms.ChoiceField(label=_("Identity"), required=False)
    law = forms.ChoiceField(label=_("Law"), required=False)
    q = forms.CharField(label=_("Reference number"), required=False, max_length=254)

    def __init__(self, data: Any, *, by: User, owners: list[User]) -> None:
        super().__init__(data)
        self.by = by
        every = ("", _("All"))
        statuses = [(status.code, status.label) for status in InquiryStatus]
        self.offer(
            show=[("", _("Waiting for an answer")), (self.OVERDUE, _("Overdue")), (self.ALL, _("All")), *statuses],
            kind=[every, *((kind.code, kind.label) for kind in InquiryKind)],
            owner=[
                every,
                (self.MINE, _("myself")),
                (self.NOBODY, pgettext_lazy("owner", "nobody")),
                *((str(one.pk), str(one)) for one in owners),
            ],
            identity=[every, *((state.code, state.label) for state in IdentityState)],
            law=[every, *InquiryLaw.choices],
        )

    def offer(self, **choices: list[tuple[Any, Any]]) -> None:
        for name, offered in choices.items():
            self.fields[name].choices = offered  # type: ignore[attr-defined]

    def filters(self) -> DeskFilters:
        self.is_valid()
        chosen, law = self.value("show") or self.WAITING, self.value("law")
        waits, identity = chosen in (self.WAITING, self.OVERDUE), self.value("identity")
        found = WAITING if waits else () if chosen == self.ALL else (InquiryStatus[chosen.upper()],)
        return DeskFilters(
            statuses=found,
            kind=InquiryKind.from_code(self.value("kind")),
            text=self.value("q"),
            owner=self.owner_key(),
            law=InquiryLaw(law) if law else None,
            identity=IdentityState[identity.upper()] if identity else None,
            overdue_on=timezone.localdate() if chosen == self.OVERDUE else None,
            first_due_first=waits,
        )

    def owner_key(self) -> int | None:
        keys = {"": None, self.MINE: self.by.pk, self.NOBODY: 0}
        chosen = self.value("owner")
        return keys[chosen] if chosen in keys else int(chosen)

    def value(self, name: str) -> str:
        return (self.cleaned_data.get(name) or "").strip()


class SenderForm(forms.Form):
    """Whose requests are looked up, by the sender's address or name, and why."""

    sender = forms.CharField(
        label=_("E-mail address or name of the sender"),
        help_text=_("The whole address, or part of the name as it was written."),
        min_length=2,
        max_length=254,
        error_messages={"required": _("Enter an address or a name.")},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    reason = LookupReasonField()


def validate_complete(message: str) -> None:
    """A validator of an answer: what a prepared one asks for in double brackets has to be written."""
    if hints := hints_left(message):
        raise ValidationError(
            _("Nothing was sent. Replace %(hints)s with your own words."), params={"hints": " ".join(hints)}
        )


class StepForm(forms.Form):
    """One step at the desk. ``seen`` is how many steps the page showed."""

    status = forms.ChoiceField(
        label=_("Status"), widget=forms.RadioSelect, error_messages={"required": _("Choose one.")}
    )
    message = LinesField(
        label=_("Message to the person"),
        help_text=_("The person reads it in the way you choose below. Write no more personal data than is needed."),
        max_length=LONGEST_MESSAGE,
        required=False,
        validators=[validate_legible, validate_complete],
        widget=forms.Textarea(attrs={"rows": 8}),
    )
    note = LinesField(
        label=_("Internal note"),
        help_text=_("Not shown to the person."),
        max_length=LONGEST_MESSAGE,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    attached = FilesField(label=_("Files for the person"))
    way = forms.TypedChoiceField(
        label=_("How does the person read the message?"),
        choices=AnswerWay.choices,
        coerce=lambda value: AnswerWay(int(value)),
        required=False,
        widget=forms.RadioSelect,
    )
    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(
        self,
        data: Any = None,
        files: Any = None,
        *,
        offered: list[InquiryStatus],
        seen: int,
        kind: InquiryKind = InquiryKind.QUESTION,
    ) -> None:
        # What somebody asked for by right is about them: it does not belong into a mail.
        way = AnswerWay.IN_MAIL if kind is InquiryKind.QUESTION else AnswerWay.ON_STATUS_PAGE
        super().__init__(data, files, initial={"seen": seen, "way": int(way)})
        choices = [(status.code, status.label) for status in offered]
        self.fields["status"].choices = choices  # type: ignore[attr-defined]
        if len(choices) == 1:
            self.initial["status"] = choices[0][0]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if "seen" in self.errors:
            raise ValidationError(REFUSED[""])
        return cleaned

    @classmethod
    def with_text(
        cls, data: Any, text: str, *, offered: list[InquiryStatus], seen: int, kind: InquiryKind
    ) -> "StepForm":
        """Return a form that was not sent yet, with what was written so far and this text below the message."""
        form = cls(offered=offered, seen=seen, kind=kind)
        form.initial.update({name: data[name] for name in ("status", "note", "way", "seen") if data.get(name)})
        form.initial["message"] = "\n\n".join(filter(None, [data.get("message", "").strip(), text]))
        return form

    def seen_anew(self, seen: int) -> "StepForm":
        """Return this form with its content, for the page as it is now. Files have to be chosen again."""
        self.data = {**{name: self.data.get(name, "") for name in self.data}, "seen": seen}
        return self

    @property
    def chosen_way(self) -> AnswerWay:
        """As chosen; in the mail, as it always was, where a page without this question sent the form."""
        way: AnswerWay | str = self.cleaned_data["way"]
        return AnswerWay(way or AnswerWay.IN_MAIL)

    @property
    def uploads(self) -> list[Upload]:
        return list(self.cleaned_data["attached"])

    def add_refusal(self, refusal: Refusal) -> None:
        self.add_error(refusal.field if refusal.field in self.fields else None, REFUSED.get(refusal.name, REFUSED[""]))

    def step(self) -> dict[str, Any]:
        """Return arguments for the action."""
        return {
            "status": InquiryStatus[self.cleaned_data["status"].upper()],
            "message": self.cleaned_data["message"],
            "note": self.cleaned_data["note"],
            "way": self.chosen_way,
            "seen": self.cleaned_data["seen"],
        }
