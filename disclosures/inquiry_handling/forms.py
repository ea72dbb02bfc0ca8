"""Forms of the desk for what is done about a request beside its steps."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from disclosures.inquiries.forms import LinesField
from disclosures.inquiries.queries import DeskPage
from disclosures.inquiry_handling.actions import LONGEST_WORDS, SET_BY_HAND
from disclosures.models import IdentityState, IdentityWay, InquiryLaw
from disclosures.record.forms import DayField, LookupReasonField
from privacycenter.errors import Refusal
from privacycenter.models import User
from privacycenter.text.legible import validate_legible

# Name of a refusal, or a field of it → message; "" for all others.
REFUSED = {
    "no-longer-open": _("This inquiry has been closed in the meantime. You can only reopen it."),
    "text-changed": _("Somebody else took charge in the meantime. Look at it as it is now."),
    "until": _(
        "Choose a later day than now, within what the law allows. Some laws want it told before the first day is over."
    ),
    "law": _("This law cannot be chosen any more: it is in force already, or more time was taken under another."),
    "way": _("Say how the identity was confirmed. For all else leave this empty."),
    "words": _("Write to the person if they are asked or could not be confirmed, and only then."),
    "note": _("Say for the desk why that is not needed."),
    "owner": _("Choose somebody else who may answer requests."),
    "whose": _("It is connected like this already, or the sender was logged in."),
    "": _("This could not be saved. Look at the request again."),
}  # fmt: skip
MESSAGE_ROWS = {"rows": 4}


class HandlingForm(forms.Form):
    """Base of these forms. ``page`` is the request as it is now."""

    def __init__(self, data: Any = None, *, page: DeskPage) -> None:
        # Several of them are on one page, and have fields of the same name.
        super().__init__(data, auto_id=f"{type(self).__name__.lower()}_%s")
        self.page = page

    def add_refusal(self, refusal: Refusal) -> None:
        told = REFUSED.get(refusal.name) or REFUSED.get(refusal.field) or REFUSED[""]
        self.add_error(refusal.field if refusal.field in self.fields else None, told)


class ExtendForm(HandlingForm):
    """A later day, and why."""

    until = DayField(label=_("Answered by"))
    reason = LinesField(
        label=_("The reason, for the person"), max_length=LONGEST_WORDS, validators=[validate_legible],
        widget=forms.Textarea(attrs=MESSAGE_ROWS), help_text=_("Sent by e-mail and shown on the status page."),
        error_messages={"required": _("Say why more time is needed.")},
    )  # fmt: skip

    def __init__(self, data: Any = None, *, page: DeskPage) -> None:
        super().__init__(data, page=page)
        self.fields["until"].required = True
        self.fields["until"].widget.attrs["max"] = page.last_due_on.isoformat()


class LawForm(HandlingForm):
    law = forms.TypedChoiceField(label=_("Law"), choices=InquiryLaw.choices, coerce=InquiryLaw)

    def __init__(self, data: Any = None, *, page: DeskPage) -> None:
        super().__init__(data, page=page)
        self.initial["law"] = page.law


class IdentityForm(HandlingForm):
    """Whether it is known who the sender is."""

    identity = forms.TypedChoiceField(
        label=_("Who the sender is"), widget=forms.RadioSelect, coerce=lambda value: IdentityState(int(value)),
        choices=[(int(state), state.label) for state in SET_BY_HAND], error_messages={"required": _("Choose one.")},
    )  # fmt: skip
    way = forms.TypedChoiceField(
        label=_("How it was confirmed"), required=False, choices=[("", "---------"), *IdentityWay.choices],
        coerce=IdentityWay, empty_value=None,
    )  # fmt: skip
    words = LinesField(
        label=_("Message to the person"), required=False, max_length=LONGEST_WORDS, validators=[validate_legible],
        widget=forms.Textarea(attrs=MESSAGE_ROWS),
        help_text=_("Only when you ask, or could not confirm it: what they should do. Sent by e-mail."),
    )  # fmt: skip
    note = LinesField(
        label=_("Internal note"), required=False, max_length=LONGEST_WORDS, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Not shown to the person. Keep no copy of a document and no number of one."),
    )  # fmt: skip


class OwnerForm(HandlingForm):
    """Who is in charge. ``instead_of``: who was as the page was shown."""

    owner = forms.ModelChoiceField(
        label=_("In charge"), queryset=User.objects.none(), required=False, empty_label=pgettext_lazy("owner", "nobody")
    )
    instead_of = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, data: Any = None, *, page: DeskPage, owners: list[User]) -> None:
        super().__init__(data, page=page)
        field: Any = self.fields["owner"]
        field.queryset = User.objects.filter(pk__in=[owner.pk for owner in owners])
        field.choices = [("", pgettext_lazy("owner", "nobody")), *((owner.pk, str(owner)) for owner in owners)]
        self.initial.update(owner=page.standing.owner_id, instead_of=page.standing.owner_id)

    def giving(self) -> dict[str, Any]:
        """Return arguments for the action."""
        before, now = self.cleaned_data["instead_of"], self.page.standing.owner
        unchanged = now if now and now.pk == before else None
        # Somebody who is not in charge any more stands for “another than now”.
        return {"owner": self.cleaned_data["owner"], "instead_of": unchanged or (User(pk=before) if before else None)}


class NoteForm(HandlingForm):
    note = LinesField(
        label=_("Internal note"), max_length=LONGEST_WORDS, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Not shown to the person."), error_messages={"required": _("Write a note.")},
    )  # fmt: skip


class LinkForm(HandlingForm):
    """Whose request it is, and how that is known."""

    who = forms.CharField(
        label=_("Person (ID)"), max_length=255, error_messages={"required": _("Say who it is.")},
        help_text=_("The whole ID, user name or e-mail address."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip
    reason = LookupReasonField(help_text=_("The person can read it."))


class UnlinkForm(HandlingForm):
    reason = LookupReasonField(help_text=_("The person can read it."))
