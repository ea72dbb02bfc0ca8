"""Pages that put a part of the working copy back: what would change, word by word, and one button that does it."""

from typing import Any, cast
from urllib.parse import urlencode

from django.contrib import admin, messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from disclosures.content.differences import entry_differences
from disclosures.content.entries import edit_url, row_of
from disclosures.content.held_copy import read_copy
from disclosures.content.publications import Document
from disclosures.content.working_copy import MODELS
from disclosures.history.past_states import (
    AtPublication,
    AtRevision,
    Key,
    Past,
    Wanted,
    before_step,
    field_label,
    names_of,
    newest_revision_of,
)
from disclosures.history.put_back_actions import Outcome, put_entries, rehearse_entries, with_officers_holds
from disclosures.history.putting import Part
from disclosures.models import Publication, Revision
from privacycenter.errors import InvalidValue, ReferencesMissing, Refusal, StillInUse, TextChanged
from privacycenter.http.declared_views import shows_nobody
from privacycenter.models import User
from privacycenter.text.languages import name_of, site_languages

PER_PAGE = 50
# More entries than this are put back as a whole: an address has to hold their codes.
MOST_NAMED = 50


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("disclosures.view_revision", raise_exception=True)
@shows_nobody
def put_back_to_revision(request: HttpRequest, number: int) -> HttpResponse:
    """Put back what one change changed, or everything since: ``to`` before or after it, ``scope`` entry, step, all."""
    revision = get_object_or_404(Revision.objects.select_related("changed_by"), pk=number)
    first, together = before_step(revision)
    scope, is_after = request.GET.get("scope", "entry"), request.GET.get("to") == "after"
    keys: dict[str, list[Key]] = {"entry": [(revision.kind, revision.code)], "step": together, "all": []}
    if scope not in keys:
        raise Http404
    at = revision.pk if is_after else revision.pk - 1 if scope == "entry" else first
    now = read_copy().document
    when = date_format(localtime(revision.changed_at), "DATETIME_FORMAT")
    told = _("As it was after the change of %(when)s.") if is_after else _("As it was before the change of %(when)s.")
    return put_back(request, AtRevision(at, now), now, keys[scope], told % {"when": when})


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(("disclosures.view_revision", "disclosures.view_publication"), raise_exception=True)
@shows_nobody
def put_back_to_publication(request: HttpRequest, number: int) -> HttpResponse:
    """Put back what a publication says: of the entries ``entry``, or of everything."""
    publication = get_object_or_404(Publication, pk=number)
    told = _("As publication %(number)s says it.") % {"number": number}
    return put_back(request, AtPublication(publication), read_copy().document, keys_in(request.GET, "entry"), told)


def put_back(request: HttpRequest, past: Past, now: Document, keys: list[Key], told: str) -> HttpResponse:
    wanted = wanted_in(request.GET, keys)
    part = wanted.part(past, now)
    context: dict[str, Any] = {"told": told, "what": what_is_wanted(wanted, past, now)}
    try:
        outcome = rehearse_entries(part=part)
        if request.method == "POST" and part:
            refuse_without_permission(request, part, now)
            seen, by = request.POST.get("seen", ""), cast(User, request.user)
            count = put_entries(part=part, seen=seen, gives_back=True, by=by)
            tell_put_back(request, count)
            return redirect(place_after(wanted))
    except TextChanged:
        messages.warning(
            request, _("The working copy changed meanwhile. Nothing was put back. Look at it as it is now.")
        )
        return redirect(request.get_full_path())
    except Refusal as refusal:
        return show(request, context | refused(request, refusal, past, now), status=409)
    return show(request, context | shown(request, outcome, now, part))


def show(request: HttpRequest, context: dict[str, Any], status: int = 200) -> HttpResponse:
    context = {**admin.site.each_context(request), "title": _("Put back"), **context}
    return TemplateResponse(request, "history/put_back.html", context, status=status)


# --- What is asked for -----------------------------------------------------------------------------------------------


def keys_in(query: QueryDict, name: str) -> list[Key]:
    """Return the entries that a query names as ``kind:code``. Raises Http404 for what is none."""
    found = [(kind, code) for kind, _colon, code in (said.partition(":") for said in query.getlist(name)[:MOST_NAMED])]
    if any(kind not in MODELS or not code for kind, code in found):
        raise Http404
    return found


def wanted_in(query: QueryDict, keys: list[Key]) -> Wanted:
    field, language = query.get("field", ""), query.get("language", "")
    also = keys_in(query, "also")
    if language and language not in site_languages():
        raise Http404
    if field and (not keys or any(not field_label(kind, field) for kind, _code in keys)):
        raise Http404
    return Wanted([*keys, *also] if keys else [], field, language if field else "")


