"""Bodies that come compressed (RFC 9110, section 8.4): gzip is read, within the limit of any body."""

import zlib
from io import BytesIO

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest

from privacycenter.errors import BodyTooLarge, NotGzip, WrongContentEncoding
from privacycenter.http.requests import refuse_unknown_length

GZIP = ("gzip", "x-gzip")
# Of a request: its body as it was sent, if that was compressed.
SENT = "body_as_sent"
# The window of zlib, for data with a header and trailer of gzip.
GZIP_WINDOW = 16 + zlib.MAX_WBITS


def read_compressed(request: HttpRequest) -> None:
    """Replace a body compressed with gzip by what it holds, as if it had been sent so. Leaves any other as it is.

    Raises WrongContentEncoding for another encoding, LengthRequired for chunks, BodyTooLarge for a body that holds more
    than ``settings.DATA_UPLOAD_MAX_MEMORY_SIZE`` bytes, NotGzip for one that is damaged, cut off or followed by more.
    """
    encoding = request.headers.get("Content-Encoding", "").strip().lower()
    if encoding in ("", "identity") or request.method in ("GET", "HEAD"):
        return
    if encoding not in GZIP:
        raise WrongContentEncoding("Send the body as it is, or compressed with gzip once.")
    refuse_unknown_length(request)
    try:
        sent = request.body
        body = uncompressed(sent)
    except RequestDataTooBig as error:
        raise too_large() from error
    del request.META["HTTP_CONTENT_ENCODING"]
    request.__dict__.pop("headers", None)
    request.META["CONTENT_LENGTH"] = str(len(body))
    setattr(request, SENT, sent)
    request._body = body
    request._stream = BytesIO(body)


def as_sent(request: HttpRequest) -> bytes:
    """Return the body with its content coding, which digests are of (RFC 9530)."""
    sent: bytes = getattr(request, SENT, request.body)
    return sent


def uncompressed(body: bytes) -> bytes:
    """Return what the body holds. Never takes more memory than the largest body that is read. Pure."""
    most = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    reader = zlib.decompressobj(GZIP_WINDOW)
    try:
        found = reader.decompress(body, most + 1)
    except zlib.error as error:
        raise NotGzip(f"Not readable as gzip: {error}") from error
    if len(found) > most:
        raise too_large()
    if not reader.eof or reader.unused_data:
        raise NotGzip("Send one whole gzip stream and nothing after it.")
    return found


def too_large() -> BodyTooLarge:
    return BodyTooLarge(f"At most {settings.DATA_UPLOAD_MAX_MEMORY_SIZE} bytes, also once uncompressed.")
