"""A file as it leaves: saved by the browser, never opened within this site, kept by nobody on the way."""

from django.http import Http404, StreamingHttpResponse
from django.utils.http import content_disposition_header

from disclosures.models import Attachment
from privacycenter.storage import files

# Strangers made the file. A browser that opens it all the same opens it as a document of nobody.
ISOLATED = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "private, no-store",
    "X-Robots-Tag": "noindex",
}


def download_of(attachment: Attachment) -> StreamingHttpResponse:
    """Return the file in pieces. Raises Http404 if it is not kept any more."""
    try:
        pieces = files.blocks(attachment.file_name)
    except FileNotFoundError as error:
        raise Http404 from error
    disposition = content_disposition_header(True, attachment.name) or "attachment"
    headers = {
        **ISOLATED,
        "Content-Disposition": disposition,
        "Content-Length": str(attachment.size_bytes),
    }
    return StreamingHttpResponse(pieces, content_type=attachment.content_type, headers=headers)
