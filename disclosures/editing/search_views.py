"""Pages of the desk that search: over every kind of entry, and for a field that refers to others."""

from typing import cast

from django.contrib import admin
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from disclosures.content.working_copy import MODELS
from disclosures.editing.entry_search import kinds_seen_by, offered, search_page
from privacycenter.http.declared_views import shows_nobody
from privacycenter.models import User


@require_safe
@permission_required("disclosures.view_page", raise_exception=True)
@shows_nobody
def search(request: HttpRequest) -> HttpResponse:
    """Show what was found in the working copy, grouped by kind, or a page of one kind."""
    asked = {name: request.GET.get(name, "") for name in ("q", "kind")}
    found = search_page(cast(User, request.user), asked["q"], asked["kind"], request.GET.get("page", ""))
    context = {**admin.site.each_context(request), "title": _("Search the content"), "found": found}
    return TemplateResponse(request, "editing/search.html", context)


@require_safe
@permission_required("disclosures.view_page", raise_exception=True)
@shows_nobody
def choose(request: HttpRequest, kind: str) -> HttpResponse:
    """Answer a field that refers to entries of this kind: the first that have what was typed, as JSON."""
    if kind not in MODELS:
        raise Http404
    if kind not in kinds_seen_by(cast(User, request.user)):
        raise PermissionDenied
    found = offered(kind, request.GET.get("q", ""))
    entries = [{"code": code, "name": name} for code, name in found.entries]
    return JsonResponse(
        {"entries": entries, "has_more": found.has_more},
        headers={"Cache-Control": "private, no-store"},
        json_dumps_params={"ensure_ascii": False},
    )
