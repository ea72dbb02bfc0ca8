"""The page that hands over an exported record once, after its code, to a person who cannot log in."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from consents.exports import queries as exports
from consents.exports.views import file_response, is_made_anew
from consents.models import Export
from disclosures.models import OneTimePage
from disclosures.one_time.door_views import answer_door, close_door, is_open, show_door
from disclosures.one_time.forms import CodeForm
from disclosures.one_time.queries import page_of_token, use_of


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def one_time_file(request: HttpRequest, token: str) -> HttpResponse:
    """Ask for the code; offer the file to the browser that gave it, for an hour. 404 for a link that is not ours."""
    page, export = handed(token)
    if request.method == "POST":
        return answer_door(request, page, token, "one_time_file")
    if not is_open(request, page):
        return show_door(request, page, CodeForm())
    context = {"page": page, "file": exports.row_of(export), "token": token, "use": use_of(page)}
    return render(request, "exports/handed.html", context)


@require_POST
@never_cache
def one_time_file_fetch(request: HttpRequest, token: str) -> HttpResponseBase:
    """Send the file while the page is open to this browser."""
    page, export = handed(token)
    is_there = is_open(request, page) and exports.row_of(export).can_be_fetched and not is_made_anew(export)
    return (file_response(export) if is_there else None) or redirect("one_time_file", token=token)


@require_POST
@never_cache
def one_time_file_close(request: HttpRequest, token: str) -> HttpResponse:
    """Close the page for good, by the browser that opened it."""
    page, _export = handed(token)
    return close_door(request, page, token, "one_time_file")


def handed(token: str) -> tuple[OneTimePage, Export]:
    page = page_of_token(token)
    export = exports.export_handed_by(page) if page else None
    if page is None or export is None:
        raise Http404
    return page, export
