"""A person's log-in methods and open sessions, for their settings page."""

from dataclasses import dataclass

from allauth.account.models import EmailAddress
from allauth.mfa import app_settings
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession

from privacycenter.accounts.devices import device_of
from privacycenter.models import User


@dataclass(frozen=True)
class LogInMethods:
    """``address``: the e-mail address in use, empty if there is none; ``new_address``: one not verified yet."""

    has_password: bool
    passkey_count: int
    has_app: bool
    unused_code_count: int
    has_company: bool
    address: str
    new_address: str
    is_address_proved: bool

    @property
    def has_second_factor(self) -> bool:
        return self.has_app or bool(self.passkey_count)


@dataclass(frozen=True)
class OpenSession:
    """One session in which the person is logged in."""

    row: UserSession
    device: str
    is_current: bool


def log_in_methods(person: User) -> LogInMethods:
    """Return the person's log-in methods. Three SQL statements."""
    authenticators = list(Authenticator.objects.filter(user=person))
    codes = next((one for one in authenticators if one.type == Authenticator.Type.RECOVERY_CODES), None)
    types = [one.type for one in authenticators]
    addresses = list(EmailAddress.objects.filter(user=person).order_by("-primary", "-verified", "pk"))
    current = next((one for one in addresses if one.primary or one.verified), None)
    new = next((one for one in addresses if one is not current and not one.verified), None)
    return LogInMethods(
        has_password=person.has_usable_password(),
        passkey_count=types.count(Authenticator.Type.WEBAUTHN),
        has_app=Authenticator.Type.TOTP in types,
        unused_code_count=unused_codes(codes) if codes else 0,
        has_company=SocialAccount.objects.filter(user=person).exists(),
        address=current.email if current else person.email,
        new_address=new.email if new else "",
        is_address_proved=bool(current and current.verified),
    )


def unused_codes(codes: Authenticator) -> int:
    """Return how many recovery codes are left, without decrypting them."""
    if "migrated_codes" in codes.data:
        return len(codes.data["migrated_codes"])
    used: int = codes.data["used_mask"]
    made: int = app_settings.RECOVERY_CODE_COUNT
    return made - used.bit_count()


def open_sessions(person: User, current_key: str) -> list[OpenSession]:
    """Return the person's sessions, the current one first, then the newest. Two SQL statements for each."""
    rows = UserSession.objects.purge_and_list(person)
    rows.sort(key=lambda row: (row.session_key == current_key, row.created_at), reverse=True)
    return [OpenSession(row, device_of(row.user_agent), row.session_key == current_key) for row in rows]
