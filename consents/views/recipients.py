"""The recipients of a person's data: what they hold, what was decided about them, and what followed.

The decisions are part of it, so these pages stand in this app.
"""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from consents.queries.held import held_page
from consents.queries.recipients import recipient_page
from disclosures.forms import DayForm
from disclosures.queries.publications import document_for
from privacycenter.http import PersonRequest


@require_safe
@never_cache
@login_required
def my_recipient_list(request: PersonRequest) -> HttpResponse:
    form = DayForm(request.GET)
    page = held_page(request.user, document_for(request), on=form.day())
    context = {"page": page, "form": form, "view_section": "my", "my_section": "recipients"}
    return render(request, "consents/my_recipient_list.html", context)


@require_safe
@never_cache
@login_required
def my_recipient(request: PersonRequest, code: str) -> HttpResponse:
    page = recipient_page(request.user, code, document_for(request))
    if page is None:
        raise Http404
    context = {"page": page, "view_section": "my", "my_section": "recipients"}
    return render(request, "consents/my_recipient.html", context)
