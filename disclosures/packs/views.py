"""Pages of the desk for content packs: download all content, or upload a pack, check it and load it."""

import logging
from typing import cast

from django.contrib import admin, messages
from django.contrib.auth.decorators import permission_required
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from disclosures.content.differences import entry_differences
from disclosures.packs.actions import load_content, rehearse_content, take_files
from disclosures.packs.forms import LARGEST_CHECKED, LoadForm, UploadForm, checked
from disclosures.packs.queries import content_pack
from disclosures.packs.schema import Pack
from disclosures.packs.zips import read_zip, write_zip
from privacycenter.canonical import sha256_of
from privacycenter.errors import PackError, PackProblem, TextChanged
from privacycenter.http.declared_views import shows_nobody
from privacycenter.models import User
from privacycenter.storage import files
from privacycenter.storage.address import MOST_IN_MEMORY_BYTES

log = logging.getLogger(__name__)


@require_safe
@permission_required("disclosures.view_page", raise_exception=True)
@shows_nobody
def download(request: HttpRequest) -> HttpResponseBase:
    """Download the working copy as a zipped pack, with the files that ``export_content`` writes."""
    name = f"privacy-center-{timezone.localdate():%Y%m%d}.zip"
    out = files.draft()
    try:
        write_zip(content_pack(), out)
    except PackError as error:
        out.close()
        return show(request, UploadForm(), problems=error.problems, status=409)
    size_bytes = out.tell()
    out.seek(0)
    if size_bytes > MOST_IN_MEMORY_BYTES:
        return FileResponse(out, as_attachment=True, filename=name, content_type="application/zip")
    with out:
        headers = {"Content-Disposition": f'attachment; filename="{name}"'}
        return HttpResponse(out.read(), content_type="application/zip", headers=headers)


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("disclosures.change_page", raise_exception=True)
@shows_nobody
def packs(request: HttpRequest) -> HttpResponse:
    """Upload and check a pack, then load exactly what was checked."""
    if request.method != "POST":
        return show(request, UploadForm())
    return load(request) if "checked" in request.POST else check(request)


def check(request: HttpRequest) -> HttpResponse:
    """Read the file and show what it would change. Changes nothing: pictures and documents are only kept."""
    form = UploadForm(request.POST, request.FILES)
    if not form.is_valid():
        return show(request, form, status=422)
    try:
        return show_checked(request, take_files(pack=read_zip(form.cleaned_data["pack"])))
    except PackError as error:
        return show(request, form, problems=error.problems, status=422)
    except OSError:
        log.exception("the files of a pack could not be kept")
        told = _("The files of the pack could not be stored just now. Please try again later.")
        return show(request, form, problems=[PackProblem("", "", told)], status=503)


def show_checked(request: HttpRequest, pack: Pack, status: int = 200) -> HttpResponse:
    before, after = rehearse_content(pack=pack)
    token = checked(pack, sha256_of(before))
    if len(token) > LARGEST_CHECKED:
        raise PackError(PackProblem("", "", _("This pack is too large to upload here. Use the command line.")))
    differences = entry_differences(before, after)
    counts = {verb: sum(one.verb == verb for one in differences) for verb in ("added", "changed")}
    load_form = LoadForm(initial={"checked": token})
    return show(request, UploadForm(), status=status, differences=differences, counts=counts, load_form=load_form)


def load(request: HttpRequest) -> HttpResponse:
    form = LoadForm(request.POST)
    if not form.is_valid():
        for error in form.errors.get("checked", []):
            messages.error(request, str(error))
        return show(request, UploadForm(), status=422)
    pack, seen = form.cleaned_data["checked"]["pack"], form.cleaned_data["checked"]["seen"]
    try:
        try:
            counts = load_content(pack=pack, seen=seen, by=cast(User, request.user))
        except TextChanged:
            messages.warning(request, _("The working copy changed meanwhile. Look again, then load the pack."))
            return show_checked(request, pack, status=409)
    except PackError as error:
        return show(request, UploadForm(), problems=error.problems, status=422)
    said = _("Loaded: %(added)s added, %(changed)s changed. Visitors see it once it is published.")
    messages.success(request, said % {"added": counts["added"], "changed": counts["changed"]})
    return redirect("admin:pending_changes")


def show(request: HttpRequest, form: UploadForm, status: int = 200, **more: object) -> HttpResponse:
    context = {**admin.site.each_context(request), "title": _("Content packs"), "form": form, **more}
    return TemplateResponse(request, "packs/packs.html", context, status=status)
