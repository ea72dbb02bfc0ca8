"""The site as docs/operate.md says to run it: two processes in production, behind a proxy that ends TLS.

Visitors speak raw HTTP, so that they can say what no library would send.
"""

import os
import random
import re
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import threading
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.support.content import ROOT
from tests.support.processes import descendants, is_alive, kill_all, url_of, wait_until

HOST = "privacy.example"
ADDRESS = f"https://{HOST}"
PATIENCE_SECONDS = 60
SETTINGS = {
    "DJANGO_SETTINGS_MODULE": "tests.production_settings",
    "SECRET_KEY": "only-for-tests-" * 5,
    "RECEIPT_SIGNING_KEY": "k" * 43,
    "LOG_SIGNING_KEY": "l" * 43,
    "ALLOWED_HOSTS": HOST,
    "DEFAULT_FROM_EMAIL": "privacy@privacy.example",
    "TRUSTED_PROXIES": "1",
    "PYTHONPATH": str(ROOT),
}
WAYS = ("direct", "tls", "nginx", "haproxy", "caddy")


@dataclass
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes
    head: str = ""

    @property
    def text(self) -> str:
        return self.body.decode(errors="replace")


@dataclass
class Way:
    """One way to the site: directly or through a proxy. ``said``: what the proxy would add, when there is none."""

    name: str
    port: int
    is_tls: bool
    said: tuple[str, ...] = ()

    def send(self, request: bytes, visitor: str = "127.0.0.1") -> Answer:
        """Send these bytes, and read until the server closes or the answer is whole. Status 0: closed without one."""
        plain = socket.create_connection(("127.0.0.1", self.port), PATIENCE_SECONDS, source_address=(visitor, 0))
        with closing(trusting_anybody().wrap_socket(plain, server_hostname=HOST) if self.is_tls else plain) as line:
            received = b""
            # A server may refuse and close before all was sent.
            with suppress(ConnectionError, ssl.SSLError):
                line.sendall(request)
            with suppress(ConnectionError, ssl.SSLError):
                while not is_whole(received) and (more := line.recv(65536)):
                    received += more
        return parsed(received)

    def get(self, path: str, visitor: str = "127.0.0.1", **headers: str) -> Answer:
        return self.send(self.head(f"GET {path} HTTP/1.1", headers), visitor)

    def post(self, path: str, form: bytes, visitor: str = "127.0.0.1", **headers: str) -> Answer:
        more = {"Content-Type": "application/x-www-form-urlencoded", "Content-Length": str(len(form)), **headers}
        return self.send(self.head(f"POST {path} HTTP/1.1", more) + form, visitor)

    def head(self, line: str, headers: dict[str, str] | None = None) -> bytes:
        named = [f"{name.replace('_', '-')}: {value}" for name, value in (headers or {}).items()]
        return "\r\n".join([line, f"Host: {HOST}", *self.said, "Connection: close", *named, "", ""]).encode("latin-1")


@cache
def trusting_anybody() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context


def is_whole(received: bytes) -> bool:
    head, ended, body = received.partition(b"\r\n\r\n")
    length = re.search(rb"\r\ncontent-length: (\d+)", head.lower())
    return bool(ended and length) and len(body) >= int(length[1])


def parsed(received: bytes) -> Answer:
    head, _, body = received.partition(b"\r\n\r\n")
    line, *lines = head.decode("latin-1").split("\r\n")
    headers = {name.lower(): value.strip() for name, _, value in (one.partition(":") for one in lines)}
    status = int(line.split()[1]) if line.startswith("HTTP/1.") else 0
    whole = unchunked(body) if headers.get("transfer-encoding") == "chunked" else body
    return Answer(status, headers, whole, head.decode("latin-1"))


def unchunked(body: bytes) -> bytes:
    found = b""
    while body:
        size, _, body = body.partition(b"\r\n")
        found, body = found + body[: int(size, 16)], body[int(size, 16) + 2 :]
    return found


# --- The site ---------------------------------------------------------------------------------------------------------


