"""Sending to addresses that others chose: nowhere private, nothing followed, not for long, not much."""

import socket
import ssl
import time
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from privacycenter.http import safe_http
from privacycenter.http.safe_http import BadAddress, is_public, post, read_url
from tests.support.receiver import Receiver


@pytest.fixture
def server():
    receiver = Receiver()
    yield receiver
    receiver.close()


@pytest.fixture
def hurry(monkeypatch):
    """The same limits, shorter."""
    monkeypatch.setattr(safe_http, "READ_SECONDS", 0.2)
    monkeypatch.setattr(safe_http, "TOTAL_SECONDS", 0.4)


def send(url, *, allow_private=True, allow_http=True):
    return post(url, b"{}", {"webhook-id": "msg_1"}, allow_private=allow_private, allow_http=allow_http)


def names(monkeypatch, **addresses):
    """What each name resolves to, by its first part. Returns the names that will have been asked for."""
    asked, original = [], socket.getaddrinfo

    def getaddrinfo(host, port, *arguments, **more):
        if host[0].isdigit() or ":" in host:  # the library's way of connecting to an address
            return original(host, port, *arguments, **more)
        asked.append(host)
        found = addresses.get(host.partition(".")[0])
        if found is None:
            raise socket.gaierror("unknown")
        families = {True: socket.AF_INET6, False: socket.AF_INET}
        return [(families[":" in one], socket.SOCK_STREAM, 6, "", (one, port)) for one in found]

    monkeypatch.setattr(safe_http.socket, "getaddrinfo", getaddrinfo)
    return asked


# --- Where we may go --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "127.8.8.8", "0.0.0.0", "10.1.2.3", "172.16.0.1", "172.31.255.255", "192.168.1.1", "100.64.0.1",
        "100.127.255.255", "169.254.169.254", "192.0.0.8", "198.18.0.1", "224.0.0.1", "240.0.0.1", "255.255.255.255",
        "::", "::1", "fe80::1", "fe80::1%eth0", "fc00::1", "fd00:ec2::254", "fec0::1", "ff02::1", "::ffff:127.0.0.1",
        "::ffff:169.254.169.254", "::127.0.0.1", "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "2002:7f00:1::1",
        "2002:a00:1::", "2001:db8::1", "2001:0:7f00:1::",
    ],
)  # fmt: skip
def test_address_that_is_not_of_the_internet_is_not_public(address):
    assert not is_public(address)


@pytest.mark.parametrize(
    "address", ["8.8.8.8", "203.1.113.1", "172.32.0.1", "100.128.0.1", "2606:4700::1111", "::ffff:8.8.8.8"]
)
def test_address_of_the_internet_is_public(address):
    assert is_public(address)


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:{port}/", "http://localhost:{port}/", "http://[::1]:{port}/", "http://0x7f000001:{port}/",
        "http://2130706433:{port}/", "http://127.1:{port}/", "http://0177.0.0.1:{port}/", "http://0:{port}/",
        "http://[::ffff:127.0.0.1]:{port}/",
    ],
)  # fmt: skip
def test_private_address_in_any_spelling_is_not_connected_to(server, url):
    answer = send(url.format(port=server.port), allow_private=False)
    assert (answer.status, answer.error) == (None, "private-address")
    assert not server.requests


def test_name_of_a_private_address_is_not_connected_to(server, monkeypatch):
    names(monkeypatch, hooks=["127.0.0.1"])
    assert send(f"http://hooks.example:{server.port}/", allow_private=False).error == "private-address"
    assert not server.requests


def test_name_with_one_private_address_among_others_is_not_trusted(server, monkeypatch):
    names(monkeypatch, hooks=["203.1.113.1", "127.0.0.1"])
    assert send(f"http://hooks.example:{server.port}/", allow_private=False).error == "private-address"


