"""Pages for the order of a page's sections and their entries, and for the order of the pages."""

from typing import Any, cast

from django.contrib import admin, messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from disclosures.arranging.actions import Place, arrange_page, arrange_pages
from disclosures.arranging.forms import MoveForm
from disclosures.editing.page_outline import Outline, page_outline, pages_outline
from disclosures.editing.preview_urls import preview_address
from disclosures.models import Page
from privacycenter.errors import Refusal, TextChanged
from privacycenter.http.declared_views import shows_nobody
from privacycenter.models import User
from privacycenter.text.words import inside_quotes


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("disclosures.view_section", raise_exception=True)
@shows_nobody
def arrange(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the outline of one page. POST moves one entry in it."""
    page = get_object_or_404(Page, pk=pk)
    here = reverse("admin:arrange_page", args=[pk])
    if request.method == "POST":
        return moved(request, here, page)
    context = {
        "title": _("Arrange: %(page)s") % {"page": page},
        "page": page,
        "preview_address": preview_address("pages", page),
    }
    return outline_response(request, page_outline(page), context)


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("disclosures.view_page", raise_exception=True)
@shows_nobody
def arrange_list(request: HttpRequest) -> HttpResponse:
    """Show the order of the pages. POST moves one page."""
    if request.method == "POST":
        return moved(request, reverse("admin:arrange_pages"), None)
    return outline_response(request, pages_outline(), {"title": _("Arrange the pages")})


def outline_response(request: HttpRequest, outline: Outline, more: dict[str, Any]) -> HttpResponse:
    context = {
        **admin.site.each_context(request),
        "outline": outline,
        "may_arrange": may_arrange(request),
        **more,
    }
    return TemplateResponse(request, "arranging/arrange.html", context)


def may_arrange(request: HttpRequest) -> bool:
    return request.user.has_perms(["disclosures.change_page", "disclosures.change_section"])


def moved(request: HttpRequest, here: str, page: Page | None) -> HttpResponse:
    """Move the entry that the form names, and redirect to its new place."""
    if not may_arrange(request):
        raise PermissionDenied
    form = MoveForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("That could not be moved."))
        return redirect(here)
    move, by = form.as_move(request.POST), cast(User, request.user)
    try:
        if page is None:
            place = arrange_pages(code=move.code, to=move.to, seen=move.seen, by=by)
        else:
            place = arrange_page(page=page, **move.asdict(), by=by)
    except TextChanged:
        messages.warning(
            request, _("Somebody else changed the order meanwhile. You see it as it is now; nothing was moved.")
        )
        return redirect(here)
    except Refusal:
        messages.error(request, _("That could not be moved."))
        return redirect(here)
    messages.success(request, told(place))
    return redirect(f"{here}#{move.kind}-{move.code}")


def told(place: Place) -> str:
    """Return the new place in words, for the message and for screen readers."""
    title, section = inside_quotes(place.title), inside_quotes(place.section)
    values = {"title": title, "number": place.number, "count": place.count, "section": section}
    if place.section:
        return _("“%(title)s” is now in “%(section)s”, number %(number)s of %(count)s.") % values
    return _("“%(title)s” is now number %(number)s of %(count)s.") % values
