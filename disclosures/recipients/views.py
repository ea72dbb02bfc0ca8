"""Pages of the desk for files of recipients: take one out, send one in, look at what it would change, load it."""

from typing import Any, cast
from uuid import UUID

from django.contrib import admin, messages
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.auth.decorators import permission_required
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from disclosures.models import Recipient, RecipientFile
from disclosures.recipients import queries
from disclosures.recipients.actions import keep_file, load_recipients
from disclosures.recipients.csv_columns import columns
from disclosures.recipients.forms import FileForm, LoadForm
from privacycenter.errors import BadFile, NoLongerOpen, TextChanged
from privacycenter.http.declared_views import shows_nobody
from privacycenter.models import User


@require_safe
@permission_required("disclosures.view_recipient", raise_exception=True)
@shows_nobody
def download(request: HttpRequest) -> StreamingHttpResponse:
    """Download the recipients that the desk's list shows for the same query string, each with all its fields."""
    desk: Any = admin.site.get_model_admin(Recipient)
    try:
        rows = desk.get_changelist_instance(request).get_queryset(request).select_related("country")
    except IncorrectLookupParameters:
        raise Http404 from None
    name = f"recipients-{timezone.localdate():%Y%m%d}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    lines = queries.lines(rows.iterator(chunk_size=queries.LINES_AT_ONCE))
    return StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8", headers=headers)


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("disclosures.change_recipient", raise_exception=True)
@shows_nobody
def files(request: HttpRequest) -> HttpResponse:
    """Take a file in. It is kept, and its page says what it would change."""
    form = FileForm(request.POST, request.FILES) if request.method == "POST" else FileForm()
    if request.method == "POST" and form.is_valid():
        name, content = form.cleaned_data["file"]
        file = keep_file(name=name, content=content, by=cast(User, request.user))
        return redirect("admin:recipient_file", file.pk)
    context = {
        **admin.site.each_context(request),
        "title": _("Recipients as a file"),
        "form": form,
        "columns": columns(),
    }
    return TemplateResponse(request, "recipients/files.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("disclosures.change_recipient", raise_exception=True)
@shows_nobody
def file(request: HttpRequest, id: UUID) -> HttpResponse:
    """Show what a file would change. POST loads exactly that."""
    found = queries.file_of(cast(User, request.user), id)
    if found is None:
        raise Http404
    if request.method == "POST" and (answer := load(request, found)):
        return answer
    return show(request, found, status=409 if request.method == "POST" else 200)


def load(request: HttpRequest, found: RecipientFile) -> HttpResponse | None:
    """Load it and lead to what waits. None if it has to be looked at again."""
    form = LoadForm(request.POST)
    if not form.is_valid():
        messages.warning(request, _("What this file would change was not shown to you. Look at it, then load it."))
        return None
    try:
        loaded = load_recipients(file=found, seen=form.cleaned_data["seen"], by=cast(User, request.user))
    except NoLongerOpen:
        messages.warning(request, _("This file was loaded before, or it is gone."))
        return redirect("admin:recipient_files")
    except TextChanged:
        messages.warning(request, _("A recipient in this file was changed meanwhile. Look again, then load it."))
        return None
    except BadFile:
        return None
    messages.success(request, told(loaded))
    return redirect("admin:pending_changes")


def told(loaded: RecipientFile) -> str:
    added = ngettext("%(count)s recipient added", "%(count)s recipients added", loaded.added_count)
    changed = ngettext("%(count)s changed", "%(count)s changed", loaded.changed_count)
    said = _("Loaded: %(added)s, %(changed)s. Visitors see it once it is published.")
    return said % {
        "added": added % {"count": loaded.added_count}, "changed": changed % {"count": loaded.changed_count}
    }  # fmt: skip


def show(request: HttpRequest, found: RecipientFile, *, status: int) -> HttpResponse:
    page = None if found.loaded_at else queries.file_page(found, request.GET.get("page", ""))
    context = {
        **admin.site.each_context(request),
        "title": found.name,
        "file": found,
        "page": page,
        "form": LoadForm(initial={"seen": page.plan.seen}) if page else None,
    }
    if page and page.plan.problems:
        status = 422
    return TemplateResponse(request, "recipients/file.html", context, status=status)
