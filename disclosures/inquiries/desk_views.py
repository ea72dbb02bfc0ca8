"""Pages of the desk for requests to the operator: the list, and one request with its next step."""

from typing import cast

from django.contrib import admin, messages
from django.contrib.auth.decorators import permission_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from disclosures.inquiries import queries as inquiries
from disclosures.inquiries.actions import take_step
from disclosures.inquiries.forms import InquiryFilterForm, SenderForm, StepForm
from disclosures.inquiries.queries import DeskFilters
from disclosures.models import Inquiry
from disclosures.publishing.publications import document_for
from disclosures.record.actions import log_lookup
from disclosures.record.guarded_views import Found, Look, shows_person
from privacycenter.errors import Refusal, TextChanged
from privacycenter.http.declared_views import shows_nobody
from privacycenter.models import User


def front_page(user: User) -> dict[str, int]:
    """Return the desk's front-page context for those who answer requests."""
    return {"inquiry_count": inquiries.waiting_count()} if user.has_perm("disclosures.view_inquiry") else {}


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@permission_required("disclosures.view_inquiry", raise_exception=True)
@shows_nobody
def inquiry_list(request: HttpRequest) -> HttpResponse:
    """List requests that wait for an answer, oldest first, or others, newest first. It names no sender.

    POST lists those from one e-mail address, once the reason is written down.
    """
    form = InquiryFilterForm(request.GET)
    lookup = SenderForm(request.POST if request.method == "POST" else None)
    filters = form.filters()
    if request.method == "POST" and lookup.is_valid():
        filters = DeskFilters(email=lookup.cleaned_data["email"])
        senders, reason = inquiries.senders_at(filters.email), lookup.cleaned_data["reason"]
        log_lookup(people=senders, what="lookup", reason=reason, by=cast(User, request.user))
    context = {
        **admin.site.each_context(request),
        "title": _("Requests to the operator"),
        "form": form,
        "lookup": lookup,
        "is_lookup": bool(filters.email),
        "page": inquiries.desk_list(filters, request.GET.get("page", "")),
    }
    status = 422 if lookup.errors else 200
    return TemplateResponse(request, "inquiries/desk_inquiry_list.html", context, status=status)


def inquiry_shown(request: HttpRequest, pk: int) -> Found:
    found = Inquiry.objects.select_related("asked_by").filter(pk=pk).first()
    if found is None:
        raise Http404
    # The request belongs to the sender's record if they were logged in.
    look = Look(found.asked_by, "inquiry", found.reference) if found.asked_by else None
    return inquiries.desk_page(found, document_for(request)), look


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@permission_required("disclosures.view_inquiry", raise_exception=True)
@shows_person(inquiry_shown)
def inquiry(request: HttpRequest, page: inquiries.DeskPage) -> HttpResponse:
    if request.method != "POST":
        return show(request, page, StepForm(offered=page.offered, seen=len(page.steps)))
    return take(request, page)


@permission_required("disclosures.add_inquirystep", raise_exception=True)
def take(request: HttpRequest, page: inquiries.DeskPage) -> HttpResponse:
    """Take the submitted step. If that is not possible, show why and keep what was written."""
    form = StepForm(request.POST, offered=page.offered, seen=len(page.steps))
    if not form.is_valid():
        return show(request, page, form.seen_anew(len(page.steps)) if "seen" in form.errors else form, status=422)
    try:
        take_step(inquiry=page.inquiry, by=cast(User, request.user), **form.step())
    except TextChanged:
        form.add_error(None, _("Somebody took a step meanwhile; it is shown above. Check yours and save it again."))
        return show(request, page, form.seen_anew(len(page.steps)), status=409)
    except Refusal as refusal:
        form.add_refusal(refusal)
        return show(request, page, form, status=422)
    messages.success(request, _("The step is saved."))
    return redirect("admin:inquiry", pk=page.inquiry.pk)


def show(request: HttpRequest, page: inquiries.DeskPage, form: StepForm, status: int = 200) -> HttpResponse:
    context = {
        **admin.site.each_context(request),
        "title": _("Request %(reference)s") % {"reference": page.inquiry.reference},
        "page": page,
        "form": form,
        "may_answer": request.user.has_perm("disclosures.add_inquirystep"),
    }
    return TemplateResponse(request, "inquiries/desk_inquiry.html", context, status=status)
