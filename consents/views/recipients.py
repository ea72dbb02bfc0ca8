"""One recipient of a person's data."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from consents.queries.recipients import recipient_page
from disclosures.queries.publications import document_for
from privacycenter.http import PersonRequest


@require_safe
@never_cache
@login_required
def my_recipient(request: PersonRequest, code: str) -> HttpResponse:
    """Beside what it holds also the decisions about it, so it stands in this app."""
    page = recipient_page(request.user, code, document_for(request))
    if page is None:
        raise Http404
    context = {"page": page, "view_section": "my", "my_section": "recipients"}
    return render(request, "consents/my_recipient.html", context)
