"""POST to a URL that somebody else chose: to permitted addresses only, without redirects, bounded in time and size.

The host is resolved once, every address is checked, and the connection goes to a checked address: a name that resolves
differently the second time (DNS rebinding) gains nothing. TLS still verifies the name.
"""

import socket
import ssl
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from urllib.parse import SplitResult, urlsplit

from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError
from urllib3.util.ssl_match_hostname import CertificateError

CONNECT_SECONDS = 5.0
READ_SECONDS = 10.0
# For the whole exchange, however slowly the other side sends; well below the lease of a worker.
TOTAL_SECONDS = 15.0
EXCERPT_BYTES = 2_048
# The statuses that may carry ``Retry-After`` (RFC 6585 section 4, RFC 9110 section 15.6.4).
COME_AGAIN = (429, 503)
LONGEST_URL = 500

# Prefixes of IPv6 addresses that embed an IPv4 address, which is then the one checked (RFC 4291, 6052, 8215, 3056).
CARRIERS = (
    (ip_network("::/96"), 0),
    (ip_network("::ffff:0:0/96"), 0),
    (ip_network("64:ff9b::/96"), 0),
    (ip_network("64:ff9b:1::/48"), 0),
    (ip_network("2002::/16"), 80),
)

# "IETF protocol assignments": Python 3.11 treats some of them as global.
NOT_PUBLIC = ip_network("192.0.0.0/24")


class BadAddress(Exception):
    """Nothing can be sent to this URL. ``reason``: one of the errors in docs/webhooks.md."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class Answer:
    """The outcome of one attempt. ``status`` is None without a response.

    ``error`` says why there was none, or that it was a redirect. ``excerpt``: the first ``EXCERPT_BYTES`` of the body,
    as text. ``retry_after_seconds``: how long a busy server asked us to wait; 0 if it did not, or not in a valid form.
    """

    status: int | None
    error: str
    excerpt: str
    duration_ms: int
    retry_after_seconds: int = 0

    @property
    def is_success(self) -> bool:
        return self.status is not None and 200 <= self.status < 300


def read_url(url: str, *, allow_http: bool) -> SplitResult:
    """Return the parts of a URL that can be sent to. Raises BadAddress."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise BadAddress("bad-url") from error
    if len(url) > LONGEST_URL or not url.isascii() or any(character <= " " for character in url):
        raise BadAddress("bad-url")
    if not parts.hostname or parts.username is not None or parts.fragment or port == 0:
        raise BadAddress("bad-url")
    if parts.scheme != "https" and not (allow_http and parts.scheme == "http"):
        raise BadAddress("not-https")
    return parts


def is_public(address: str) -> bool:
    """Return whether the address is on the internet: not loopback, private, link-local (cloud metadata), CGNAT, …"""
    found = carried(ip_address(address.partition("%")[0]))
    return found.is_global and not (found.is_multicast or found in NOT_PUBLIC or getattr(found, "is_site_local", False))


def may_be_asked(address: str, *, allow_private: bool) -> bool:
    """Return whether the address may be sent to: public, or private if allowed, for a receiver of one's own.

    Never link-local: cloud metadata gives out the machine's credentials there.
    """
    return is_public(address) or (allow_private and not carried(ip_address(address.partition("%")[0])).is_link_local)


