"""How allauth treats our accounts."""

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
    """Nobody signs up by form: people come through the company's log-in, staff are made in the admin."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def is_reauthentication_required(self, *, app: str) -> bool:
        """A log-in of a moment ago is proof enough on allauth's pages too, as it is on ours (``freshness``)."""
        return not logged_in_just_now(self.request) and super().is_reauthentication_required(app=app)

    def get_reauthentication_methods(self, user: User) -> list[dict[str, Any]]:
        """A passkey is called so everywhere."""
        found = super().get_reauthentication_methods(user)
        return [{**one, "description": _("Use a passkey")} if "webauthn" in one["url"] else one for one in found]

    def clean_username(self, username: str | None, shallow: bool = False) -> str | None:
        """People who come through the company's log-in have no user name."""
        return super().clean_username(username, shallow) if username else None

    def populate_username(self, request: HttpRequest, user: User) -> None:
        """No user name is made up from a name or an address."""


class CompanyAccountAdapter(DefaultSocialAccountAdapter):
    """The company's log-in vouches for a ``sub``, our ``subject``, and so claims its record; nothing else does."""

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
        # An address proves nothing here: it neither claims another account nor keeps this person out.
        sociallogin.email_addresses = []
        sociallogin.user.email = ""

    def populate_user(self, request: HttpRequest, sociallogin: SocialLogin, data: dict[str, Any]) -> User:
        user: User = super().populate_user(request, sociallogin, data)
        user.username = None
        user.subject = sociallogin.account.uid
        user.display_name = data.get("name") or ""
        return user


def refuse_another_subject(request: HttpRequest, sociallogin: SocialLogin) -> None:
    """A person who is logged in may add the company's log-in of the same subject alone: with another one, the records
    of two people would open with one key."""
    if isinstance(request.user, User) and request.user.subject == sociallogin.account.uid:
        return
    messages.error(request, _("That log-in belongs to another record, so it was not added to this one."))
    raise ImmediateHttpResponse(redirect("log_in_settings"))