def what_is_wanted(wanted: Wanted, past: Past, now: Document) -> dict[str, Any]:
    """Return what the page says of it. More entries than can be named are counted."""
    names = names_of(past, now, wanted.keys[:MOST_NAMED])
    kind = wanted.keys[0][0] if wanted.keys else ""
    return {
        "names": names if len(wanted.keys) <= 5 else [],
        "count": len(wanted.keys),
        "field": field_label(kind, wanted.field) if wanted.field else "",
        "language": name_of(wanted.language) if wanted.language else "",
    }


# --- What is shown ---------------------------------------------------------------------------------------------------


def shown(request: HttpRequest, outcome: Outcome, now: Document, part: Part) -> dict[str, Any]:
    """Return what would change, one page of it, and the button if this person may press it."""
    after = {kind: {**entries, **outcome.after.get(kind, {})} for kind, entries in now.items()}
    for kind, entries in outcome.before.items():
        for code in entries.keys() - outcome.after.get(kind, {}).keys():
            after[kind].pop(code, None)
    differences = entry_differences(now, after)
    page = Paginator(differences, PER_PAGE).get_page(request.GET.get("page", ""))
    return {
        "page": page,
        "seen": outcome.sha256,
        "may_put_back": has_permission(request, part, now),
        "is_nothing": outcome.before == outcome.after,
        "keeps_a_hold": with_officers_holds(part) != part,
    }


def refused(request: HttpRequest, refusal: Refusal, past: Past, now: Document) -> dict[str, Any]:
    """Return what the page says of a refusal, with the address that puts back what is missing, too."""
    found: dict[str, Any] = {"refusal": refusal, "missing": [], "needed_by": [], "also_address": ""}
    if isinstance(refusal, ReferencesMissing):
        found["missing"] = names_of(past, now, [(one.kind, one.code) for one in refusal.missing])
        keys = [one["key"] for one in found["missing"] if one["was_there"]]
        if keys and len(keys) == len(found["missing"]):
            query = request.GET.copy()
            query.setlist("also", list(dict.fromkeys([*query.getlist("also"), *keys])))
            found["also_address"] = f"{request.path}?{query.urlencode()}"
    elif isinstance(refusal, StillInUse):
        names = names_of(past, now, [(one.kind, one.code) for one in refusal.needed_by])
        found["needed_by"] = [
            {**name, "address": edit_url(one.kind, one.code)}
            for name, one in zip(names, refusal.needed_by, strict=True)
        ]
    elif isinstance(refusal, InvalidValue):
        found["invalid"] = refusal.detail
    return found


# --- Who may, and what follows ---------------------------------------------------------------------------------------


def permissions_for(part: Part, now: Document) -> set[str]:
    """Return the permissions that putting the part needs, as the forms and lists of the desk do."""
    needed = set()
    for kind, entries in part.items():
        name = MODELS[kind]._meta.model_name
        for code, entry in entries.items():
            is_there = code in now.get(kind, {})
            may_go = entry is None and not hasattr(MODELS[kind], "retired_at")
            verb = "delete" if may_go else "change" if is_there else "add"
            needed.add(f"disclosures.{verb}_{name}")
    return needed


def has_permission(request: HttpRequest, part: Part, now: Document) -> bool:
    return request.user.has_perms(permissions_for(part, now))


def refuse_without_permission(request: HttpRequest, part: Part, now: Document) -> None:
    if not has_permission(request, part, now):
        raise PermissionDenied


def tell_put_back(request: HttpRequest, count: int) -> None:
    """Say what was done, with the way to undo it: putting back is a change like any other."""
    if not count:
        messages.info(request, _("Nothing to do: the working copy says the same already."))
        return
    said = ngettext("%(count)s entry was put back.", "%(count)s entries were put back.", count) % {"count": count}
    undo = undo_address(newest_revision_of(cast(User, request.user)))
    messages.success(request, format_html('{} <a href="{}">{}</a>', said, undo, _("Undo")))


def undo_address(revision: int) -> str:
    """Return the address that puts back everything that one step changed, given one of its revisions."""
    return f"{reverse('admin:put_back_to_revision', args=[revision])}?{urlencode({'scope': 'step'})}"


def place_after(wanted: Wanted) -> str:
    """Return where to go on: the form of the one entry, or else the history."""
    if len(wanted.keys) == 1 and row_of(*wanted.keys[0]):
        return edit_url(*wanted.keys[0])
    return reverse("admin:desk_history")