def carried(address: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    for network, shift in CARRIERS:
        if address in network:
            return IPv4Address((int(address) >> shift) & 0xFFFFFFFF)
    return address


def resolve(host: str, port: int, *, allow_private: bool) -> list[str]:
    """Return the host's addresses, at least one. Raises BadAddress if any is forbidden: the host might use it later."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise BadAddress("unknown-host") from error
    addresses = list(dict.fromkeys(str(entry[4][0]) for entry in found))
    if not all(may_be_asked(address, allow_private=allow_private) for address in addresses):
        raise BadAddress("private-address")
    return addresses


def post(url: str, body: bytes, headers: Mapping[str, str], *, allow_private: bool, allow_http: bool) -> Answer:
    """Send once, follow no redirect, read at most ``EXCERPT_BYTES``. Never raises for anything the other side does."""
    began = time.monotonic()

    def answer(status: int | None, error: str, excerpt: bytes = b"", retry_after: str = "") -> Answer:
        text = excerpt.decode("utf-8", "replace").replace("\0", "\ufffd")
        wait_seconds = seconds_until(retry_after) if status in COME_AGAIN else 0
        return Answer(status, error, text, round((time.monotonic() - began) * 1000), wait_seconds)

    try:
        parts = read_url(url, allow_http=allow_http)
        port = parts.port or (443 if parts.scheme == "https" else 80)
        addresses = resolve(str(parts.hostname), port, allow_private=allow_private)
        with connected(parts, port, addresses) as connection, deadline(connection, began) as passed:
            try:
                status, excerpt, retry_after = exchange(connection, parts, body, headers, passed)
            except Exception:
                if passed.is_set():
                    raise TimeoutError from None
                raise
    except BadAddress as error:
        return answer(None, error.reason)
    except Exception as error:  # a strange server can make the libraries raise anything
        return answer(None, error_word(error))
    return answer(status, "redirect" if 300 <= status < 400 else "", excerpt, retry_after)


def seconds_until(retry_after: str) -> int:
    """Return the seconds in ``Retry-After`` (RFC 9110 section 10.2.3): a number or a date; 0 for anything else."""
    value = retry_after.strip()
    if value.isascii() and value.isdigit():
        # More digits are never meant, and Python refuses to parse thousands of them.
        return int(value[:10])
    try:
        moment = parsedate_to_datetime(value)
        # A date without a zone is in GMT, like every date in HTTP.
        moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        return max(0, round((moment - datetime.now(UTC)).total_seconds()))
    except Exception:  # a strange server can make the library raise anything
        return 0


@contextmanager
def connected(parts: SplitResult, port: int, addresses: list[str]) -> Iterator[HTTPConnection]:
    """Connect to the first of the addresses that accepts. TLS and ``Host`` use the name."""
    for number, address in enumerate(addresses):
        connection = connection_to(parts, port, address)
        try:
            connection.connect()
        except Exception:
            connection.close()
            if number == len(addresses) - 1 or number == 1:
                raise
            continue
        break
    try:
        connection.timeout = READ_SECONDS
        connection.sock.settimeout(READ_SECONDS)
        yield connection
    finally:
        connection.close()


def connection_to(parts: SplitResult, port: int, address: str) -> HTTPConnection:
    if parts.scheme == "http":
        return HTTPConnection(address, port, timeout=CONNECT_SECONDS)
    return HTTPSConnection(
        address,
        port,
        timeout=CONNECT_SECONDS,
        ssl_context=ssl.create_default_context(),
        server_hostname=parts.hostname,
        assert_hostname=parts.hostname,
    )


@contextmanager
def deadline(connection: HTTPConnection, began: float) -> Iterator[threading.Event]:
    """Shut the connection down when the total time is over; the event then says so."""
    passed, sock = threading.Event(), connection.sock

    def shut() -> None:
        passed.set()
        with suppress(OSError):
            # Not the shutdown of TLS: the other thread is using it.
            socket.socket.shutdown(sock, socket.SHUT_RDWR)

    timer = threading.Timer(max(TOTAL_SECONDS - (time.monotonic() - began), 0.01), shut)
    timer.daemon = True
    timer.start()
    try:
        yield passed
    finally:
        timer.cancel()


def exchange(
    connection: HTTPConnection,
    parts: SplitResult,
    body: bytes,
    headers: Mapping[str, str],
    passed: threading.Event,
) -> tuple[int, bytes, str]:
    """Return the status, the beginning of the body, and ``Retry-After`` (empty without one)."""
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    connection.request(
        "POST", path, body=body, headers={**headers, "Host": parts.netloc, "Connection": "close"},
        preload_content=False, decode_content=False, enforce_content_length=False,
    )  # fmt: skip
    response = connection.getresponse()
    if passed.is_set():
        # Headers cut short look complete.
        raise TimeoutError
    excerpt = b""
    # The status counts, even if the body breaks off or comes slowly.
    with suppress(HTTPError, OSError):
        excerpt = response.read(EXCERPT_BYTES)
    return response.status, excerpt, response.headers.get("Retry-After", "")


def error_word(error: Exception) -> str:
    causes = [error, error.__cause__, getattr(error, "reason", None)]
    if any(isinstance(cause, TimeoutError) for cause in causes) or "timed out" in str(error):
        return "timeout"
    if any(isinstance(cause, (ssl.SSLError, CertificateError)) for cause in causes):
        return "tls"
    return "connection"
