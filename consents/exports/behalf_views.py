"""Pages of the desk for having a record exported for a person who cannot log in, and for fetching that file."""

from typing import cast
from uuid import UUID

from django.contrib import admin, messages
from django.contrib.auth.decorators import permission_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from consents.exports import queries as exports
from consents.exports.actions import Wanted
from consents.exports.behalf_actions import Handover, export_for_person
from consents.exports.behalf_forms import ONE_TIME, BehalfForm
from consents.exports.record import record_of
from consents.exports.record.summary import extent
from consents.exports.views import file_response, is_made_anew
from consents.models import Export
from disclosures.one_time.codes import new_code
from disclosures.record.filters import Filters
from disclosures.record.granted_views import Granted, granted
from disclosures.record.guarded_views import Found, Look, shows_person
from disclosures.record.scopes import Part
from privacycenter.errors import TooManyAtOnce
from privacycenter.models import User
from privacycenter.text.languages import page_language


def export_shown(request: HttpRequest, pk: int) -> Found:
    return granted(request, pk, "record", Part.FILING)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@permission_required(["disclosures.view_disclosure", "consents.export_for_person"], raise_exception=True)
@shows_person(export_shown)
def record_export(request: HttpRequest, page: Granted) -> HttpResponse:
    """Show the form and what was made before. POST has a file made; the code of its page is shown once."""
    if request.method != "POST":
        initial = {"address": page.person.email, "language": page_language(), "reason": page.reason}
        return show(request, page, BehalfForm(initial=initial))
    form = BehalfForm(request.POST)
    if not form.is_valid():
        return show(request, page, form, status=422)
    handover = Handover(form.cleaned_data["address"], new_code()) if form.cleaned_data["way"] == ONE_TIME else None
    try:
        export_for_person(
            wanted=wanted_of(page.person, form), person=page.person, reason=form.cleaned_data["reason"],
            handover=handover, by=cast(User, request.user),
        )  # fmt: skip
    except TooManyAtOnce:
        form.add_error(None, _("Two files of this person are being made. Wait until one of them is ready."))
        return show(request, page, form, status=429)
    if handover:
        return show_code(request, page, handover)
    messages.success(request, _("The file is being made. Open this page again in a moment."))
    return redirect("admin:record_export", pk=page.person.pk)


def wanted_of(person: User, form: BehalfForm) -> Wanted:
    count = extent(record_of(person, Filters(), timezone.now())).disclosure_count
    return Wanted(form.cleaned_data["format"], "", form.cleaned_data["language"], row_count=count)


def show(request: HttpRequest, page: Granted, form: BehalfForm, status: int = 200) -> HttpResponse:
    context = {
        **admin.site.each_context(request),
        "title": _("Make a file with this record for the person"),
        "person": page.person,
        "form": form,
        "exports": exports.handed_exports(page.person),
    }
    return TemplateResponse(request, "exports/desk_export.html", context, status=status)


def show_code(request: HttpRequest, page: Granted, handover: Handover) -> HttpResponse:
    context = {
        **admin.site.each_context(request),
        "title": _("Code for the page with the file"),
        "person": page.person,
        "handover": handover,
        "code": handover.code,
    }
    return TemplateResponse(request, "exports/desk_code.html", context)


def file_shown(request: HttpRequest, pk: int, id: UUID) -> Found:
    found = granted(request, pk, "export", Part.FILING)
    if isinstance(found, HttpResponse):
        return found
    page, look = found
    export = page.person.exports.made_by_staff().filter(id=id).first()
    if export is None or export.handed_to:
        raise Http404
    # Nobody gets it yet, so nobody is shown.
    return export, look if exports.row_of(export).can_be_fetched else cast(Look, None)


@require_POST
@never_cache
@permission_required(["disclosures.view_disclosure", "consents.export_for_person"], raise_exception=True)
@shows_person(file_shown)
def record_export_file(request: HttpRequest, export: Export) -> HttpResponseBase:
    """Download a file that the desk hands over itself. The look is written first."""
    can_be_fetched = exports.row_of(export).can_be_fetched and not is_made_anew(export)
    response = file_response(export) if can_be_fetched else None
    if response is None:
        messages.warning(request, _("There is no file to download now."))
        return redirect("admin:record_export", pk=export.person_id)
    return response
