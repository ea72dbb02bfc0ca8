"""Pages of the desk for requests to the operator: the list, and one request with all that can be done about it."""

from typing import cast
from uuid import UUID

from django.contrib import admin
from django.contrib.auth.decorators import permission_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from disclosures.attachments.downloads import download_of
from disclosures.attachments.queries import attachment_of
from disclosures.content.publications import document_for
from disclosures.inquiries import queries as inquiries
from disclosures.inquiries.answerers import MAY_SEE
from disclosures.inquiries.forms import InquiryFilterForm, SenderForm
from disclosures.inquiries.queries import DeskFilters
from disclosures.inquiry_handling.handling_views import act, show
from disclosures.models import Attachment, Inquiry
from disclosures.record.actions import log_lookup
from disclosures.record.guarded_views import Found, Look, shows_person
from privacycenter.http.declared_views import shows_nobody
from privacycenter.models import User


def front_page(user: User) -> dict[str, int]:
    """Return the desk's front-page context for those who answer requests."""
    if not user.has_perm(MAY_SEE):
        return {}
    waiting, overdue = inquiries.waiting_counts()
    return {"inquiry_count": waiting, "inquiry_overdue_count": overdue}


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@permission_required(MAY_SEE, raise_exception=True)
@shows_nobody
def inquiry_list(request: HttpRequest) -> HttpResponse:
    """List requests that wait for an answer, those first that are due first, or others, newest first. It names no
    sender.

    POST lists those from one e-mail address or name, once the reason is written down.
    """
    by = cast(User, request.user)
    form = InquiryFilterForm(request.GET, by=by, owners=inquiries.owners())
    lookup = SenderForm(request.POST if request.method == "POST" else None)
    filters = form.filters()
    if request.method == "POST" and lookup.is_valid():
        filters = DeskFilters(sender=lookup.cleaned_data["sender"])
        found, reason = inquiries.senders_called(filters.sender), lookup.cleaned_data["reason"]
        log_lookup(people=found, what="lookup", reason=reason, by=by)
    context = {
        **admin.site.each_context(request),
        "title": _("Requests to the operator"),
        "form": form,
        "lookup": lookup,
        "is_lookup": bool(filters.sender),
        "page": inquiries.desk_list(filters, request.GET.get("page", "")),
    }
    status = 422 if lookup.errors else 200
    return TemplateResponse(request, "inquiry_handling/desk_inquiry_list.html", context, status=status)


def inquiry_shown(request: HttpRequest, pk: int) -> Found:
    about = Inquiry.objects.select_related("asked_by", "standing__owner", "standing__whose")
    found = about.filter(pk=pk, standing__isnull=False).first()
    if found is None:
        raise Http404
    page = inquiries.desk_page(found, document_for(request))
    # The request belongs to the sender's record if they were logged in, or to the one it was connected with.
    return page, Look(page.whose, "inquiry", found.reference) if page.whose else None


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@permission_required(MAY_SEE, raise_exception=True)
@shows_person(inquiry_shown)
def inquiry(request: HttpRequest, page: inquiries.DeskPage) -> HttpResponse:
    return act(request, page) if request.method == "POST" else show(request, page)


def file_shown(request: HttpRequest, pk: int, id: UUID) -> Found:
    inquiry = Inquiry.objects.select_related("asked_by", "standing__whose").filter(pk=pk).first()
    attachment = attachment_of(pk, id)
    if inquiry is None or attachment is None:
        raise Http404
    whose = inquiry.asked_by or inquiry.standing.whose
    return attachment, Look(whose, "attachment", f"{inquiry.reference}: {attachment.name}") if whose else None


@require_safe
@never_cache
@permission_required(MAY_SEE, raise_exception=True)
@shows_person(file_shown)
def inquiry_file(request: HttpRequest, attachment: Attachment) -> HttpResponseBase:
    """Download one file. The look is written first, with the file's name."""
    return download_of(attachment)
