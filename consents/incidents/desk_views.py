"""Incidents at the privacy officer's desk: from the first notice to the report for the authority."""

from typing import Any, cast
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
from django.views.decorators.http import require_http_methods, require_safe

from consents.incidents import queries as incidents
from consents.incidents.actions import (
    attach_list,
    open_incident,
    take_back_step,
    take_incident_step,
    tell_people,
    write_text,
)
from consents.incidents.forms import (
    AttachListForm,
    HoldForm,
    IncidentForm,
    IncidentStepForm,
    ReleaseForm,
    TakeBackForm,
    TellForm,
    TextForm,
)
from consents.incidents.hold_actions import hold_recipient, release_recipient
from consents.incidents.queries import IncidentPage
from consents.incidents.reports import report_lines
from consents.incidents.texts import PARTS
from disclosures.public.titles import names_for
from disclosures.record.actions import log_lookup
from privacycenter.errors import ApproverIsNew, InvalidValue, NoLongerOpen, SecondPersonNeeded
from privacycenter.http.declared_views import shows_nobody
from privacycenter.models import User
from privacycenter.text.csv_cells import MARKER, defused, written

MAY_SEE, MAY_STEP = "disclosures.view_incident", "disclosures.add_incidentstep"
MAY_HOLD = "disclosures.hold_recipient"


