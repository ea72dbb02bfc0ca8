"""Pictures and documents at the desk, which shows what is not published yet."""

from django.contrib.auth.decorators import permission_required
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from disclosures.site_files.delivery import file_response
from disclosures.site_files.queries import content_of, type_at_desk
from privacycenter.http.declared_views import shows_nobody


@require_safe
@permission_required("disclosures.view_sitefile", raise_exception=True)
@shows_nobody
def desk_file(request: HttpRequest, sha256: str, ending: str) -> HttpResponse:
    """Answer with the bytes that the working copy names. At most two SQL statements for them."""
    kind = type_at_desk(sha256, ending)
    if kind is None:
        raise Http404
    try:
        content = content_of(sha256)
    except FileNotFoundError as error:
        raise Http404 from error
    return file_response(kind, sha256, content, "private, no-store")
