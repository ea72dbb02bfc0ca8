"""The front page of a person's record, and the pages about its recipients."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from consents.overview.item_page import item_page
from consents.overview.queries import overview_page
from consents.overview.recipient_list import held_page
from consents.overview.recipient_page import recipient_page
from disclosures.public.titles import names_for
from disclosures.record.forms import DayForm
from disclosures.record.visits import new_since
from privacycenter.http.requests import PersonRequest


@require_safe
@never_cache
@login_required
def overview(request: PersonRequest) -> HttpResponse:
    """Show the front page. ``by`` chooses one of three views of who has what; anything else is the first."""
    page = overview_page(request.user, names_for(request), new_since=new_since(request))
    by = request.GET.get("by", "")
    context = {
        "page": page,
        "by": by if by in ("item", "time") else "",
        "view_section": "my",
        "my_section": "overview",
        # Counted with the incidents, in one statement.
        "unread_notice_count": page.unread_count,
    }
    return render(request, "overview/overview.html", context)


@require_safe
@never_cache
@login_required
def my_recipient_list(request: PersonRequest) -> HttpResponse:
    form = DayForm(request.GET)
    page = held_page(request.user, names_for(request), on=form.day(), is_abroad=form.is_abroad)
    context = {"page": page, "form": form, "view_section": "my", "my_section": "recipients"}
    return render(request, "overview/my_recipient_list.html", context)


@require_safe
@never_cache
@login_required
def my_recipient(request: PersonRequest, code: str) -> HttpResponse:
    page = recipient_page(request.user, code, names_for(request))
    if page is None:
        raise Http404
    context = {"page": page, "view_section": "my", "my_section": "recipients"}
    return render(request, "overview/my_recipient.html", context)


@require_safe
@never_cache
@login_required
def my_item(request: PersonRequest, code: str) -> HttpResponse:
    page = item_page(request.user, code, names_for(request))
    if page is None:
        raise Http404
    context = {"page": page, "view_section": "my", "my_section": "disclosures"}
    return render(request, "overview/my_item.html", context)