def front_page(request: HttpRequest) -> dict[str, Any]:
    """Return the incidents that are not closed, for the desk's front page, if this officer may see them."""
    return {"incident_rows": incidents.open_rows()} if request.user.has_perm(MAY_SEE) else {}


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@permission_required(MAY_SEE, raise_exception=True)
@shows_nobody
def incident_list(request: HttpRequest) -> HttpResponse:
    """List the incidents. POST opens one."""
    form = IncidentForm(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        require_step(request)
        if form.is_valid():
            opened = open_incident(**form.cleaned_data, by=cast(User, request.user))
            return redirect("admin:incident", id=opened.pk)
    context = {
        **admin.site.each_context(request),
        "title": _("Incidents"),
        "form": form,
        "may_open": request.user.has_perm(MAY_STEP),
        "page": incidents.incident_list(request.GET.get("page", "")),
    }
    status = 422 if form.errors else 200
    return TemplateResponse(request, "incidents/incident_list.html", context, status=status)


def require_step(request: HttpRequest) -> None:
    if not request.user.has_perm(MAY_STEP):
        raise PermissionDenied


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@permission_required(MAY_SEE, raise_exception=True)
@shows_nobody
def incident(request: HttpRequest, id: UUID) -> HttpResponse:
    """Show one incident. POST does what ``what`` says: one of ``ACTIONS``."""
    page = incidents.incident_page(id)
    if page is None:
        raise Http404
    if request.method != "POST":
        return show(request, page)
    require_step(request)
    what = request.POST.get("what", "")
    if what not in ACTIONS:
        raise Http404
    return ACTIONS[what](request, page)


def add_list(request: HttpRequest, page: IncidentPage) -> HttpResponse:
    form = AttachListForm(request.POST)
    return done(
        request, page, "list_form", form,
        lambda: attach_list(incident=page.incident, affected=form.cleaned_data["list"], by=cast(User, request.user)),
        _("The list is added. Nobody is told by that."),
    )  # fmt: skip


def save_text(request: HttpRequest, page: IncidentPage) -> HttpResponse:
    form = TextForm(request.POST)
    return done(
        request, page, "text_form", form,
        lambda: write_text(incident=page.incident, words=form.words, by=cast(User, request.user)),
        _("The text is saved. Who was told already reads it, too."),
    )  # fmt: skip


def tell(request: HttpRequest, page: IncidentPage) -> HttpResponse:
    form = TellForm(request.POST)
    return done(
        request, page, "tell_form", form,
        lambda: tell_people(incident=page.incident, by=cast(User, request.user)),
        _("The people affected are being told now. This page says how far it is."),
    )  # fmt: skip


def take_step(request: HttpRequest, page: IncidentPage) -> HttpResponse:
    form = IncidentStepForm(request.POST, is_closed=page.row.is_closed)
    return done(
        request, page, "step_form", form,
        lambda: take_incident_step(incident=page.incident, **form.step(), by=cast(User, request.user)),
        _("The step is saved."),
    )  # fmt: skip


def take_back(request: HttpRequest, page: IncidentPage) -> HttpResponse:
    form = TakeBackForm(request.POST, steps=page.steps_to_take_back)
    return done(
        request, page, "back_form", form,
        lambda: take_back_step(incident=page.incident, **form.cleaned_data, by=cast(User, request.user)),
        _("It is taken back. It stays in the history, struck out."),
    )  # fmt: skip


def hold(request: HttpRequest, page: IncidentPage) -> HttpResponse:
    if not request.user.has_perm(MAY_HOLD):
        raise PermissionDenied
    form = HoldForm(request.POST)
    return done(
        request, page, "hold_form", form,
        lambda: hold_recipient(
            incident=page.incident, recipient=form.cleaned_data["recipient"].strip(), reason=form.reason,
            by=cast(User, request.user),
        ),
        _("It is on hold now: checks say no, and its page says why."),
    )  # fmt: skip


def release(request: HttpRequest, page: IncidentPage) -> HttpResponse:
    if not request.user.has_perm(MAY_HOLD):
        raise PermissionDenied
    form = ReleaseForm(request.POST)
    return done(
        request, page, "release_form", form,
        lambda: release_recipient(incident=page.incident, **form.cleaned_data, by=cast(User, request.user)),
        _("The hold is ended, and published."),
    )  # fmt: skip


ACTIONS = {
    "list": add_list, "text": save_text, "tell": tell, "step": take_step, "take_back": take_back, "hold": hold,
    "release": release,
}  # fmt: skip


def done(request: HttpRequest, page: IncidentPage, name: str, form: Any, act: Any, said: str) -> HttpResponse:
    """Do what the form asks and say so, or show the page again with why not."""
    if not form.is_valid():
        return show(request, page, **{name: form}, status=422)
    try:
        act()
    except NoLongerOpen:
        form.add_error(None, _("Somebody was faster. Look at it as it is now."))
        return show(request, page, **{name: form}, status=409)
    except (SecondPersonNeeded, ApproverIsNew):
        form.add_error(None, _("Another officer than the one who put it on hold has to end that."))
        return show(request, page, **{name: form}, status=403)
    except InvalidValue as refusal:
        if hasattr(form, "add_refusal"):
            form.add_refusal(refusal)
        else:
            form.add_error(None, refused(refusal))
        return show(request, page, **{name: form}, status=422)
    messages.success(request, said)
    return redirect("admin:incident", id=page.incident.pk)


def refused(refusal: InvalidValue) -> str:
    match refusal.field:
        case "text":
            return _("Write the text first.")
        case "list":
            return _("Add a list of affected people that the incident does not have, and wait until it is made.")
        case "step":
            return _("People on this list are told already, so it stays.")
        case "told":
            return _("Nobody is left to tell.")
    return _("This is not possible as it is now.")


def show(request: HttpRequest, page: IncidentPage, status: int = 200, **forms: Any) -> HttpResponse:
    now = timezone.now()
    context = {
        **admin.site.each_context(request),
        "title": page.incident.title,
        "page": page,
        "clocks": [(clock, clock.is_overdue(now), clock.is_near(now)) for clock in page.row.clocks],
        "list_form": AttachListForm(),
        "text_form": TextForm(text=page.text),
        "tell_form": TellForm(),
        "step_form": IncidentStepForm(is_closed=page.row.is_closed),
        "back_form": TakeBackForm(steps=page.steps_to_take_back),
        "hold_form": HoldForm(recipient=next(iter(page.recipients), "")),
        "release_forms": release_forms(page, forms.pop("release_form", None)),
        "may_hold": request.user.has_perm(MAY_HOLD),
        "headings": PARTS,
        "may_step": request.user.has_perm(MAY_STEP),
        **forms,
    }
    return TemplateResponse(request, "incidents/incident.html", context, status=status)


def release_forms(page: IncidentPage, sent: ReleaseForm | None) -> list[tuple[Any, ReleaseForm]]:
    """Return each recipient on hold with its form: the one that was sent with what is wrong about it."""
    which = sent.data.get("release-recipient") if sent else None
    return [
        (one, sent if sent and one.recipient == which else ReleaseForm(recipient=one.recipient)) for one in page.held
    ]


@require_safe
@never_cache
@permission_required(MAY_SEE, raise_exception=True)
@shows_nobody
def incident_report(request: HttpRequest, id: UUID) -> HttpResponse:
    """Send the facts for the report to the authority, as a text to copy from. It names nobody."""
    page = incidents.incident_page(id)
    if page is None:
        raise Http404
    text = "\r\n".join(report_lines(page, names_for(request), incidents.items_of(page)))
    name = f"incident-{timezone.localdate():%Y-%m-%d}.txt"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(f"\ufeff{text}\r\n", content_type="text/plain; charset=utf-8", headers=headers)


@require_http_methods(["POST"])
@never_cache
@permission_required(MAY_STEP, raise_exception=True)
@shows_nobody
def incident_unreachable(request: HttpRequest, id: UUID) -> HttpResponseBase:
    """Send who could be told in no way, by service, so that the services tell them. It is logged."""
    page = incidents.incident_page(id)
    if page is None:
        raise Http404
    log_lookup(
        people=[], what="affected", reason=f"{page.incident.title}"[:500], by=cast(User, request.user), is_found=True
    )
    rows = incidents.unreachable(page.incident)
    pieces = (written([[defused(subject), defused(service)]]) for subject, service in rows)
    headers = {"Content-Disposition": 'attachment; filename="unreachable.csv"'}
    return StreamingHttpResponse(
        (piece for some in ([MARKER + written([["subject", "service"]])], pieces) for piece in some),
        content_type="text/csv; charset=utf-8", headers=headers,
    )  # fmt: skip
