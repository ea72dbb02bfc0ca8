"""Delivery of a page that is the same for everyone: encodings, negotiation, validators. Independent of any subject."""

import gzip
import hashlib
from collections import OrderedDict
from collections.abc import Hashable
from functools import lru_cache
from threading import Lock

import brotli
from django.http import HttpRequest, HttpResponse
from django.http.response import ResponseHeaders
from django.utils.cache import get_conditional_response
from django.utils.http import parse_etags

# In order of preference, for a client that accepts several equally.
ENCODINGS = ("br", "gzip", "identity")
# Kept pages are compressed once and sent often; brotli's 11 would take three times as long for one percent. Pages that
# are sent once must not wait.
KEPT_LEVELS, PASSING_LEVELS = {"br": 10, "gzip": 9}, {"br": 5, "gzip": 4}
# Headers of the original response that each representation sets itself.
OWN_HEADERS = {"content-encoding", "content-length", "etag", "vary"}


class DeliveredPage:
    """One page as bytes and headers. Each encoding is compressed when first asked for, then kept."""

    def __init__(self, response: HttpResponse, *, is_kept: bool) -> None:
        self.content = response.content
        self.levels = KEPT_LEVELS if is_kept else PASSING_LEVELS
        self.headers = {name: value for name, value in response.items() if name.lower() not in OWN_HEADERS}
        self.representations: dict[str, Representation] = {}

    @property
    def size_bytes(self) -> int:
        """An upper bound of its memory: both compressed forms together are smaller than the page itself."""
        return 2 * len(self.content) + 2048

    def answer(self, request: HttpRequest) -> HttpResponse:
        """Return 200, or 304 for a client that has this representation; for HEAD the headers alone."""
        encoding = encoding_for(request.META.get("HTTP_ACCEPT_ENCODING", ""))
        representation = self.representations.get(encoding)
        if representation is None:
            # Two threads may both make it: the results are equal.
            representation = self.representations[encoding] = Representation(self, encoding)
        return representation.answer(request)


class Representation:
    """A page in one encoding. Its ETag is strong: other bytes have another ETag."""

    def __init__(self, page: DeliveredPage, encoding: str) -> None:
        self.content = encoded(page.content, encoding, page.levels)
        self.etag = f'"{digest(page.headers, self.content)}"'
        validators = {"ETag": self.etag, "Vary": "Accept-Encoding"}
        self.headers = ResponseHeaders({**page.headers, **validators, "Content-Length": str(len(self.content))})
        if encoding != "identity":
            self.headers["Content-Encoding"] = encoding
        # RFC 9110 15.4.5: the client has the other headers already.
        self.not_modified = ResponseHeaders({**validators, "Cache-Control": page.headers.get("Cache-Control", "")})

    def answer(self, request: HttpRequest) -> HttpResponse:
        if self.is_held_by(request):
            return ready_made(b"", 304, self.not_modified)
        response = ready_made(b"" if request.method == "HEAD" else self.content, 200, self.headers)
        if "HTTP_IF_MATCH" in request.META:
            return get_conditional_response(request, etag=self.etag, response=response) or response
        return response

    def is_held_by(self, request: HttpRequest) -> bool:
        """Return whether ``If-None-Match`` names it, compared weakly (RFC 9110 13.1.2): proxies weaken ETags."""
        held = request.META.get("HTTP_IF_NONE_MATCH")
        if held is None or "HTTP_IF_MATCH" in request.META:
            return False
        return held == self.etag or any(tag in ("*", self.etag, f"W/{self.etag}") for tag in parse_etags(held))


def digest(headers: dict[str, str], content: bytes) -> str:
    """Hash headers and content: a policy that changes without the content makes another page, which is sent again."""
    return hashlib.sha256(repr(sorted(headers.items())).encode() + content).hexdigest()[:32]


def ready_made(content: bytes, status: int, headers: ResponseHeaders) -> HttpResponse:
    """Return a response with a copy of these headers. Setting them one by one would validate each for every visit."""
    response = HttpResponse(content, status=status)
    response.headers._store = headers._store.copy()
    return response


def encoded(content: bytes, encoding: str, levels: dict[str, int]) -> bytes:
    if encoding == "br":
        return bytes(brotli.compress(content, mode=brotli.MODE_TEXT, quality=levels["br"]))
    # Without the time, the same page gives the same bytes in every process.
    return gzip.compress(content, compresslevel=levels["gzip"], mtime=0) if encoding == "gzip" else content


@lru_cache(maxsize=256)
def encoding_for(accepted: str) -> str:
    """Return the encoding that ``Accept-Encoding`` prefers (RFC 9110 12.5.3); ``identity`` if none fits."""
    wishes = dict(wish(part) for part in accepted.lower().split(","))
    # Encodings not named are not wanted, except ``identity``, which is always acceptable.
    other = wishes.get("*", 0.0)
    wanted = {
        "br": wishes.get("br", other),
        "gzip": wishes.get("gzip", wishes.get("x-gzip", other)),
        "identity": wishes.get("identity", 0.0001),
    }
    best = max(ENCODINGS, key=lambda encoding: wanted[encoding])
    return best if wanted[best] > 0 else "identity"


def wish(part: str) -> tuple[str, float]:
    """Parse ``gzip;q=0.5`` into the name and a weight from 0 to 1; an invalid weight is 0."""
    name, _semicolon, parameter = (piece.strip() for piece in part.partition(";"))
    key, _equals, value = (piece.strip() for piece in parameter.partition("="))
    if key != "q":
        return name, 1.0
    try:
        return name, min(max(float(value), 0.0), 1.0)
    except ValueError:
        return name, 0.0


class KeptPages:
    """Pages in the memory of this process. Beyond ``largest_bytes`` the least recently used goes first."""

    def __init__(self, largest_bytes: int) -> None:
        self.largest_bytes = largest_bytes
        self.kept_bytes = 0
        self.pages: OrderedDict[Hashable, DeliveredPage] = OrderedDict()
        self.lock = Lock()

    def get(self, key: Hashable) -> DeliveredPage | None:
        with self.lock:
            page = self.pages.get(key)
            if page is not None:
                self.pages.move_to_end(key)
            return page

    def keep(self, key: Hashable, page: DeliveredPage) -> None:
        with self.lock:
            if key in self.pages:
                return
            self.pages[key] = page
            self.kept_bytes += page.size_bytes
            while self.kept_bytes > self.largest_bytes:
                _key, dropped = self.pages.popitem(last=False)
                self.kept_bytes -= dropped.size_bytes

    def clear(self) -> None:
        with self.lock:
            self.pages.clear()
            self.kept_bytes = 0
