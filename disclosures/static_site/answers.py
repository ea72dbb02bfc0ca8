"""The application's own answers, asked for in this process as a browser asks through the proxy."""

import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler

# The forms in which a page is kept → the ending of its file.
ENDINGS = {"identity": "", "gzip": ".gz", "br": ".br"}
# What a server sets for each file by itself.
OF_EACH = ("etag", "content-length", "last-modified")


@dataclass(frozen=True)
class Answer:
    """``headers``: without those that differ from file to file, which are ``etag`` and ``last_modified``."""

    status: int
    headers: tuple[tuple[str, str], ...]
    etag: str
    last_modified: str
    location: str
    body: bytes

    @property
    def is_public(self) -> bool:
        said = dict(self.headers)
        return self.status == 200 and "public" in said.get("Cache-Control", "") and "Set-Cookie" not in said

    @property
    def encoding(self) -> str:
        return dict(self.headers).get("Content-Encoding", "identity")

    @property
    def is_negotiated(self) -> bool:
        return "accept-encoding" in dict(self.headers).get("Vary", "").lower()


class Application:
    """The site as visitors reach it: at ``SITE_ADDRESS``, with its scheme."""

    def __init__(self) -> None:
        self.handler = WSGIHandler()
        self.address = urlsplit(settings.SITE_ADDRESS)

    def ask(self, target: str, encoding: str = "identity") -> Answer:
        """Return the answer to a GET. ``target``: path, with a query or without."""
        said: dict[str, Any] = {}

        def start_response(status: str, headers: list[tuple[str, str]], *exc_info: Any) -> Any:
            said.update(status=int(status.split()[0]), headers=headers)

        with quiet():
            parts = self.handler(self.environ(target, encoding), start_response)
            try:
                body = b"".join(parts)
            finally:
                parts.close()
        each = {name.lower(): value for name, value in said["headers"]}
        kept = tuple((name, value) for name, value in said["headers"] if name.lower() not in OF_EACH)
        return Answer(
            said["status"], kept, each.get("etag", ""), each.get("last-modified", ""), each.get("location", ""), body
        )

    def environ(self, target: str, encoding: str) -> dict[str, Any]:
        path, _, query = target.partition("?")
        host, port = self.address.hostname or "", str(self.address.port or {"http": 80}.get(self.address.scheme, 443))
        return {
            "REQUEST_METHOD": "GET", "SCRIPT_NAME": "", "PATH_INFO": path, "QUERY_STRING": query, "RAW_URI": target,
            "SERVER_NAME": host, "SERVER_PORT": port, "SERVER_PROTOCOL": "HTTP/1.1", "REMOTE_ADDR": "127.0.0.1",
            "HTTP_HOST": self.address.netloc, "HTTP_ACCEPT_ENCODING": encoding,
            "wsgi.version": (1, 0), "wsgi.url_scheme": self.address.scheme, "wsgi.input": BytesIO(),
            "wsgi.errors": sys.stderr, "wsgi.multithread": False, "wsgi.multiprocess": True, "wsgi.run_once": False,
        }  # fmt: skip


@contextmanager
def quiet() -> Iterator[None]:
    """Write no line of the access log: these are no visits."""
    log = logging.getLogger("privacycenter.access")
    level = log.level
    log.setLevel(logging.ERROR)
    try:
        yield
    finally:
        log.setLevel(level)
