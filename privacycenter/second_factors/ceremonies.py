"""What a passkey's challenge may be answered for: one purpose, one person, once and within minutes.

allauth keeps one challenge for a session, whatever it was begun for. A challenge begun as second factor, for which no
key asks who is holding it, would log in alone, at any later time.
"""

import time
from enum import StrEnum

from allauth.mfa.adapter import get_adapter
from allauth.mfa.webauthn.internal import auth
from django.core.cache import cache
from django.http import HttpRequest

from privacycenter.models import User

SESSION_KEY = "passkey_challenges"
# Browsers give people about as long to take out a key and to find its code.
SECONDS = 5 * 60


class Purpose(StrEnum):
    LOG_IN = "log-in"
    SECOND_FACTOR = "second-factor"
    REAUTHENTICATE = "reauthenticate"
    ADD = "add"


def bind_challenge(request: HttpRequest, purpose: Purpose, person: User | None) -> None:
    """Keep the challenge that allauth just began for this purpose and person alone. It replaces an older one."""
    if state := auth.get_state():
        auth.clear_state()
        bound = {"state": state, "person": key_of(person), "until": time.time() + SECONDS}
        request.session[SESSION_KEY] = {**request.session.get(SESSION_KEY, {}), purpose: bound}


def take_challenge(request: HttpRequest, purpose: Purpose, person: User | None) -> None:
    """Hand the challenge to allauth, which checks the answer. It is used up, whether the answer is right or wrong.

    Raises ValidationError if there is none for this purpose and person, or not any more. At most one SQL statement.
    """
    auth.clear_state()
    waiting = dict(request.session.get(SESSION_KEY, {}))
    bound = waiting.pop(purpose, None)
    request.session[SESSION_KEY] = waiting
    if not bound or bound["person"] != key_of(person) or bound["until"] < time.time() or not first_use(bound):
        raise get_adapter().validation_error("incorrect_code")
    auth.set_state(bound["state"])


def first_use(bound: dict[str, dict[str, str]]) -> bool:
    """Return True once for a challenge: two answers at the same moment read the same session."""
    return cache.add(f"passkey-challenge:{bound['state']['challenge']}", True, SECONDS)


def key_of(person: User | None) -> str:
    return str(person.pk) if person else ""