def test_name_is_asked_for_once_and_the_checked_address_is_the_one_connected_to(server, monkeypatch):
    """DNS rebinding: a name that answers differently the second time gains nothing, as there is no second time."""
    asked = names(monkeypatch, hooks=["203.1.113.1"])
    connected = []

    def create_connection(address, *arguments, **more):
        connected.append(address)
        raise OSError("no network here")

    monkeypatch.setattr("urllib3.util.connection.create_connection", create_connection)
    assert send("http://hooks.example/", allow_private=False).error == "connection"
    assert (asked, connected) == (["hooks.example"], [("203.1.113.1", 80)])


@pytest.mark.parametrize("host", ["169.254.169.254", "[fe80::1]", "[::ffff:169.254.169.254]"])
def test_setting_never_allows_the_address_of_cloud_metadata(host):
    assert send(f"http://{host}/", allow_private=True).error == "private-address"


def test_setting_allows_private_addresses(server):
    assert send(server.url, allow_private=True).is_success


def test_host_header_and_path_are_those_of_the_address(server, monkeypatch):
    names(monkeypatch, hooks=["127.0.0.1"])
    send(f"http://hooks.example:{server.port}/a/b?c=d")
    assert server.requests[0].path == "/a/b?c=d"
    assert server.requests[0].headers["Host"] == f"hooks.example:{server.port}"


def test_second_address_is_tried_when_the_first_takes_no_connection(server, monkeypatch):
    names(monkeypatch, hooks=["::1", "127.0.0.1"])
    monkeypatch.setattr(safe_http, "is_public", lambda address: True)
    assert send(f"http://hooks.example:{server.port}/").is_success


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("http://hooks.example/", "not-https"), ("ftp://hooks.example/", "not-https"), ("file:///etc/passwd", "bad-url"),
        ("gopher://hooks.example/", "not-https"), ("https://a:b@hooks.example/", "bad-url"), ("https:///x", "bad-url"),
        ("https://hooks.example/#x", "bad-url"), ("https://hooks.example:0/", "bad-url"),
        ("https://hooks.example\r\nX: y/", "bad-url"), ("https://[::1", "bad-url"), ("https://" + "a" * 500, "bad-url"),
    ],
)  # fmt: skip
def test_address_that_cannot_be_sent_to_is_refused(url, reason):
    with pytest.raises(BadAddress) as refused:
        read_url(url, allow_http=False)
    assert refused.value.reason == reason


def test_unknown_name_is_told(monkeypatch):
    names(monkeypatch)
    assert send("http://nowhere.example/").error == "unknown-host"


# --- What servers do --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_redirect_is_not_followed(server, status):
    server.answers, server.headers = [status], {"Location": server.url}
    answer = send(server.url)
    assert (answer.status, answer.error, answer.is_success, len(server.requests)) == (status, "redirect", False, 1)


@pytest.mark.parametrize("status", [429, 503])
def test_busy_server_may_say_when_to_come_again(server, status):
    server.answers, server.headers = [status], {"Retry-After": "120"}
    assert send(server.url).retry_after_seconds == 120


@pytest.mark.parametrize("status", [200, 301, 400, 500])
def test_only_a_busy_server_may_say_when_to_come_again(server, status):
    server.answers, server.headers = [status], {"Retry-After": "120"}
    assert send(server.url).retry_after_seconds == 0


def test_date_to_come_again_is_read():
    at = format_datetime(datetime.now(UTC) + timedelta(minutes=10), usegmt=True)
    assert 590 <= safe_http.seconds_until(at) <= 600
    # Dates of HTTP are in GMT, also without saying so.
    assert 590 <= safe_http.seconds_until(at.removesuffix(" GMT")) <= 600


@pytest.mark.parametrize(
    "value",
    ["", "soon", "-5", "1.5", "٣", "Thu, 26 Nov 2015 01:00:00 GMT", "Thu, 99 Foo 2026 99:99:99 GMT", "0", "\xff"],
)
def test_time_to_come_again_that_is_none_is_not_waited_for(value):
    assert safe_http.seconds_until(value) == 0


def test_time_to_come_again_without_end_is_read():
    assert safe_http.seconds_until("9" * 5_000) > 0


