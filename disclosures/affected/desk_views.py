"""Whose data went where, at the privacy officer's desk: counts at once, lists that are made once, and their files."""

from typing import cast
from uuid import UUID

from django.contrib import admin, messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from disclosures.affected import queries as affected
from disclosures.affected.actions import ask_for_list
from disclosures.affected.files import CONTENT_TYPES, pieces
from disclosures.affected.forms import AffectedForm, ListDownloadForm, ListReasonForm
from disclosures.record.actions import log_lookup
from privacycenter.http.declared_views import shows_nobody
from privacycenter.models import User

MAY_SEE, MAY_ASK = "disclosures.view_affectedlist", "disclosures.add_affectedlist"


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@permission_required(MAY_SEE, raise_exception=True)
@shows_nobody
def affected_list(request: HttpRequest) -> HttpResponse:
    """Show the form, the counts that its address asks for, and the lists that were made. POST asks for a list.

    Counts name nobody; a list does, and is logged and shown to everybody on it.
    """
    is_asked = bool(request.GET)
    form = AffectedForm(request.GET if is_asked else None)
    reason_form = ListReasonForm(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        if not request.user.has_perm(MAY_ASK):
            raise PermissionDenied
        if form.is_valid() and reason_form.is_valid():
            made = ask_for_list(
                filters=form.filters(), reason=reason_form.cleaned_data["reason"], by=cast(User, request.user)
            )
            return redirect("admin:affected_list", id=made.pk)
    counts = affected.affected_counts(form.filters()) if is_asked and form.is_valid() else None
    context = {
        **admin.site.each_context(request),
        "title": _("Whose data went where"),
        "form": form,
        "reason_form": reason_form,
        "counts": counts,
        "may_ask": request.user.has_perm(MAY_ASK),
        "page": affected.affected_lists(request.GET.get("page", "")),
    }
    status = 422 if form.errors or reason_form.errors else 200
    return TemplateResponse(request, "affected/affected_list.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@permission_required(MAY_SEE, raise_exception=True)
@shows_nobody
def one_list(request: HttpRequest, id: UUID) -> HttpResponseBase:
    """Show what one list was made for, and its counts. POST sends the file: that is logged with its reason."""
    row = affected.affected_list(id)
    if row is None:
        raise Http404
    form = ListDownloadForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid() and row.list.counted_at:
        return download(request, row, form)
    context = {
        **admin.site.each_context(request),
        "title": _("List of affected people"),
        "row": row,
        "form": form,
    }
    return TemplateResponse(request, "affected/one_list.html", context, status=422 if form.errors else 200)


def download(request: HttpRequest, row: affected.ListRow, form: ListDownloadForm) -> StreamingHttpResponse:
    """Everybody on the list was told of it when it was made; who downloads it again is logged."""
    format, reason = form.cleaned_data["format"], form.cleaned_data["reason"]
    log_lookup(
        people=[], what="affected", reason=f"{row.list.pk}: {reason}", by=cast(User, request.user), is_found=True
    )
    messages.success(request, _("The download is written down."))
    name = f"affected-{timezone.localtime(row.list.asked_at):%Y-%m-%d}.{format}"
    return StreamingHttpResponse(
        pieces(affected.rows_on(row.list), format),
        content_type=CONTENT_TYPES[format],
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
