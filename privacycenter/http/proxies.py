"""The proxies in front of the site: which are believed when they say who a visitor is, and no others.

Knows no settings: ``operation.environment`` reads TRUSTED_PROXIES with it.
"""

import ipaddress
import re
from dataclasses import dataclass

from django.http import HttpRequest

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
MOST_PROXIES = 10
# Some proxies write the port, too: 192.0.2.1:1234, [2001:db8::1]:1234.
WITH_PORT = re.compile(r"\[(?P<six>[^\]]+)\](:\d+)?|(?P<four>\d+\.\d+\.\d+\.\d+):\d+")
# What only a proxy may say.
FORWARDED = ("HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_PROTO")


@dataclass(frozen=True)
class TrustedProxies:
    """How many proxies each request comes through, or the networks in which they are. By default there are none."""

    count: int = 0
    networks: tuple[Network, ...] = ()

    @classmethod
    def parse(cls, text: str) -> "TrustedProxies":
        """Read ``2`` or ``10.0.0.0/8,127.0.0.1``. Raises ValueError."""
        if text.strip().isdecimal():
            count = int(text)
            if count > MOST_PROXIES:
                raise ValueError(f"at most {MOST_PROXIES} proxies")
            return cls(count=count)
        parts = [part.strip() for part in text.split(",") if part.strip()]
        networks = tuple(ipaddress.ip_network(part) for part in parts)
        if any(network.prefixlen == 0 for network in networks):
            raise ValueError("a network of all addresses trusts everybody")
        return cls(networks=networks)

    def __bool__(self) -> bool:
        return bool(self.count or self.networks)

    def includes(self, address: str) -> bool:
        """Return whether this address is in one of the networks."""
        found = parsed(address)
        return found is not None and any(found in network for network in self.networks)

    def visitor(self, peer: str, forwarded_for: str) -> str:
        """Return the address of who sent the request to the outermost proxy that is trusted.

        ``peer``: who connected to us. ``forwarded_for``: X-Forwarded-For, to which each proxy adds at the end. What a
        visitor sent under that name stands before what the proxies added, and is never reached.
        """
        said = [part.strip() for part in forwarded_for.split(",") if part.strip()]
        if self.count:
            # Fewer than promised: it did not come through all of them, and who wrote the first one is unknown.
            found = parsed(said[-self.count]) if len(said) >= self.count else None
            return str(found) if found else peer
        visitor = peer
        while said and self.includes(visitor) and (found := parsed(said.pop())):
            visitor = str(found)
        return visitor

    def applied_to(self, request: HttpRequest) -> None:
        """Set REMOTE_ADDR to the visitor's address. What others than trusted proxies say is taken out unread."""
        peer = request.META.get("REMOTE_ADDR", "")
        if not (self.count or self.includes(peer)):
            for name in FORWARDED:
                request.META.pop(name, None)
            return
        request.META["REMOTE_ADDR"] = self.visitor(peer, request.META.get("HTTP_X_FORWARDED_FOR", ""))


def parsed(address: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    """Return the address without a port; of an IPv4 address within IPv6 the former. None if it is none."""
    if match := WITH_PORT.fullmatch(address):
        address = match["six"] or match["four"]
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return None
    return getattr(found, "ipv4_mapped", None) or found
