"""Where data is provided, in the reader's own case: the published pages, marked with what really happened."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from disclosures.queries.own_case import own_page, own_service_page
from disclosures.queries.pages import WHERE_PROVIDED
from disclosures.queries.publications import document_for
from privacycenter.http import PersonRequest


@require_safe
@never_cache
@login_required
def own_case(request: PersonRequest) -> HttpResponse:
    """Without this page, or before anything is published, there is nothing to mark: the page says so."""
    document = document_for(request)
    page = own_page(request.user, document, WHERE_PROVIDED) if document else None
    context = {"page": page, "view_section": "my", "my_section": "own_case"}
    return render(request, "disclosures/own_case.html", context)


@require_safe
@never_cache
@login_required
def own_service(request: PersonRequest, code: str) -> HttpResponse:
    document = document_for(request)
    page = own_service_page(request.user, document, code) if document else None
    if page is None:
        raise Http404
    context = {"page": page, "view_section": "my", "my_section": "own_case"}
    return render(request, "disclosures/own_service.html", context)