@dataclass
class Site:
    """``manage.py serve`` in production on a database of its own, and the proxies in front of it."""

    port: int
    process: subprocess.Popen
    folder: Path
    open: ExitStack
    ways: dict[str, Way] = field(default_factory=dict)

    def way(self, name: str) -> Way:
        """The way of this name; a proxy is started when first asked for. Skips where it is not installed."""
        if name not in self.ways:
            assert name in WAYS
            self.ways[name] = getattr(self, name)()
        return self.ways[name]

    def begin_anew(self) -> None:
        """Both processes forget every page that they keep: gunicorn puts two new ones in their place."""
        main = next(pid for pid in descendants(self.process.pid) if b"gunicorn" in command_of(pid))
        before = descendants(main)
        os.kill(main, signal.SIGHUP)
        wait_until(lambda: not any(map(is_alive, before)) and len(descendants(main)) == len(before))

    def direct(self) -> Way:
        return Way("direct", self.port, is_tls=False, said=("X-Forwarded-Proto: https", "X-Forwarded-For: 8.8.8.8"))

    def tls(self) -> Way:
        return Way("tls", self.open.enter_context(tls_proxy(self.port, certificate(self.folder))), is_tls=True)

    def nginx(self) -> Way:
        """nginx with the location of docs/operate.md; and underscores in headers, which would hide less of an attack."""
        program, port = installed("nginx"), free_port()
        location = documented("nginx").replace("127.0.0.1:8000", f"127.0.0.1:{self.port}")
        (self.folder / "nginx.conf").write_text(NGINX.format(
            folder=self.folder, port=port, certificate=certificate(self.folder), location=location,
        ))  # fmt: skip
        command = [program, "-p", str(self.folder), "-e", "stderr", "-c", str(self.folder / "nginx.conf")]
        return self.started("nginx", command, port)

    def haproxy(self) -> Way:
        program, port = installed("haproxy"), free_port()
        backend = documented("haproxy").replace("127.0.0.1:8000", f"127.0.0.1:{self.port}")
        (self.folder / "haproxy.cfg").write_text(HAPROXY.format(
            port=port, certificate=certificate(self.folder), backend=backend,
        ))  # fmt: skip
        return self.started("haproxy", [program, "-db", "-f", str(self.folder / "haproxy.cfg")], port)

    def caddy(self) -> Way:
        """Caddy with deploy/Caddyfile itself. It takes a certificate from a file, as nobody gives it one here."""
        program, port, pem = installed("caddy"), free_port(), certificate(self.folder)
        shown = (ROOT / "deploy/Caddyfile").read_text().replace("site:8000", f"127.0.0.1:{self.port}")
        shown = shown.replace("{$SITE_HOST} {", f"https://{HOST}:{port} {{\n\tbind 127.0.0.1\n\ttls {pem} {pem}")
        (self.folder / "Caddyfile").write_text("{\n\tadmin off\n\tauto_https disable_redirects\n}\n" + shown)
        # It keeps notes of its own in the folders of whoever starts it.
        folders = [f"HOME={self.folder}", f"XDG_CONFIG_HOME={self.folder}", f"XDG_DATA_HOME={self.folder}"]
        command = [program, "run", "--adapter", "caddyfile", "--config", str(self.folder / "Caddyfile")]
        return self.started("caddy", ["env", *folders, *command], port)

    def started(self, name: str, command: list[str], port: int) -> Way:
        with (self.folder / f"{name}.log").open("wb") as log:
            process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT)
        self.open.callback(kill_all, process)
        wait_until(lambda: answers(port) or process.poll() is not None)
        assert process.poll() is None, (self.folder / f"{name}.log").read_text()
        return Way(name, port, is_tls=True)


@contextmanager
def production_site(database: str, folder: Path, **more: str):
    """``database``: its DATABASE_URL, with tables and content."""
    known = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "VIRTUAL_ENV") if name in os.environ}
    environment = {**known, **SETTINGS, "DATABASE_URL": database, "EMAIL_URL": f"file://{folder}/mail", **more}
    with ExitStack() as opened:
        command = [sys.executable, "-W", "ignore", ROOT / "manage.py", "serve", "--port=0", "--workers=2"]
        log = opened.enter_context((folder / "serve.log").open("wb"))
        process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=log, text=True)
        opened.callback(process.stdout.close)
        opened.callback(kill_all, process)
        yield Site(int(url_of(process).rpartition(":")[2]), process, folder, opened)


