"""A person's own record: what really was provided."""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from disclosures.forms import FilterForm
from disclosures.queries import accesses, ledger
from disclosures.queries.publications import document_for
from privacycenter.http import PersonRequest


@require_safe
@never_cache
@login_required
def disclosure_list(request: PersonRequest) -> HttpResponse:
    form = FilterForm(request.GET)
    filters = form.filters()
    found = ledger.disclosure_list(
        request.user, document_for(request), filters=filters, cursor=request.GET.get("cursor", "")
    )
    context = {"list": found, "filters": filters, "form": form, "view_section": "my", "my_section": "disclosures"}
    return render(request, "disclosures/disclosure_list.html", context)


@require_safe
@never_cache
@login_required
def disclosure(request: PersonRequest, id: UUID) -> HttpResponse:
    found = ledger.disclosure_page(request.user, id, document_for(request))
    if found is None:
        raise Http404
    context = {"page": found, "view_section": "my", "my_section": "disclosures"}
    return render(request, "disclosures/disclosure.html", context)


@require_safe
@never_cache
@login_required
def my_recipient_list(request: PersonRequest) -> HttpResponse:
    found = ledger.recipient_summaries(request.user, document_for(request))
    context = {"recipients": found, "view_section": "my", "my_section": "recipients"}
    return render(request, "disclosures/my_recipient_list.html", context)


@require_safe
@never_cache
@login_required
def my_recipient(request: PersonRequest, code: str) -> HttpResponse:
    document = document_for(request)
    summary = ledger.recipient_summary(request.user, code, document)
    if summary is None:
        raise Http404
    latest = ledger.disclosure_list(request.user, document, filters=ledger.Filters(recipient=code))
    context = {"summary": summary, "list": latest, "view_section": "my", "my_section": "recipients"}
    return render(request, "disclosures/my_recipient.html", context)


@require_safe
@never_cache
@login_required
def my_access_list(request: PersonRequest) -> HttpResponse:
    """Each time that somebody at the desk opened this person's record."""
    context = {
        "page": accesses.accesses_of(request.user, request.GET.get("page", "")),
        "view_section": "my",
        "my_section": "accesses",
    }
    return render(request, "disclosures/my_access_list.html", context)
