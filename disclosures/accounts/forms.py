"""Forms of the administrators' desk for accounts."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from disclosures.accounts.actions import FOR_STAFF_ALONE, LONGEST_REASON
from disclosures.models import AccountChange
from disclosures.officers.roles import EDITORS, OFFICERS, PUBLISHERS
from privacycenter.models import User
from privacycenter.text.legible import validate_legible

ROLES = [(EDITORS, _("Editors")), (PUBLISHERS, _("Publishers")), (OFFICERS, _("Privacy officers"))]


class ReasonField(forms.CharField):
    def __init__(self, **more: Any) -> None:
        given: dict[str, Any] = {
            "label": _("Why"),
            "max_length": LONGEST_REASON,
            "validators": [validate_legible],
            "help_text": _("The owner of the account can read it."),
            "error_messages": {"required": _("Say why.")},
            "widget": forms.Textarea(attrs={"rows": 3}),
        }
        super().__init__(**{**given, **more})


class RolesField(forms.MultipleChoiceField):
    def __init__(self) -> None:
        super().__init__(label=_("Roles"), choices=ROLES, required=False, widget=forms.CheckboxSelectMultiple)


class StaffForm(forms.Form):
    """A new account of staff. Nobody types a password for it."""

    username = forms.CharField(label=_("User name"), max_length=150, validators=[User.username_validator])
    display_name = forms.CharField(label=_("Name"), max_length=150, validators=[validate_legible])
    email = forms.EmailField(label=_("E-mail address"), help_text=_("The owner chooses a password by a mail to it."))
    roles = RolesField()
    is_administrator = forms.BooleanField(label=_("Administrator"), required=False)
    reason = ReasonField()


class ChangeForm(forms.Form):
    """What is done to an account, and why. Roles and an address count for the change that needs them."""

    kind = forms.TypedChoiceField(
        label=_("What to do"), coerce=lambda value: AccountChange(int(value)), widget=forms.RadioSelect,
        error_messages={"required": _("Choose one.")},
    )  # fmt: skip
    email = forms.EmailField(label=_("New e-mail address"), required=False)
    roles = RolesField()
    is_administrator = forms.BooleanField(label=_("Administrator"), required=False)
    reason = ReasonField()

    def __init__(self, data: Any = None, *, account: User, roles: list[str]) -> None:
        super().__init__(data, initial={"roles": roles, "is_administrator": account.is_superuser})
        self.fields["kind"].choices = [  # type: ignore[attr-defined]
            (kind.value, WHAT_TO_DO[kind]) for kind in WHAT_TO_DO if is_offered(kind, account)
        ]
        if not account.is_staff:
            for name in ("email", "roles", "is_administrator"):
                del self.fields[name]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("kind") == AccountChange.ADDRESS_CHANGED and not cleaned.get("email"):
            self.add_error("email", ValidationError(_("Enter the new address.")))
        return cleaned

    def detail(self) -> dict[str, Any]:
        """Return what the change needs beside its kind."""
        given: dict[AccountChange, tuple[str, ...]] = {
            AccountChange.ADDRESS_CHANGED: ("email",), AccountChange.ROLES_CHANGED: ("roles", "is_administrator"),
        }  # fmt: skip
        return {name: self.cleaned_data[name] for name in given.get(self.cleaned_data["kind"], ())}


class AnswerForm(forms.Form):
    """The second person's answer to a proposal."""

    APPROVE, REFUSE = "approve", "refuse"

    answer = forms.ChoiceField(
        label=_("What becomes of it"),
        choices=[(APPROVE, _("Approve: it is done now")), (REFUSE, _("Refuse: nothing changes"))],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose one.")},
    )
    reason = ReasonField()

    @property
    def is_approved(self) -> bool:
        return bool(self.cleaned_data["answer"] == self.APPROVE)

    def given(self) -> dict[str, Any]:
        return {"is_approved": self.is_approved, "reason": self.cleaned_data["reason"]}


WHAT_TO_DO = {
    AccountChange.SESSIONS_ENDED: _("Log out everywhere"),
    AccountChange.BLOCKED: _("Block the log-in"),
    AccountChange.UNBLOCKED: _("Allow the log-in again"),
    AccountChange.FACTORS_REMOVED: _("Remove passkeys and second factors, because the owner lost them"),
    AccountChange.RESET_SENT: _("Send a mail with which the owner chooses a password"),
    AccountChange.ADDRESS_CHANGED: _("Change the e-mail address; another administrator has to approve it"),
    AccountChange.ROLES_CHANGED: _("Change the roles"),
}


def is_offered(kind: AccountChange, account: User) -> bool:
    if kind in (AccountChange.BLOCKED, AccountChange.UNBLOCKED):
        return account.is_active == (kind is AccountChange.BLOCKED)
    if kind is AccountChange.RESET_SENT and not account.is_active:
        return False
    return account.is_staff or kind not in FOR_STAFF_ALONE
