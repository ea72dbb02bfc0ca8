"""Pages about texts: history, a rendering of Markdown, a redirect to an entry's form, and the language beside."""

from typing import Any, cast

from django.conf import settings
from django.contrib import admin, messages
from django.contrib.auth.decorators import permission_required
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from disclosures.content.entries import row_of
from disclosures.content.held_copy import held_copy
from disclosures.content.publications import document_for
from disclosures.content.reading_advice import advice_on
from disclosures.content.working_copy import MODELS
from disclosures.editing.file_uses import shown_at_desk
from disclosures.editing.page_outline import page_trees
from disclosures.history.revisions import desk_history, latest_changes
from disclosures.languages.actions import choose_language_beside
from disclosures.languages.languages_shown import BESIDE
from disclosures.proposals.queries import open_proposal_count
from disclosures.writing.older_translations import older_counts
from privacycenter.errors import InvalidValue
from privacycenter.http.declared_views import shows_nobody
from privacycenter.models import User
from privacycenter.text.languages import other_languages
from privacycenter.text.richtext import render

LONGEST_PREVIEW = 100_000
# How many changes the front page names.
LATEST = 5


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
    return TemplateResponse(request, "history/desk_history.html", context)


@require_safe
@permission_required("disclosures.view_page", raise_exception=True)
@shows_nobody
def edit_entry(request: HttpRequest, kind: str, code: str) -> HttpResponse:
    """Redirect to the form of an entry, given its code in the document, and to a field in it."""
    row = row_of(kind, code)
    if row is None:
        raise Http404
    field, beside = request.GET.get("field", ""), request.GET.get(BESIDE, "")
    anchor = f"#{anchor_of(field)}" if field.replace("_", "").isalnum() else ""
    query = f"?{BESIDE}={beside}" if beside in other_languages() else ""
    address = reverse(f"admin:disclosures_{MODELS[kind]._meta.model_name}_change", args=[row.pk])
    return redirect(address + query + anchor)


@require_POST
@permission_required("disclosures.view_page", raise_exception=True)
@shows_nobody
def language_beside(request: HttpRequest) -> HttpResponse:
    """Remember which language the forms show beside the Japanese, and go back to the form."""
    language, wanted = request.POST.get("language", ""), request.POST.get("next", "")
    try:
        choose_language_beside(language=language, by=cast(User, request.user))
    except InvalidValue:
        messages.error(request, _("The site has no such language. Choose one of those that are offered."))
    is_ours = url_has_allowed_host_and_scheme(wanted, allowed_hosts=None) and wanted.startswith(reverse("admin:index"))
    return redirect(without_language(wanted) if is_ours else "admin:index")


def without_language(address: str) -> str:
    """Leave out the language that a link had asked for: what was chosen now counts."""
    path, _mark, query = address.partition("?")
    asked = QueryDict(query, mutable=True)
    asked.pop(BESIDE, None)
    return f"{path}?{asked.urlencode()}" if asked else path


def front_page() -> dict[str, Any]:
    """Return the desk's front-page context about the working copy."""
    copy = held_copy()
    return {
        "page_trees": page_trees(),
        "missing_count": copy.missing_count,
        "older_count": older_counts(copy.document).total(),
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
    """Return the HTML that publishing would make of a text, and advice on reading it if its language is given."""
    text = request.POST.get("text", "")[:LONGEST_PREVIEW].replace("\r\n", "\n")
    hints = advice_on(text, request.POST.get("language", ""), held_copy().explained)
    advice = render_to_string("editing/_reading_advice.html", {"hints": hints}) if hints else ""
    return HttpResponse(shown_at_desk(render(text), settings.LANGUAGE_CODE) + advice)
