"""Limits on passwords and codes: nobody guesses for long, and no stranger keeps an owner out.

A device on which somebody logged in before has a budget of its own, which strangers cannot use up. On any other, wrong
passwords are counted for the address and for the name that was typed, and after a few the name has to wait. Meanwhile
its owner gets in from such a device, or through a link by mail (ACCOUNT_LOGIN_ON_PASSWORD_RESET).

One-time and recovery codes are counted for the account: whoever is asked for one has the password, or the mailbox.
"""

import secrets
from dataclasses import dataclass

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponseBase
from django.utils.crypto import salted_hmac

from privacycenter.errors import TooManyCalls
from privacycenter.models import User
from privacycenter.rate_limits.limits import Allowance, Counted, RateLimit, give_back, spend
from privacycenter.rate_limits.visitors import address_of

ATTEMPTS = RateLimit("log-in", 30)  # right ones, too
WRONG_AT_ADDRESS = RateLimit("log-in.wrong.address", 10)
# Strangers together, whatever their addresses: first a pause, then a longer one.
WRONG_FOR_NAME = RateLimit("log-in.wrong.name", 5, seconds=5 * 60)
WRONG_FOR_NAME_A_DAY = RateLimit("log-in.wrong.name-day", 100, seconds=24 * 60 * 60)
WRONG_ON_DEVICE = RateLimit("log-in.wrong.device", 10, seconds=5 * 60)
WRONG_ON_DEVICE_A_DAY = RateLimit("log-in.wrong.device-day", 50, seconds=24 * 60 * 60)
# Of a million codes one is right: a year of guesses on one device finds it once in a hundred.
WRONG_CODES = RateLimit("log-in.code", 5, seconds=5 * 60)
WRONG_CODES_A_DAY = RateLimit("log-in.code-day", 20, seconds=24 * 60 * 60)

SALT = "privacycenter.known-device"
COOKIE_NAME = f"{settings.COOKIE_PREFIX}known_device"
KEPT_SECONDS = 365 * 24 * 60 * 60
MOST_NAMES = 8


@dataclass(frozen=True)
class Device:
    """What the signed cookie holds: a random number, and hashes of the names with which accounts logged in here."""

    number: str
    names: tuple[str, ...] = ()


@dataclass(frozen=True)
class Spent:
    """What an attempt cost. allauth calls ``rollback`` if the password was right."""

    allowances: tuple[Allowance, ...]

    def rollback(self) -> None:
        for allowance in self.allowances:
            give_back(allowance)


def spend_attempt(request: HttpRequest, name: str) -> Spent:
    """Spend one attempt to log in under this name, before the password is looked at. Raises TooManyCalls.

    Two SQL statements on a known device, four on another.
    """
    if known := known_as(request, name):
        return spend_all((WRONG_ON_DEVICE, known), (WRONG_ON_DEVICE_A_DAY, known))
    spend(ATTEMPTS, address_of(request))
    typed = Counted("name", hash_of(name))
    return spend_all((WRONG_AT_ADDRESS, address_of(request)), (WRONG_FOR_NAME, typed), (WRONG_FOR_NAME_A_DAY, typed))


def spend_code(request: HttpRequest, account: User) -> Spent:
    """Spend one code of this account, before it is looked at. Raises TooManyCalls. Two SQL statements.

    Devices on which the account logged in have a budget of their own: who knows the password alone cannot use it up.
    """
    device = device_of(request)
    is_known = any(hash_of(name) in device.names for name in (account.username, account.email) if name)
    who = Counted("code", f"{account.pk}\n{device.number if is_known else ''}")
    return spend_all((WRONG_CODES, who), (WRONG_CODES_A_DAY, who))


def spend_all(*limits: tuple[RateLimit, Counted]) -> Spent:
    """Spend one of each, or nothing. Raises TooManyCalls. One SQL statement for each."""
    spent: list[Allowance] = []
    try:
        for limit, who in limits:
            spent.append(spend(limit, who))
    except TooManyCalls:
        Spent(tuple(spent)).rollback()
        raise
    return Spent(tuple(spent))


def known_as(request: HttpRequest, name: str) -> Counted | None:
    """Return whom the attempt is counted for if this browser is known to the account: it is logged in to it, or was."""
    if request.user.is_authenticated:
        return Counted("person", str(request.user.pk))
    device = device_of(request)
    return Counted("device", f"{device.number}\n{hash_of(name)}") if hash_of(name) in device.names else None


def device_of(request: HttpRequest) -> Device:
    """Return what the cookie says; a new device if there is none, or it is not ours."""
    return known_device(request) or Device(secrets.token_urlsafe(12))


def known_device(request: HttpRequest) -> Device | None:
    """Return what the cookie says; None in a browser in which nobody logged in within a year."""
    try:
        number, names = signing.loads(request.COOKIES.get(COOKIE_NAME, ""), salt=SALT, max_age=KEPT_SECONDS)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return Device(number, tuple(names))


def remember_device(request: HttpRequest, response: HttpResponseBase, user: User) -> str:
    """Have this browser known to the account from now on, and return its number. Called when the log-in is complete,
    second factor included.

    Names are kept of an account alone that has a password to guess.
    """
    device = device_of(request)
    given = (user.username, user.email) if user.has_usable_password() else ()
    own = [hash_of(name) for name in given if name]
    names = [*own, *(name for name in device.names if name not in own)][:MOST_NAMES]
    response.set_cookie(
        COOKIE_NAME,
        signing.dumps((device.number, names), salt=SALT),
        max_age=KEPT_SECONDS,
        secure=bool(settings.SESSION_COOKIE_SECURE),
        httponly=True,
        samesite="Lax",
    )
    return device.number


def hash_of(name: str) -> str:
    """Return a keyed hash: the cookie and the table of counts tell nobody's name."""
    return salted_hmac(SALT, name.strip().casefold(), algorithm="sha256").hexdigest()[:22]


def typed_name(credentials: dict[str, object]) -> str:
    return next((str(credentials[name]) for name in ("username", "email", "login") if credentials.get(name)), "")
