"""What a person affected by an incident reads."""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from consents.incidents.queries import person_incident
from disclosures.public.titles import names_for
from privacycenter.http.requests import PersonRequest


@require_safe
@never_cache
@login_required
def my_incident(request: PersonRequest, id: UUID) -> HttpResponse:
    page = person_incident(request.user, id, names_for(request))
    if page is None:
        raise Http404
    context = {"page": page, "view_section": "my", "my_section": "notices"}
    return render(request, "incidents/my_incident.html", context)
