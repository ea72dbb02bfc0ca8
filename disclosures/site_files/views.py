"""Pictures and documents at their public address."""

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from disclosures.models import FileType
from disclosures.site_files.delivery import FOR_EVER, file_response, headers_of, held_already
from disclosures.site_files.queries import content_of, published_file


@require_safe
def site_file(request: HttpRequest, sha256: str, ending: str) -> HttpResponse:
    """Answer with the bytes that have this hash, once any publication named them. Two SQL statements at most."""
    found = published_file(sha256, ending)
    if found is None:
        raise Http404
    kind = FileType(found.content_type)
    if held_already(request, sha256):
        return HttpResponse(status=304, headers={**headers_of(kind, sha256), "Cache-Control": FOR_EVER})
    try:
        content = content_of(sha256)
    except FileNotFoundError as error:
        raise Http404 from error
    return file_response(kind, sha256, content, FOR_EVER)
