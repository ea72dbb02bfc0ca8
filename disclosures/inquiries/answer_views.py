"""The page that shows one answer once, after its code: without a log-in, for whoever has the link and the code."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from disclosures.attachments.downloads import download_of
from disclosures.attachments.queries import attachment_of, files_of_step
from disclosures.models import InquiryStep, OneTimePage
from disclosures.one_time.door_views import answer_door, close_door, is_open, show_door
from disclosures.one_time.forms import CodeForm
from disclosures.one_time.queries import page_of_token, use_of


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def one_time_answer(request: HttpRequest, token: str) -> HttpResponse:
    """Ask for the code; show the answer to the browser that gave it, for an hour. 404 for a link that is not ours."""
    page, step = answered(token)
    if request.method == "POST":
        return answer_door(request, page, token, "one_time_answer")
    if not is_open(request, page):
        return show_door(request, page, CodeForm())
    context = {"step": step, "token": token, "use": use_of(page), "files": files_of_step(step.pk)}
    return render(request, "inquiries/one_time_answer.html", context)


@require_POST
@never_cache
def one_time_answer_close(request: HttpRequest, token: str) -> HttpResponse:
    """Close the page for good, by the browser that opened it."""
    page, _step = answered(token)
    return close_door(request, page, token, "one_time_answer")


@require_safe
@never_cache
def one_time_answer_file(request: HttpRequest, token: str, id: UUID) -> HttpResponseBase:
    """Download a file of the answer while the page is open to this browser."""
    page, step = answered(token)
    if not is_open(request, page):
        return redirect("one_time_answer", token=token)
    attachment = attachment_of(step.inquiry_id, id)
    if attachment is None or attachment.step_id != step.pk:
        raise Http404
    return download_of(attachment)


def answered(token: str) -> tuple[OneTimePage, InquiryStep]:
    page = page_of_token(token)
    if page is None or page.step is None:
        raise Http404
    return page, page.step
