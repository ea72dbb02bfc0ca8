"""Pages of a person's own record."""

from urllib.parse import urlencode
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from django_htmx.http import push_url

from disclosures.content.publications import document_for
from disclosures.public.pages import WHERE_PROVIDED
from disclosures.public.titles import names_for
from disclosures.record import accesses, facets
from disclosures.record import disclosure_page as disclosures
from disclosures.record.actions import hide_recipient, show_recipient
from disclosures.record.forms import FilterForm, VisibilityForm
from disclosures.record.personal_pages import own_page, own_service_page
from disclosures.record.recipient_summaries import recipient_named, recipient_summary
from privacycenter.http.post_only import posted_from
from privacycenter.http.requests import PersonRequest
from privacycenter.models.people import MOST_ACCOUNTS


@require_safe
@never_cache
@login_required
def disclosure_list(request: PersonRequest) -> HttpResponse:
    form, cursor = FilterForm(request.GET), request.GET.get("cursor", "")
    filters = form.filters()
    found = facets.filtered_list(request.user, names_for(request), filters=filters, cursor=cursor)
    context = {"page": found, "filters": filters, "form": form, "view_section": "my", "my_section": "disclosures"}
    # htmx gets a part of the page, from the same template; restoring the history needs the whole page.
    if not request.htmx or request.htmx.history_restore_request:
        return render(request, "record/disclosure_list.html", context)
    part = render(request, "record/disclosure_list.html#rows", context)
    query = urlencode({"cursor": cursor}) if cursor else ""
    # The URL without empty fields.
    return push_url(part, "?".join(filter(None, (request.path_info, "&".join(filter(None, (filters.query, query)))))))


def account_number(text: str) -> int:
    """Return which of the person's accounts is meant; the first for anything that is no number."""
    return int(text) if text in set(map(str, range(1, MOST_ACCOUNTS + 1))) else 1


@require_safe
@never_cache
@login_required
def disclosure(request: PersonRequest, id: UUID) -> HttpResponse:
    account = account_number(request.GET.get("account", ""))
    found = disclosures.disclosure_page(request.user, id, names_for(request), account)
    if found is None:
        raise Http404
    context = {"page": found, "view_section": "my", "my_section": "disclosures"}
    return render(request, "record/disclosure.html", context)


@never_cache
@posted_from("my_recipient", "code")
def recipient_visibility(request: PersonRequest, code: str) -> HttpResponse:
    """Hide a recipient from the overview, or show it again; then redirect to its page."""
    recipient = recipient_named(code)
    if recipient is None or not recipient_summary(request.user, recipient, names_for(request)):
        raise Http404
    form = VisibilityForm(request.POST)
    if form.is_valid():
        change = hide_recipient if form.cleaned_data["hidden"] else show_recipient
        change(recipient=recipient, by=request.user)
    return redirect(f"{reverse('my_recipient', args=[code])}#visibility")


@require_safe
@never_cache
@login_required
def my_access_list(request: PersonRequest) -> HttpResponse:
    """List each time that staff opened this person's record, and what they did to the account."""
    context = {
        "page": accesses.accesses_of(request.user, names_for(request), request.GET.get("page", "")),
        "account_steps": accesses.account_steps_of(request.user),
        "withheld": accesses.WITHHELD,
        "view_section": "my",
        "my_section": "accesses",
    }
    return render(request, "record/my_access_list.html", context)


@require_safe
@never_cache
@login_required
def own_case(request: PersonRequest) -> HttpResponse:
    """Show which scenarios happened to this person. The page says so if it, or any publication, does not exist."""
    document = document_for(request)
    page = own_page(request.user, document, WHERE_PROVIDED) if document else None
    context = {"page": page, "view_section": "my", "my_section": "own_case"}
    return render(request, "record/own_case.html", context)


@require_safe
@never_cache
@login_required
def own_service(request: PersonRequest, code: str) -> HttpResponse:
    document = document_for(request)
    page = own_service_page(request.user, document, code) if document else None
    if page is None:
        raise Http404
    context = {"page": page, "view_section": "my", "my_section": "own_case"}
    return render(request, "record/own_service.html", context)
