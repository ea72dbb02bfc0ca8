"""The door of every page that opens once: it asks for the code, or says why it opens no more."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from disclosures.models import OneTimePage
from disclosures.one_time.actions import close_page, open_page
from disclosures.one_time.doors import has_opened, note_opened
from disclosures.one_time.forms import CodeForm
from disclosures.one_time.queries import PageState, use_of
from privacycenter.errors import InvalidValue, NoLongerOpen, TooManyCalls
from privacycenter.rate_limits.limits import RateLimit
from privacycenter.rate_limits.visitors import spend_as_visitor, try_again

OPENING = RateLimit("one-time.opening", amount=10, seconds=15 * 60)


def answer_door(request: HttpRequest, page: OneTimePage, token: str, address: str) -> HttpResponse:
    """Open the page to this browser if the code is right, and lead to it at ``address``; else say what is wrong."""
    form = CodeForm(request.POST)
    if not form.is_valid():
        return show_door(request, page, form, status=422)
    try:
        spend_as_visitor(OPENING, request, token)
        is_right = open_page(page=page, code=form.cleaned_data["code"])
    except TooManyCalls as refusal:
        form.add_error(None, _("Too many attempts. %(try_again)s") % {"try_again": try_again(refusal)})
        return show_door(request, page, form, status=429)
    except InvalidValue:
        form.add_error("code", _("A code has eight letters and digits. Please check it."))
        return show_door(request, page, form, status=422)
    except NoLongerOpen:
        return show_door(request, page, CodeForm(), status=409)
    if not is_right:
        form.add_error("code", wrong_words(use_of(page).left_count))
        return show_door(request, page, form, status=422)
    note_opened(request, page)
    return redirect(address, token=token)


def wrong_words(left_count: int) -> str:
    words = ngettext(
        "This is not the code. You have %(count)s more try.", "This is not the code. You have %(count)s more tries.",
        left_count,
    )  # fmt: skip
    return words % {"count": left_count}


def is_open(request: HttpRequest, page: OneTimePage) -> bool:
    """Return whether this browser gave the code, and the page is not over."""
    return has_opened(request, page) and use_of(page).state is PageState.OPEN


def close_door(request: HttpRequest, page: OneTimePage, token: str, address: str) -> HttpResponse:
    """Close the page for good if this browser opened it, and lead to it at ``address``."""
    if has_opened(request, page):
        close_page(page=page)
    return redirect(address, token=token)


def show_door(request: HttpRequest, page: OneTimePage, form: CodeForm, status: int = 0) -> HttpResponse:
    """Show the door; 410 by itself if the page is over."""
    use = use_of(page)
    context = {"form": form, "use": use, "page": page}
    return render(request, "one_time/door.html", context, status=status or (200 if use.takes_codes else 410))
