"""A picture or document as it leaves: what it is and nothing else, in a place of its own, the same for ever."""

from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response

from disclosures.models import FileType

# Nothing runs in it, nothing is fetched by it, and it is a document of nobody. A drawing brings its own styles.
POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox; frame-ancestors 'none'"
FOR_EVER = "public, max-age=31536000, immutable"


def etag_of(sha256: str) -> str:
    return f'"{sha256}"'


def headers_of(kind: FileType, sha256: str) -> dict[str, str]:
    """Return the headers. A document is saved by the browser, under the name that the link gives."""
    return {
        "Content-Security-Policy": POLICY,
        "X-Content-Type-Options": "nosniff",
        "Cross-Origin-Resource-Policy": "same-origin",
        "ETag": etag_of(sha256),
        **({} if kind.is_picture else {"Content-Disposition": "attachment"}),
    }


def held_already(request: HttpRequest, sha256: str) -> bool:
    """Return whether the browser has it, so that it need not be read."""
    response = get_conditional_response(request, etag=etag_of(sha256))
    return response is not None and response.status_code == 304


def file_response(kind: FileType, sha256: str, content: bytes, cache_control: str) -> HttpResponse:
    headers = {**headers_of(kind, sha256), "Cache-Control": cache_control}
    return HttpResponse(content, content_type=kind.value, headers=headers)