def test_server_that_does_not_answer_is_left(server, hurry):
    server.behave = lambda handler: server.released.wait(10)
    began = time.monotonic()
    answer = send(server.url)
    assert (answer.status, answer.error) == (None, "timeout") and time.monotonic() - began < 3


def drip(server, handler, start=b""):
    handler.wfile.write(start)
    while not server.released.wait(0.05):
        handler.wfile.write(b"x")
        handler.wfile.flush()


def test_server_that_drips_its_headers_is_left(server, hurry):
    server.behave = lambda handler: drip(server, handler, b"HTTP/1.1 200 OK\r\nX-Slow: ")
    began = time.monotonic()
    answer = send(server.url)
    assert (answer.status, answer.error) == (None, "timeout") and time.monotonic() - began < 3


def test_server_that_drips_its_body_has_answered(server, hurry):
    server.behave = lambda handler: drip(server, handler, b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n")
    began = time.monotonic()
    assert send(server.url).is_success and time.monotonic() - began < 3


def test_answer_without_end_is_read_to_its_limit_alone(server):
    sent = []

    def pour(handler):
        handler.wfile.write(b"HTTP/1.1 200 OK\r\n\r\n")
        while not server.released.is_set():
            sent.append(handler.wfile.write(b"x" * 65_536))

    server.behave = pour
    answer = send(server.url)
    assert answer.is_success and len(answer.excerpt) == safe_http.EXCERPT_BYTES
    assert sum(sent) < 64 * 1024 * 1024


def test_compressed_answer_is_not_unpacked(server):
    server.headers, server.content = {"Content-Encoding": "gzip"}, b"not gzip at all"
    assert send(server.url).excerpt == "not gzip at all"


@pytest.mark.parametrize(
    "said", [b"", b"nonsense\r\n\r\n", b"HTTP/1.1 abc\r\n\r\n", b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 500 + b"\r\n"]
)
def test_server_that_speaks_no_http_is_told(server, said):
    server.behave = lambda handler: (handler.wfile.write(said), setattr(handler, "close_connection", True))
    assert (send(server.url).status, send(server.url).error) == (None, "connection")


def test_answer_with_bytes_that_are_no_text_is_kept_readable(server):
    server.content = b"\xff\x00ok"
    assert send(server.url).excerpt == "\ufffd\ufffdok"


def test_closed_port_is_told(server):
    server.close()
    assert send(server.url).error == "connection"


# --- TLS --------------------------------------------------------------------------------------------------------------


def certificate(tmp_path, name):
    """A certificate for the name, signed by itself; the path of a file with it and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject, now = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]), datetime.now(UTC)
    made = (
        x509.CertificateBuilder().subject_name(subject).issuer_name(subject).public_key(key.public_key())
        .serial_number(1).not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    path = tmp_path / f"{name}.pem"
    path.write_bytes(
        made.public_bytes(serialization.Encoding.PEM)
        + key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return path


@pytest.fixture
def tls_server(tmp_path, monkeypatch):
    """A server that proves to be hooks.example, whose signer is trusted; every name leads to it."""
    path = certificate(tmp_path, "hooks.example")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    monkeypatch.setenv("SSL_CERT_FILE", str(path))
    names(monkeypatch, hooks=["127.0.0.1"], other=["127.0.0.1"])
    receiver = Receiver(context)
    yield receiver
    receiver.close()


def test_tls_proves_the_name_although_the_address_is_connected_to(tls_server):
    assert send(f"https://hooks.example:{tls_server.port}/", allow_http=False).is_success


def test_tls_of_another_name_is_refused(tls_server):
    assert send(f"https://other.example:{tls_server.port}/").error == "tls"
    assert not tls_server.requests


def test_tls_of_a_signer_nobody_knows_is_refused(tls_server, monkeypatch, tmp_path):
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate(tmp_path, "elsewhere.example")))
    assert send(f"https://hooks.example:{tls_server.port}/").error == "tls"
    assert not tls_server.requests
