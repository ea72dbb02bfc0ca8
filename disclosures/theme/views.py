"""The theme's stylesheet and pictures, each under the hash of its bytes."""

from functools import lru_cache

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.templatetags.static import static
from django.views.decorators.http import require_safe

from disclosures.site_files.delivery import FOR_EVER, file_response, headers_of, held_already
from disclosures.theme.reading import Theme
from disclosures.theme.served import DESK, current_theme
from privacycenter.http.http_cache import DeliveredPage

CSS = "text/css; charset=utf-8"


@require_safe
def theme_file(request: HttpRequest, sha256: str, ending: str) -> HttpResponse:
    """Answer with the bytes that have this hash, to be kept for ever. No SQL.

    While processes of two versions serve, a page of one may ask the other for its stylesheet: it answers with its own,
    which nobody keeps, so that no page is ever shown without any.
    """
    theme = current_theme()
    if ending == "css":
        return stylesheet(request, theme, sha256)
    if ending == DESK:
        return desk_stylesheet(request, theme, sha256)
    for picture in theme.pictures.values() if theme else ():
        if (picture.sha256, picture.type.ending) == (sha256, ending):
            if held_already(request, sha256):
                return HttpResponse(status=304, headers={**headers_of(picture.type, sha256), "Cache-Control": FOR_EVER})
            return file_response(picture.type, sha256, picture.content, FOR_EVER)
    raise Http404


def stylesheet(request: HttpRequest, theme: Theme | None, sha256: str) -> HttpResponse:
    if theme is None:
        response: HttpResponse = redirect(static("css/site.css"))
    elif theme.stylesheet_sha256 == sha256:
        return delivered(theme.stylesheet, FOR_EVER).answer(request)
    else:
        response = HttpResponse(theme.stylesheet, content_type=CSS)
    response.headers["Cache-Control"] = "no-store"
    return response


def desk_stylesheet(request: HttpRequest, theme: Theme | None, sha256: str) -> HttpResponse:
    content = theme.desk_stylesheet if theme else b""
    if content and theme and theme.desk_stylesheet_sha256 == sha256:
        return delivered(content, FOR_EVER).answer(request)
    return HttpResponse(content, content_type=CSS, headers={"Cache-Control": "no-store"})


@lru_cache(maxsize=4)
def delivered(content: bytes, cache_control: str) -> DeliveredPage:
    headers = {"Cache-Control": cache_control, "X-Content-Type-Options": "nosniff"}
    return DeliveredPage(HttpResponse(content, content_type=CSS, headers=headers), is_kept=True)
