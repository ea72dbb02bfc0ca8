"""The page that shows one answer once, after its code: without a log-in, for whoever has the link and the code."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from disclosures.attachments.downloads import download_of
from disclosures.attachments.queries import attachment_of, files_of_step
from disclosures.models import OneTimePage
from disclosures.one_time.actions import close_page, open_page
from disclosures.one_time.doors import has_opened, note_opened
from disclosures.one_time.forms import CodeForm
from disclosures.one_time.queries import PageState, page_of_token, use_of
from privacycenter.errors import InvalidValue, NoLongerOpen, TooManyCalls
from privacycenter.rate_limits.limits import RateLimit
from privacycenter.rate_limits.visitors import spend_as_visitor, try_again

OPENING = RateLimit("one-time.opening", amount=10, seconds=15 * 60)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def one_time_answer(request: HttpRequest, token: str) -> HttpResponse:
    """Ask for the code; show the answer to the browser that gave it, for an hour. 404 for a link that is not ours."""
    page = answer_called(token)
    if request.method == "POST":
        return open_answer(request, page, token)
    use = use_of(page)
    if use.state is PageState.OPEN and has_opened(request, page):
        return show_answer(request, page, token)
    return show_door(request, page, token, CodeForm())


def open_answer(request: HttpRequest, page: OneTimePage, token: str) -> HttpResponse:
    form = CodeForm(request.POST)
    if not form.is_valid():
        return show_door(request, page, token, form, status=422)
    try:
        spend_as_visitor(OPENING, request, token)
        is_right = open_page(page=page, code=form.cleaned_data["code"])
    except TooManyCalls as refusal:
        form.add_error(None, _("Too many attempts. %(try_again)s") % {"try_again": try_again(refusal)})
        return show_door(request, page, token, form, status=429)
    except InvalidValue:
        form.add_error("code", _("A code has eight letters and digits. Please check it."))
        return show_door(request, page, token, form, status=422)
    except NoLongerOpen:
        return show_door(request, page, token, CodeForm(), status=409)
    if not is_right:
        form.add_error("code", wrong_words(use_of(page).left_count))
        return show_door(request, page, token, form, status=422)
    note_opened(request, page)
    return redirect("one_time_answer", token=token)


def wrong_words(left_count: int) -> str:
    words = ngettext(
        "This is not the code. You have %(count)s more try.", "This is not the code. You have %(count)s more tries.",
        left_count,
    )  # fmt: skip
    return words % {"count": left_count}


def show_door(request: HttpRequest, page: OneTimePage, token: str, form: CodeForm, status: int = 200) -> HttpResponse:
    use = use_of(page)
    context = {"form": form, "use": use, "page": page, "token": token}
    if not use.takes_codes and status == 200:
        status = 410
    return render(request, "one_time/door.html", context, status=status)


def show_answer(request: HttpRequest, page: OneTimePage, token: str) -> HttpResponse:
    context = {"page": page, "step": page.step, "token": token, "use": use_of(page), "files": files_of(page)}
    return render(request, "inquiries/one_time_answer.html", context)


@require_POST
@never_cache
def one_time_answer_close(request: HttpRequest, token: str) -> HttpResponse:
    """Close the page for good, by the browser that opened it."""
    page = answer_called(token)
    if has_opened(request, page):
        close_page(page=page)
    return redirect("one_time_answer", token=token)


@require_safe
@never_cache
def one_time_answer_file(request: HttpRequest, token: str, id: UUID) -> HttpResponseBase:
    """Download a file of the answer while the page is open to this browser."""
    page = answer_called(token)
    if not (use_of(page).state is PageState.OPEN and has_opened(request, page)):
        return redirect("one_time_answer", token=token)
    attachment = attachment_of(page.step.inquiry_id, id) if page.step else None
    if attachment is None or attachment.step_id != page.step_id:
        raise Http404
    return download_of(attachment)


def answer_called(token: str) -> OneTimePage:
    page = page_of_token(token)
    if page is None or page.step is None:
        raise Http404
    return page


def files_of(page: OneTimePage) -> list[object]:
    return list(files_of_step(page.step_id)) if page.step_id else []
