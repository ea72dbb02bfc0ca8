"""The front page of a person's record, and the pages about its recipients."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from consents.overview.queries import overview_page
from consents.overview.recipient_list import held_page
from consents.overview.recipient_page import recipient_page
from disclosures.publishing.publications import document_for
from disclosures.record.forms import DayForm
from disclosures.record.visits import new_since
from privacycenter.http.requests import PersonRequest


@require_safe
@never_cache
@login_required
def overview(request: PersonRequest) -> HttpResponse:
    page = overview_page(request.user, document_for(request), new_since=new_since(request))
    return render(request, "overview/overview.html", {"page": page, "view_section": "my", "my_section": "overview"})


@require_safe
@never_cache
@login_required
def my_recipient_list(request: PersonRequest) -> HttpResponse:
    form = DayForm(request.GET)
    page = held_page(request.user, document_for(request), on=form.day())
    context = {"page": page, "form": form, "view_section": "my", "my_section": "recipients"}
    return render(request, "overview/my_recipient_list.html", context)


@require_safe
@never_cache
@login_required
def my_recipient(request: PersonRequest, code: str) -> HttpResponse:
    page = recipient_page(request.user, code, document_for(request))
    if page is None:
        raise Http404
    context = {"page": page, "view_section": "my", "my_section": "recipients"}
    return render(request, "overview/my_recipient.html", context)
