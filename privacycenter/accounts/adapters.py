"""The rules by which allauth treats our accounts."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialLogin
from allauth.socialaccount.providers.base import AuthProcess
from django.contrib import messages
from django.http import HttpRequest
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from privacycenter.accounts.reauthentication import logged_in_just_now
from privacycenter.models import User


class AccountAdapter(DefaultAccountAdapter):
    """Rules for local accounts. Nobody signs up: people use the company's log-in, staff are made in the admin."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def is_reauthentication_required(self, *, app: str) -> bool:
        """A recent log-in is enough on allauth's pages too, as on ours (``reauthentication``)."""
        return not logged_in_just_now(self.request) and super().is_reauthentication_required(app=app)

    def get_reauthentication_methods(self, user: User) -> list[dict[str, Any]]:
        """Call the passkey a passkey, as everywhere else."""
        found = super().get_reauthentication_methods(user)
        return [{**one, "description": _("Use a passkey")} if "webauthn" in one["url"] else one for one in found]

    def clean_username(self, username: str | None, shallow: bool = False) -> str | None:
        """Allow accounts without a user name: people who use the company's log-in have none."""
        return super().clean_username(username, shallow) if username else None

    def populate_username(self, request: HttpRequest, user: User) -> None:
        """Never derive a user name from a name or an address."""


class CompanyAccountAdapter(DefaultSocialAccountAdapter):
    """Rules for the company's log-in. It alone vouches for a ``sub``, our ``subject``, and so opens that record."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        return True

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        if sociallogin.state.get("process") == AuthProcess.CONNECT:
            refuse_another_subject(request, sociallogin)
            return
        if sociallogin.is_existing:
            return
        if person := User.objects.with_subject(sociallogin.account.uid):
            sociallogin.connect(request, person)
            return
        # An address proves nothing here: it neither opens another account nor keeps this person out.
        sociallogin.email_addresses = []
        sociallogin.user.email = ""

    def populate_user(self, request: HttpRequest, sociallogin: SocialLogin, data: dict[str, Any]) -> User:
        user: User = super().populate_user(request, sociallogin, data)
        user.username = None
        user.subject = sociallogin.account.uid
        user.display_name = data.get("name") or ""
        return user


def refuse_another_subject(request: HttpRequest, sociallogin: SocialLogin) -> None:
    """Refuse to connect the company's log-in of another subject: one log-in would open two people's records."""
    if isinstance(request.user, User) and request.user.subject == sociallogin.account.uid:
        return
    messages.error(request, _("That log-in belongs to another record, so it was not added to this one."))
    raise ImmediateHttpResponse(redirect("log_in_settings"))
