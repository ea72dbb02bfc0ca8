"""The page on which whoever comes second puts both texts together, and taking a field from another's set."""

from collections.abc import Collection
from typing import cast

from django.contrib import admin, messages
from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from disclosures.change_sets.actions import take_cells
from disclosures.change_sets.conflicts import conflicts_of
from disclosures.change_sets.forms import MergeForm
from disclosures.change_sets.merge_actions import merge_set
from disclosures.change_sets.queries import as_it_changed, chosen_set
from disclosures.change_sets.views import set_or_404
from disclosures.content.differences import entry_differences
from disclosures.content.entries import edit_url
from disclosures.content.merging import Cell, PatchEntry, changed_cells, only_cells
from disclosures.content.open_sets import Key, patch_of
from disclosures.content.publications import document_for, publication_for
from disclosures.models import ChangeSet
from privacycenter.errors import InvalidValue, Refusal, TextChanged, UnderEmbargo
from privacycenter.http.declared_views import shows_nobody
from privacycenter.models import User


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("disclosures.change_changeset", raise_exception=True)
@shows_nobody
def change_set_merge(request: HttpRequest, pk: int) -> HttpResponse:
    """Show each text that something published since changed differently. POST saves what shall stand."""
    found, newest = set_or_404(pk), publication_for(request)
    conflicts = conflicts_of(patch_of(found), newest.document if newest else {}) if found.is_open else []
    if not conflicts:
        return redirect("admin:change_set", pk=pk)
    number = newest.number if newest else 0
    form = MergeForm(request.POST or None, conflicts=conflicts, initial={"seen": number})
    status = 422 if form.errors else 200
    if request.method == "POST" and form.is_valid():
        choices = {one.name: form.cleaned_data[one.name] for one in conflicts}
        try:
            merge_set(change_set=found, choices=choices, seen=form.cleaned_data["seen"], by=cast(User, request.user))
            messages.success(request, _("Both are put together. Look at it, then publish."))
            return redirect("admin:change_set", pk=pk)
        except (TextChanged, InvalidValue):
            messages.warning(request, _("Something else was published meanwhile. Your text is still here: look again."))
            form.data = {**request.POST.dict(), "seen": str(number)}
            status = 409
        except UnderEmbargo:
            messages.error(request, _("It is under embargo. Its owner does this, or somebody lifts the embargo first."))
            return redirect("admin:change_set", pk=pk)
    context = {
        **admin.site.each_context(request),
        "title": _("Put both together: %(name)s") % {"name": found.name},
        "change_set": found,
        "form": form,
        "rows": form.rows(conflicts),
    }
    return TemplateResponse(request, "change_sets/change_set_merge.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("disclosures.change_changeset", raise_exception=True)
@shows_nobody
def change_set_take(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what a set changes in one field (``kind``, ``code``, ``field``). POST takes it into one's own set.

    Where the set changes nothing there, or no longer, it leads to the page of the set.
    """
    found, user = set_or_404(pk), cast(User, request.user)
    kind, code, field = (request.GET.get(name, "") for name in ("kind", "code", "field"))
    patch = [only_field(one, field) for one in patch_of(found, [(kind, code)])]
    differences = entry_differences(*as_it_changed(document_for(request) or {}, patch))
    if not found.is_open or not differences:
        return redirect("admin:change_set", pk=pk)
    if request.method == "POST":
        take(request, found, (kind, code), changed_cells(patch[0].base, patch[0].entry))
        return redirect(edit_url(kind, code))
    context = {
        **admin.site.each_context(request),
        "title": _("Take into your change set"),
        "change_set": found,
        "current": chosen_set(user),
        "differences": differences,
        "address": edit_url(kind, code),
        "is_kept_back": found.is_held_back and found.owner_id != user.pk,
    }
    return TemplateResponse(request, "change_sets/change_set_take.html", context)


def only_field(one: PatchEntry, field: str) -> PatchEntry:
    return only_cells(one, {cell for cell in changed_cells(one.base, one.entry) if cell[0] == field})


def take(request: HttpRequest, found: ChangeSet, key: Key, cells: Collection[Cell]) -> None:
    try:
        mine = take_cells(change_set=found, key=key, cells=cells, by=cast(User, request.user))
        messages.success(request, _("Taken into “%(name)s”.") % {"name": mine.name})
    except UnderEmbargo:
        messages.error(request, _("It is under embargo. Its owner does this, or somebody lifts the embargo first."))
    except Refusal:
        messages.warning(request, _("The change set does not change this any more. Look at it as it is now."))
