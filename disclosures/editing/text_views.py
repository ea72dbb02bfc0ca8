"""Pages about texts: missing translations, history, a rendering of Markdown, and a redirect to an entry's form."""

from typing import Any

from django.contrib import admin
from django.contrib.auth.decorators import permission_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from disclosures.editing.page_outline import page_trees
from disclosures.editing.revisions import desk_history, latest_changes
from disclosures.proposals.queries import open_proposal_count
from disclosures.publishing.entries import missing_by_kind, missing_texts, row_of
from disclosures.publishing.held_copy import held_copy
from disclosures.publishing.publications import document_for
from disclosures.publishing.working_copy import MODELS
from privacycenter.http.declared_views import shows_nobody
from privacycenter.text.richtext import render

LONGEST_PREVIEW = 100_000
# How many changes the front page names.
LATEST = 5


@require_safe
@permission_required("disclosures.view_page", raise_exception=True)
@shows_nobody
def translations(request: HttpRequest) -> HttpResponse:
    """List the texts that are not written in every language, by kind."""
    missing = missing_texts(held_copy().document)
    context = {
        **admin.site.each_context(request),
        "title": _("Missing translations"),
        "missing_count": len(missing),
        "kinds": missing_by_kind(missing),
    }
    return TemplateResponse(request, "editing/translations.html", context)


@require_safe
@permission_required("disclosures.view_revision", raise_exception=True)
@shows_nobody
def history(request: HttpRequest) -> HttpResponse:
    """List all changes, newest first."""
    context = {
        **admin.site.each_context(request),
        "title": _("History of all changes"),
        "history": desk_history(request.GET.get("p", ""), document_for(request)),
    }
    return TemplateResponse(request, "editing/desk_history.html", context)


@require_safe
@permission_required("disclosures.view_page", raise_exception=True)
@shows_nobody
def edit_entry(request: HttpRequest, kind: str, code: str) -> HttpResponse:
    """Redirect to the form of an entry, given its code in the document, and to a field in it."""
    row = row_of(kind, code)
    if row is None:
        raise Http404
    field = request.GET.get("field", "")
    anchor = f"#{anchor_of(field)}" if field.replace("_", "").isalnum() else ""
    return redirect(reverse(f"admin:disclosures_{MODELS[kind]._meta.model_name}_change", args=[row.pk]) + anchor)


def front_page() -> dict[str, Any]:
    """Return the desk's front-page context about the working copy."""
    return {
        "page_trees": page_trees(),
        "missing_count": held_copy().missing_count,
        "proposal_count": open_proposal_count(),
        "latest_changes": latest_changes(LATEST),
    }


def anchor_of(field: str) -> str:
    """Return the anchor of a field in the admin's form. Fields edited as inline rows have a heading of their own."""
    inline = {"notes": "notes-group", "items": "scenario_items-group", "exclusions": "exclusions-group"}
    return inline.get(field, f"id_{field}")


@require_POST
@permission_required("disclosures.view_page", raise_exception=True)
@shows_nobody
def markdown(request: HttpRequest) -> HttpResponse:
    """Return the HTML that publishing would make of a text."""
    return HttpResponse(render(request.POST.get("text", "")[:LONGEST_PREVIEW].replace("\r\n", "\n")))
