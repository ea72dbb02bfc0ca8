"""How often one visitor may do something in a while, counted in Django's cache.

With the default cache each process counts for itself.
"""

import hashlib
import ipaddress
from collections.abc import Iterator
from dataclasses import dataclass

from allauth.account.adapter import get_adapter
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

# An address that is not of the internet is a proxy of our own, or an office's: many visitors stand behind it.
VISITORS_BEHIND_ONE_ADDRESS = 60


@dataclass(frozen=True)
class Limit:
    """``amount`` times within ``seconds``, which begin with the first time. ``name`` keeps limits apart.

    Counted for the person who is logged in; for anyone else for the browser's session and the address it comes from.
    ``keys`` are counted as well: an e-mail address, a reference number.
    """

    name: str
    amount: int
    seconds: int

    def is_reached(self, request: HttpRequest, *keys: str) -> bool:
        return any(cache.get(key, 0) >= amount for key, amount in self.counters(request, keys))

    def count(self, request: HttpRequest, *keys: str) -> None:
        for key, _amount in self.counters(request, keys):
            if not cache.add(key, 1, self.seconds):
                try:
                    cache.incr(key)
                except ValueError:
                    # It ran out just now: this is the first time of a new while.
                    cache.set(key, 1, self.seconds)

    def counters(self, request: HttpRequest, keys: tuple[str, ...]) -> Iterator[tuple[str, int]]:
        """Cache key and how often it may be counted. What is counted is hashed: the cache need not know addresses."""
        for key in keys:
            yield self.cache_key("key", key), self.amount
        if request.user.is_authenticated:
            yield self.cache_key("person", str(request.user.pk)), self.amount
            return
        if not request.session.session_key:
            request.session.create()
        yield self.cache_key("session", str(request.session.session_key)), self.amount
        address = client_address(request)
        if is_shared(address):
            yield self.cache_key("address", address), self.amount * VISITORS_BEHIND_ONE_ADDRESS
        else:
            yield self.cache_key("address", address), self.amount

    def cache_key(self, kind: str, value: str) -> str:
        return f"limit:{self.name}:{kind}:{hashlib.sha256(value.encode()).hexdigest()}"


def client_address(request: HttpRequest) -> str:
    """Where the request comes from, as far as the settings trust proxies: an IPv4 address, the network of an IPv6 one
    (one visitor has many of those); empty where it is not known."""
    try:
        address = ipaddress.ip_address(get_adapter().get_client_ip(request))
    except (PermissionDenied, ValueError):
        return ""
    if address.version == 6:
        return str(ipaddress.ip_network((address, 64), strict=False).network_address)
    return str(address)


def is_shared(address: str) -> bool:
    """Whether many visitors may stand behind this address."""
    return not address or not ipaddress.ip_address(address).is_global