def command_of(pid: int) -> bytes:
    return Path(f"/proc/{pid}/cmdline").read_bytes()


def installed(program: str) -> str:
    """Its path. Without it the attack cannot be tried: skipped, a failure where everything has to be there."""
    found = shutil.which(program, path=f"{os.environ['PATH']}:/usr/sbin:/usr/local/sbin")
    if found is None:
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(f"{program} is not installed")
    return str(found)


def documented(language: str) -> str:
    """The example in docs/operate.md."""
    return re.search(rf"```{language}\n(.*?)```", (ROOT / "docs/operate.md").read_text(), re.DOTALL).group(1)


def free_port() -> int:
    """Below those that the system gives to connections, to one of which it could give this port before it is used."""
    for port in random.sample(range(20_000, 32_000), 200):
        with suppress(OSError), socket.create_server(("127.0.0.1", port)):
            return port
    raise AssertionError("two hundred ports are taken")


def answers(port: int) -> bool:
    with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
        return True
    return False


def certificate(folder: Path) -> Path:
    """A key and a certificate that it signed itself, in one file."""
    path = folder / "tls.pem"
    if not path.exists():
        key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, HOST)])
        now = datetime.now(UTC)
        builder = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        builder = builder.not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
        made = builder.add_extension(x509.SubjectAlternativeName([x509.DNSName(HOST)]), critical=False).sign(
            key, hashes.SHA256()
        )
        pem, kind = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
        path.write_bytes(
            key.private_bytes(pem, kind, serialization.NoEncryption()) + made.public_bytes(serialization.Encoding.PEM)
        )
    return path


@contextmanager
def tls_proxy(upstream: int, pem: Path):
    """A small proxy that ends TLS and passes each request on. Yields its port.

    It **sets** the two forwarded headers. A visitor from 127.0.x.y comes from the public address 8.8.x.y.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)

    def serve(plain: socket.socket, visitor: str) -> None:
        with suppress(OSError, ssl.SSLError), context.wrap_socket(plain, server_side=True) as line:
            received = b""
            while b"\r\n\r\n" not in received and (more := line.recv(65536)):
                received += more
            head, _, body = received.partition(b"\r\n\r\n")
            length = re.search(rb"\r\ncontent-length: *(\d+)", head.lower())
            while length and len(body) < int(length[1]) and (more := line.recv(65536)):
                body += more
            with socket.create_connection(("127.0.0.1", upstream), PATIENCE_SECONDS) as behind:
                behind.sendall(forwarded(head, visitor) + body)
                while data := behind.recv(65536):
                    line.sendall(data)

    def accept() -> None:
        with suppress(OSError):
            while True:
                plain, (peer, _port) = listener.accept()
                visitor = re.sub(r"^127\.0\.", "8.8.", peer)
                threading.Thread(target=serve, args=(plain, visitor), daemon=True).start()

    with socket.create_server(("127.0.0.1", 0), backlog=128) as listener:
        threading.Thread(target=accept, daemon=True).start()
        yield listener.getsockname()[1]


def forwarded(head: bytes, visitor: str) -> bytes:
    """The head as the proxy sends it on: one request for each connection."""
    dropped = (b"x-forwarded-for:", b"x-forwarded-proto:", b"connection:")
    line, *lines = head.split(b"\r\n")
    kept = [line, *(one for one in lines if not one.lower().startswith(dropped))]
    said = [b"X-Forwarded-For: " + visitor.encode(), b"X-Forwarded-Proto: https", b"Connection: close"]
    return b"\r\n".join([*kept, *said, b"", b""])


NGINX = """
daemon off; user root; worker_processes 1; pid {folder}/nginx.pid;
events {{ worker_connections 64; }}
http {{
  access_log off; client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi; uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
  underscores_in_headers on;
  server {{
    listen 127.0.0.1:{port} ssl; ssl_certificate {certificate}; ssl_certificate_key {certificate};
    {location}
  }}
}}
"""
HAPROXY = """
defaults
    mode http
    timeout connect 10s
    timeout client 60s
    timeout server 60s
frontend public
    bind 127.0.0.1:{port} ssl crt {certificate}
    default_backend privacycenter
{backend}
"""
