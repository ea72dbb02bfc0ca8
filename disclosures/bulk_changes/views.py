"""The page that changes one field of many entries: which, what would change word by word, and one button that does it.

Everything but the button is in the address, so that each step can be gone back to and without scripts.
"""

from copy import copy
from typing import Any, cast

from django.contrib import admin, messages
from django.contrib.admin.options import IncorrectLookupParameters
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from disclosures.bulk_changes.changes import MOST, fields_in_bulk
from disclosures.bulk_changes.forms import FieldForm, ValueForm
from disclosures.content.differences import entry_differences
from disclosures.content.parts import part_of
from disclosures.content.publications import Document, document_for
from disclosures.content.working_copy import MODELS
from disclosures.editing.own_values import own_entries
from disclosures.history.past_states import newest_revision_of
from disclosures.history.put_back_actions import Outcome, put_entries, rehearse_entries
from disclosures.history.put_back_views import undo_address
from disclosures.models.content.bases import Translatable
from privacycenter.errors import Refusal, TextChanged
from privacycenter.http.declared_views import shows_nobody
from privacycenter.models import User

PER_PAGE = 50


@require_http_methods(["GET", "HEAD", "POST"])
@shows_nobody
def bulk_edit(request: HttpRequest, kind: str) -> HttpResponse:
    """Change a field of the entries ``code``, or with ``all`` of all that the list under ``list`` finds."""
    model: type[Translatable] | None = cast(Any, MODELS.get(kind))
    if model is None or kind == "site":
        raise Http404
    model_admin = admin.site._registry[model]
    if not model_admin.has_change_permission(request):
        raise PermissionDenied
    codes = chosen_codes(request, model_admin)
    step: dict[str, Any] = {"kind": kind, "opts": model._meta, "count": len(codes), "kept": kept_fields(request)}
    step["field_form"] = FieldForm(request.GET if "field" in request.GET else None, kind=kind)
    if len(codes) > MOST:
        return show(request, step | {"too_many": MOST}, status=422)
    field = request.GET.get("field", "")
    if field not in fields_in_bulk(kind):
        return show(request, step, status=422 if step["field_form"].errors else 200)
    step["field"] = field
    step["form"] = form = ValueForm(request.GET if "show" in request.GET else None, kind=kind, field=field)
    if not form.is_valid():
        return show(request, step, status=422 if form.errors else 200)
    return change(request, form, codes, step)


def change(request: HttpRequest, form: ValueForm, codes: list[str], step: dict[str, Any]) -> HttpResponse:
    """Show what the form would change; POST does it, if it is what was shown."""
    try:
        entries = part_of({form.kind: set(codes)})[form.kind]
        own = own_entries(form.kind, entries, document_for(request), cast(User, request.user))
        part = form.change().part(entries, own)
        if request.method == "POST":
            count = put_entries(part=part, seen=request.POST.get("seen", ""), by=cast(User, request.user))
            tell_changed(request, count)
            return redirect(f"admin:disclosures_{step['opts'].model_name}_changelist")
        return show(request, step | shown(request, rehearse_entries(part=part)))
    except TextChanged:
        messages.warning(
            request, _("Somebody changed an entry meanwhile. Nothing was changed. Look at it as it is now.")
        )
        return redirect(request.get_full_path())
    except ValidationError as error:
        form.add_error("value", error.messages[0])
    except Refusal as refusal:
        form.add_error(None, _("This cannot be done to all of them: %(why)s") % {"why": refusal.detail})
    return show(request, step, status=422)


def show(request: HttpRequest, context: dict[str, Any], status: int = 200) -> HttpResponse:
    context = {**admin.site.each_context(request), "title": _("Change a field of many entries"), **context}
    return TemplateResponse(request, "bulk_changes/bulk.html", context, status=status)


def shown(request: HttpRequest, outcome: Outcome) -> dict[str, Any]:
    """Return one page of what would change."""
    names: Document = document_for(request) or {}
    before, after = ({**names, **document} for document in (outcome.before, outcome.after))
    differences = [one for one in entry_differences(before, after) if one.verb == "changed"]
    page = Paginator(differences, PER_PAGE).get_page(request.GET.get("page", ""))
    return {"page": page, "seen": outcome.sha256, "is_shown": True}


def tell_changed(request: HttpRequest, count: int) -> None:
    said = ngettext("%(count)s entry was changed.", "%(count)s entries were changed.", count) % {"count": count}
    if not count:
        messages.info(request, said)
        return
    undo = undo_address(newest_revision_of(cast(User, request.user)))
    messages.success(request, format_html('{} <a href="{}">{}</a>', said, undo, _("Undo")))


# --- Which entries ---------------------------------------------------------------------------------------------------


def chosen_codes(request: HttpRequest, model_admin: Any) -> list[str]:
    """Return the codes of the chosen entries that are there, at most one more than may be changed at once."""
    if "all" in request.GET:
        found = found_by_list(request, model_admin)
    else:
        found = model_admin.get_queryset(request).filter(code__in=request.GET.getlist("code")[:MOST])
    codes = list(found.order_by().values_list("code", flat=True).distinct()[: MOST + 1])
    if not codes:
        raise Http404
    return codes


def found_by_list(request: HttpRequest, model_admin: Any) -> Any:
    """Return the rows of the list whose search and filters are in the address. Raises Http404 for wrong ones."""
    asked = copy(request)
    asked.GET = QueryDict(request.GET.get("list", ""))
    try:
        return model_admin.get_changelist_instance(asked).get_queryset(asked)
    except IncorrectLookupParameters as error:
        raise Http404 from error


def kept_fields(request: HttpRequest) -> list[tuple[str, str]]:
    """Return what the forms of the page send again: which entries."""
    return [(name, value) for name in ("all", "list", "code") for value in request.GET.getlist(name)]
