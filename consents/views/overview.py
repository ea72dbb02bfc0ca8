"""The overview of a person's record."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from consents.queries.overview import overview_page
from disclosures.queries.publications import document_for
from disclosures.visits import new_since
from privacycenter.http import PersonRequest


@require_safe
@never_cache
@login_required
def overview(request: PersonRequest) -> HttpResponse:
    page = overview_page(request.user, document_for(request), new_since=new_since(request))
    return render(request, "consents/overview.html", {"page": page, "view_section": "my", "my_section": "overview"})
