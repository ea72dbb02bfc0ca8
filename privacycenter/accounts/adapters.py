"""The rules by which allauth treats our accounts."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.models import EmailAddress
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter, _build_apps_from_settings
from allauth.socialaccount.models import SocialLogin
from allauth.socialaccount.providers.base import AuthProcess
from django.contrib import messages
from django.core.mail import EmailMessage
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from privacycenter.accounts.known_devices import note_device, user_agent_of
from privacycenter.accounts.log_in_limits import remember_device, spend_attempt, typed_name
from privacycenter.accounts.mails import at_our_address
from privacycenter.accounts.passwords import composed
from privacycenter.accounts.reauthentication import logged_in_just_now
from privacycenter.accounts.subjects import is_of_staff_log_in
from privacycenter.errors import TooManyCalls
from privacycenter.models import User
from privacycenter.rate_limits.limits import Counted, RateLimit, spend
from privacycenter.rate_limits.visitors import mailbox_of
from privacycenter.text.addresses import parts_of
from privacycenter.text.legible import legible_name

UNKNOWN_ACCOUNT = "account/email/unknown_account"
UNKNOWN_ADDRESS = RateLimit("mail.unknown-address", 1, seconds=24 * 60 * 60)


class AccountAdapter(DefaultAccountAdapter):
    """Rules for local accounts. Nobody signs up: people use the company's log-in, staff are made in the admin."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "too_many_login_attempts": gettext_lazy(
            "There were too many attempts to log in. Wait some minutes, use a device on which you logged in before, or "
            "have a link sent to you by mail under “Forgotten password”."
        ),
    }

    def is_safe_url(self, url: str | None) -> bool:
        """Return whether a log-in may lead there: a page of this site. An address that cannot be read is none."""
        is_address = bool(url) and str(url).startswith(("/", "https://", "http://")) and parts_of(str(url)) is not None
        return is_address and bool(super().is_safe_url(url))

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Spend an attempt, which allauth gives back if the password is right."""
        try:
            self._login_failed_rl_usage = spend_attempt(request, typed_name(credentials))
        except TooManyCalls as refusal:
            raise self.validation_error("too_many_login_attempts") from refusal

    def login(self, request: HttpRequest, user: User) -> None:
        """Log in, with a name of the browser that every database can keep: allauth stores it as it was sent."""
        request.META["HTTP_USER_AGENT"] = user_agent_of(request)
        super().login(request, user)

    def post_login(self, request: HttpRequest, user: User, **more: Any) -> HttpResponse:
        response: HttpResponse = super().post_login(request, user, **more)
        number = remember_device(request, response, user)
        note_device(person=user, number=number, user_agent=user_agent_of(request))
        return response

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send one mail a day to an address that has no account: whoever asks, nobody there did."""
        if template_prefix == UNKNOWN_ACCOUNT:
            try:
                spend(UNKNOWN_ADDRESS, Counted("address", mailbox_of(email)))
            except TooManyCalls:
                return
        super().send_mail(template_prefix, email, context)

    def can_delete_email(self, email_address: EmailAddress) -> bool:
        """Keep the address in use: it goes when another is proved, and is told so."""
        is_in_use = email_address.email.casefold() == email_address.user.email.casefold()
        return not is_in_use and super().can_delete_email(email_address)

    def render_mail(
        self, template_prefix: str, email: Any, context: dict[str, Any], headers: Any = None
    ) -> EmailMessage:
        mail: EmailMessage = super().render_mail(template_prefix, email, at_our_address(context), headers)
        return mail

    def clean_password(self, password: str, user: User | None = None) -> str:
        """Judge the text that is hashed: what is long enough as typed may be too short composed."""
        cleaned: str = super().clean_password(composed(password), user)
        return cleaned

    def pre_login(self, request: HttpRequest, user: User, **more: Any) -> HttpResponse | None:
        """Open an account of the staff log-in by that log-in alone: it also says whose role has ended.

        Nobody logs in to an account that was put into another. It does not open that other one either: whoever chose
        the stronger log-in there did not choose this one.
        """
        if is_of_staff_log_in(user) and not getattr(request, "is_staff_log_in", False):
            messages.error(request, _("This account is opened by the staff log-in alone."))
            return redirect("account_login")
        if user.merged_into_id:
            messages.error(
                request,
                _(
                    "This account was put together with another one of yours. Log in with that one: your record there "
                    "shows both."
                ),
            )
            return redirect("account_login")
        response: HttpResponse | None = super().pre_login(request, user, **more)
        return response

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

    def list_apps(self, request: HttpRequest, provider: str | None = None, client_id: str | None = None) -> list[Any]:
        """Know the log-in of the settings alone: a row in the database makes no other. No SQL statement."""
        found = _build_apps_from_settings(provider=provider, client_id=client_id)
        return [one for apps in found.values() for one in apps]

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        refuse_staff(request, sociallogin)
        if sociallogin.state.get("process") == AuthProcess.CONNECT:
            refuse_another_subject(request, sociallogin)
            return
        if sociallogin.is_existing:
            return
        if person := User.objects.with_subject(sociallogin.account.uid):
            name_who_had_none(person, sociallogin.user.display_name)
            sociallogin.connect(request, person)
            return
        # An address proves nothing here: it neither opens another account nor keeps this person out.
        sociallogin.email_addresses = []
        sociallogin.user.email = ""

    def populate_user(self, request: HttpRequest, sociallogin: SocialLogin, data: dict[str, Any]) -> User:
        user: User = super().populate_user(request, sociallogin, data)
        user.username = None
        user.subject = sociallogin.account.uid
        user.display_name = legible_name(data.get("name") or "")
        return user


def name_who_had_none(person: User, name: str) -> None:
    """Keep the name of somebody of whom a service reported before they first came: reports name nobody."""
    if name and not person.display_name:
        person.display_name = name
        person.save(update_fields=["display_name"])


def refuse_staff(request: HttpRequest, sociallogin: SocialLogin) -> None:
    """Refuse the company's log-in where it would open or join an account of the desk: those have their own."""
    joins = sociallogin.state.get("process") == AuthProcess.CONNECT
    found = [
        request.user if joins else None,
        sociallogin.user if sociallogin.is_existing else None,
        User.objects.with_subject(sociallogin.account.uid),
    ]
    if any(one is not None and (one.is_staff or one.is_superuser) for one in found):
        messages.error(request, _("The company's log-in does not open accounts of the desk. Use the log-in of staff."))
        raise ImmediateHttpResponse(redirect("log_in_settings" if joins else "account_login"))


def refuse_another_subject(request: HttpRequest, sociallogin: SocialLogin) -> None:
    """Refuse to connect the company's log-in of another subject: one log-in would open two people's records."""
    if isinstance(request.user, User) and request.user.subject == sociallogin.account.uid:
        return
    messages.error(request, _("That account belongs to another person’s record, so it was not added to this one."))
    raise ImmediateHttpResponse(redirect("log_in_settings"))
