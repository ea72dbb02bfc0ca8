"""POST to an address that somebody else chose: only to where we may go, no further, not for long, not much.

The host is looked up once, every address it has is checked, and the connection goes to an address that was checked:
a name that answers differently the second time (DNS rebinding) gains nothing. TLS still proves the name.
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
# All of it, however slowly the other side drips; well below the time for which a worker holds a piece of work.
TOTAL_SECONDS = 15.0
EXCERPT_BYTES = 2_048
# With these a server may say when to come again (RFC 6585 section 4, RFC 9110 section 15.6.4).
COME_AGAIN = (429, 503)
LONGEST_URL = 500

# Addresses that carry another one inside: what counts is that one (RFC 4291, 6052, 8215, 3056).
CARRIERS = (
    (ip_network("::/96"), 0),
    (ip_network("::ffff:0:0/96"), 0),
    (ip_network("64:ff9b::/96"), 0),
    (ip_network("64:ff9b:1::/48"), 0),
    (ip_network("2002::/16"), 80),
)

# "IETF protocol assignments": Python 3.11 counts some of them as global.
NOT_PUBLIC = ip_network("192.0.0.0/24")


class BadAddress(Exception):
    """Nothing can be sent there. ``reason`` is one of the words of ``ERRORS`` in docs/webhooks.md."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class Answer:
    """What came of one try. ``status`` is None when no answer came; then, or for a redirect, ``error`` says why.

    ``excerpt``: the first ``EXCERPT_BYTES`` of the answer's body, as text. ``retry_after_seconds``: for how long a busy
    server asked us to stay away; 0 if it did not, or said so in no form we know.
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
    """The parts of an address that can be sent to. Raises BadAddress."""
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
    """Whether an address is one of the internet: not loopback, private, link-local (cloud metadata), CGNAT, …"""
    found = carried(ip_address(address.partition("%")[0]))
    return found.is_global and not (found.is_multicast or found in NOT_PUBLIC or getattr(found, "is_site_local", False))


def may_be_asked(address: str, *, allow_private: bool) -> bool:
    """A receiver of one's own may be in the private network. Never where a machine's own credentials are given out:
    link-local addresses, of cloud metadata."""
    return is_public(address) or (allow_private and not carried(ip_address(address.partition("%")[0])).is_link_local)


def carried(address: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    for network, shift in CARRIERS:
        if address in network:
            return IPv4Address((int(address) >> shift) & 0xFFFFFFFF)
    return address


def resolve(host: str, port: int, *, allow_private: bool) -> list[str]:
    """The host's addresses, at least one. Raises BadAddress if one of them may not be asked: it may turn to that."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise BadAddress("unknown-host") from error
    addresses = list(dict.fromkeys(str(entry[4][0]) for entry in found))
    if not all(may_be_asked(address, allow_private=allow_private) for address in addresses):
        raise BadAddress("private-address")
    return addresses


def post(url: str, body: bytes, headers: Mapping[str, str], *, allow_private: bool, allow_http: bool) -> Answer:
    """Send once, follow no redirect, read at most ``EXCERPT_BYTES``. Never raises for what the other side does."""
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
    except Exception as error:  # whatever a strange server makes the libraries raise
        return answer(None, error_word(error))
    return answer(status, "redirect" if 300 <= status < 400 else "", excerpt, retry_after)


def seconds_until(retry_after: str) -> int:
    """What ``Retry-After`` says (RFC 9110 section 10.2.3): a number of seconds, or a date. 0 for anything else."""
    value = retry_after.strip()
    if value.isascii() and value.isdigit():
        # No server means more digits than these, and Python refuses to read thousands of them.
        return int(value[:10])
    try:
        moment = parsedate_to_datetime(value)
        # A date without a zone is in GMT, as every date of HTTP.
        moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        return max(0, round((moment - datetime.now(UTC)).total_seconds()))
    except Exception:  # whatever a strange server makes the library raise
        return 0


@contextmanager
def connected(parts: SplitResult, port: int, addresses: list[str]) -> Iterator[HTTPConnection]:
    """A connection to the first of the addresses that takes one. TLS and ``Host`` are about the name."""
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
    """Shut the connection when the time for all of it is over; the event then says so."""
    passed, sock = threading.Event(), connection.sock

    def shut() -> None:
        passed.set()
        with suppress(OSError):
            # Not TLS's own: the other thread is in the middle of it.
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
    """Status, the beginning of the body, and ``Retry-After`` (empty without one)."""
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    connection.request(
        "POST", path, body=body, headers={**headers, "Host": parts.netloc, "Connection": "close"},
        preload_content=False, decode_content=False, enforce_content_length=False,
    )  # fmt: skip
    response = connection.getresponse()
    if passed.is_set():
        # Headers that break off look as if they had ended.
        raise TimeoutError
    excerpt = b""
    # What was answered counts; a body that breaks off, or drips, changes nothing.
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
