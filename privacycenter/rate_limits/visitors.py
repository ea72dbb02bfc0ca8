"""Whom a browser's request is counted for: the person, or for a stranger the session and the address."""

import ipaddress
from collections.abc import Iterator
from contextlib import contextmanager

from allauth.account.adapter import get_adapter
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.utils.translation import ngettext

from privacycenter.errors import TooManyCalls
from privacycenter.rate_limits.limits import Allowance, Counted, RateLimit, give_back, spend

# A private address is our own proxy, or an office's: many visitors share it.
VISITORS_BEHIND_ONE_ADDRESS = 60


def spend_as_visitor(limit: RateLimit, request: HttpRequest, *keys: str) -> Allowance:
    """Spend one unit of the person who is logged in, or of a stranger's address and session.

    ``keys`` are counted as well: an e-mail address, a reference number. MUST be called for a POST only: a stranger
    without a session gets one. Raises TooManyCalls and has then spent nothing. One SQL statement for a person, two for
    a stranger.
    """
    named = [Counted("key", key) for key in keys]
    if request.user.is_authenticated:
        return spend(limit, Counted("person", str(request.user.pk)), *named)
    there = spend(limit, address_of(request), *named)
    if not request.session.session_key:
        request.session.create()
    try:
        here = spend(limit, Counted("session", str(request.session.session_key)))
    except TooManyCalls:
        give_back(there)
        raise
    least = min(there, here, key=lambda allowance: allowance.left)
    return Allowance(least.limit, least.left, least.reset_seconds, there.counts + here.counts)


@contextmanager
def counted_if_done(limit: RateLimit, request: HttpRequest, *keys: str) -> Iterator[Allowance]:
    """Spend as ``spend_as_visitor`` does, and give it back if the block raises."""
    allowance = spend_as_visitor(limit, request, *keys)
    try:
        yield allowance
    except Exception:
        give_back(allowance)
        raise


def try_again(refusal: TooManyCalls) -> str:
    """Return the sentence that tells a visitor how long to wait."""
    words = ngettext(
        "Please try again in %(count)s minute.", "Please try again in %(count)s minutes.", refusal.wait_minutes
    )
    return words % {"count": refusal.wait_minutes}


def address_of(request: HttpRequest, *, times: int = 1) -> Counted:
    """Return the address to count by. ``times``: multiple of the amount it is allowed if it is not a shared one."""
    address = client_address(request)
    return Counted("address", address, times=VISITORS_BEHIND_ONE_ADDRESS if is_shared(address) else times)


def client_address(request: HttpRequest) -> str:
    """Return the IPv4 address, or the /64 network of an IPv6 address, as one visitor has many of those.

    Proxies are trusted as the settings say. Empty if the address is unknown.
    """
    try:
        address = ipaddress.ip_address(get_adapter().get_client_ip(request))
    except (PermissionDenied, ValueError):
        return ""
    if address.version == 6:
        return str(ipaddress.ip_network((address, 64), strict=False).network_address)
    return str(address)


def mailbox_of(email: str) -> str:
    """Return what an e-mail address is counted by: ``Vic+1@`` and ``vic@`` are read in one mailbox."""
    name, _at, host = email.casefold().rpartition("@")
    return f"{name.partition('+')[0]}@{host}"


def is_shared(address: str) -> bool:
    """Return whether many visitors may share this address."""
    return not address or not ipaddress.ip_address(address).is_global
