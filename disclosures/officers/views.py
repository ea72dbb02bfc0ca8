"""Pages of the privacy officer's desk: one person's record, and the log of accesses."""

from dataclasses import replace
from typing import Any, cast

from django.contrib import admin
from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from disclosures.ledger.shared_records import other_accounts
from disclosures.officers import cases
from disclosures.officers.forms import NOT_THEIRS, AccessFilterForm, RecordFilterForm, RecordForm
from disclosures.officers.opened_record import opened_record
from disclosures.public.titles import names_for
from disclosures.record import accesses
from disclosures.record.actions import log_lookup
from disclosures.record.granted_views import Granted, grant, granted
from disclosures.record.guarded_views import Found, shows_person
from disclosures.record.person_lookup import person_called
from disclosures.record.scopes import Part, Scope, is_about, scope_words
from privacycenter.http.declared_views import shows_nobody
from privacycenter.models import User


def front_page(user: User) -> dict[str, int]:
    """Return the desk's front-page context for officers."""
    return {"case_count": cases.open_case_count()} if user.has_perm("disclosures.view_case") else {}


# --- One person's record ---------------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@permission_required("disclosures.view_disclosure", raise_exception=True)
@shows_nobody
def record_lookup(request: HttpRequest) -> HttpResponse:
    """Ask whose record to open, and why. There is no list of people to browse.

    Whether somebody is known is told once the reason is written down, and only to who gave one.
    """
    form = RecordForm(request.POST or None, initial=request.GET.dict())
    if request.method == "POST" and form.is_valid():
        person, reason = person_called(form.cleaned_data["who"]), form.cleaned_data["reason"]
        about: dict[str, Any] = {"reason": reason, "scope": form.about()}
        is_theirs = person is not None and is_about(about["scope"], person)
        # The person reads what it was about, and must not read the number of somebody else's request.
        told = about if is_theirs else {**about, "scope": None}
        log_lookup(people=[person] if person else [], what="lookup", **told, by=cast(User, request.user))
        if person and is_theirs:
            grant(request, person, **about)
            return redirect("admin:record", pk=person.pk)
        if person:
            form.add_error("of", NOT_THEIRS)
        else:
            form.add_error("who", _("Nobody has exactly this ID, user name or e-mail address."))
    context = {**admin.site.each_context(request), "title": _("Open a person's record"), "form": form}
    return TemplateResponse(request, "officers/record_lookup.html", context, status=422 if form.errors else 200)


def record_shown(request: HttpRequest, pk: int) -> Found:
    found = granted(request, pk, "record")
    if isinstance(found, HttpResponse):
        return found
    page, look = found
    return page, replace(look, what=what_is_opened(page.scope)) if look else None


def what_is_opened(scope: Scope) -> str:
    """Return what the first page of the record shows, as the log has it."""
    if scope.is_whole:
        return "record"
    return "entries" if scope.covers(Part.ENTRIES) else "identity"


@require_safe
@never_cache
@permission_required("disclosures.view_disclosure", raise_exception=True)
@shows_person(record_shown)
def record(request: HttpRequest, page: Granted) -> HttpResponse:
    """Show what an officer's reason needs of a person's record: the disclosures that it is about, or who they are."""
    names = names_for(request)
    context = {
        **admin.site.each_context(request),
        "title": _("Record of %(subject)s") % {"subject": page.person.subject},
        "page": page,
        "scope": scope_words(page.scope.kind, page.scope.of, names),
        "shared": other_accounts(page.person),
    }
    if page.scope.covers(Part.ENTRIES):
        found = opened_record(page.person, page.scope, names)
        form = RecordFilterForm(request.GET, options=found.options)
        shown = found.filtered(form.filters(), request.GET.get("cursor", ""))
        context |= {"recipients": found.recipients, "form": form, "list": shown}
    return TemplateResponse(request, "officers/record.html", context)


# --- Who looked ------------------------------------------------------------------------------------------------------


@require_safe
@permission_required("disclosures.view_recordaccess", raise_exception=True)
@shows_nobody
def access_list(request: HttpRequest) -> HttpResponse:
    """List who opened records, and why. Whose they were is told on the page of each person alone."""
    form = AccessFilterForm(request.GET)
    context = {
        **admin.site.each_context(request),
        "title": _("Who looked at whose record"),
        "form": form,
        "page": accesses.access_list(form.filters(), request.GET.get("page", "")),
        "lookups": accesses.latest_lookups(),
    }
    return TemplateResponse(request, "officers/access_list.html", context)


def accesses_shown(request: HttpRequest, pk: int) -> Found:
    return granted(request, pk, "accesses", Part.ACCESSES)


@require_safe
@never_cache
@permission_required(["disclosures.view_disclosure", "disclosures.view_recordaccess"], raise_exception=True)
@shows_person(accesses_shown)
def record_accesses(request: HttpRequest, page: Granted) -> HttpResponse:
    """List who opened this person's record."""
    filters = accesses.AccessFilters(person=page.person)
    context = {
        **admin.site.each_context(request),
        "title": _("Who looked at the record of %(subject)s") % {"subject": page.person.subject},
        "granted": page,
        "scope": scope_words(page.scope.kind, page.scope.of, names_for(request)),
        "page": accesses.access_list(filters, request.GET.get("page", "")),
    }
    return TemplateResponse(request, "officers/record_accesses.html", context)
