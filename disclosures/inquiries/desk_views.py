"""Pages of the desk for requests to the operator: the list, and one request with its next step."""

from typing import cast

from django.contrib import admin, messages
from django.contrib.auth.decorators import permission_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from disclosures.inquiries import queries as inquiries
from disclosures.inquiries.actions import take_step
from disclosures.inquiries.forms import InquiryFilterForm, StepForm
from disclosures.models import Inquiry
from disclosures.publishing.publications import document_for
from disclosures.record.actions import log_access
from privacycenter.errors import Refusal, TextChanged
from privacycenter.models import User


def front_page(user: User) -> dict[str, int]:
    """Return the desk's front-page context for those who answer requests."""
    return {"inquiry_count": inquiries.waiting_count()} if user.has_perm("disclosures.view_inquiry") else {}


@require_safe
@permission_required("disclosures.view_inquiry", raise_exception=True)
def inquiry_list(request: HttpRequest) -> HttpResponse:
    """List requests that wait for an answer, oldest first, or others, newest first."""
    form = InquiryFilterForm(request.GET)
    context = {
        **admin.site.each_context(request),
        "title": _("Requests to the operator"),
        "form": form,
        "page": inquiries.desk_list(form.filters(), request.GET.get("page", "")),
    }
    return TemplateResponse(request, "inquiries/desk_inquiry_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("disclosures.view_inquiry", raise_exception=True)
def inquiry(request: HttpRequest, pk: int) -> HttpResponse:
    found = Inquiry.objects.select_related("asked_by").filter(pk=pk).first()
    if found is None:
        raise Http404
    page = inquiries.desk_page(found, document_for(request))
    if request.method != "POST":
        log_if_personal(request, found)
        return show(request, page, StepForm(offered=page.offered, seen=len(page.steps)))
    return take(request, page)


def log_if_personal(request: HttpRequest, found: Inquiry) -> None:
    """Log the access if the sender was logged in, because the request then belongs to that person's record."""
    if found.asked_by:
        user = cast(User, request.user)
        log_access(person=found.asked_by, what="inquiry", reason=found.reference, by=user)


@permission_required("disclosures.add_inquirystep", raise_exception=True)
def take(request: HttpRequest, page: inquiries.DeskPage) -> HttpResponse:
    """Take the submitted step. If that is not possible, show why and keep what was written."""
    form = StepForm(request.POST, offered=page.offered, seen=len(page.steps))
    if not form.is_valid():
        return show(request, page, form.seen_anew(len(page.steps)) if "seen" in form.errors else form, status=422)
    try:
        take_step(
            inquiry=page.inquiry,
            site_address=f"{request.scheme}://{request.get_host()}",
            by=cast(User, request.user),
            **form.step(),
        )
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
