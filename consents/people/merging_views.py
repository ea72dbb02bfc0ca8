"""Putting accounts of one person together at the officers' desk, and taking them apart again."""

from typing import Any, cast

from django.contrib import admin, messages
from django.contrib.auth.decorators import permission_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from consents.people.forms import MergeForm, SeparationForm
from consents.people.merge_report import MergeReport, separation_report
from consents.people.merging_actions import merge_people, separate_people
from consents.people.words import both_in_words, in_words
from disclosures.record.actions import log_lookup
from disclosures.record.granted_views import Granted, granted
from disclosures.record.guarded_views import Found, shows_person
from disclosures.record.person_lookup import person_called
from disclosures.record.scopes import Part
from privacycenter.errors import InvalidValue
from privacycenter.models import User

may_take = permission_required("disclosures.add_accountstep", raise_exception=True)


def account_shown(request: HttpRequest, pk: int) -> Found:
    return granted(request, pk, "accounts", Part.ACCOUNT)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@may_take
@shows_person(account_shown)
def merging(request: HttpRequest, page: Granted) -> HttpResponse:
    """Ask into which account this one is put. POST shows what that would do; POST of what was seen does it."""
    form = MergeForm(request.POST if request.method == "POST" else None)
    report, into = None, other_account(request, form) if form.is_bound and form.is_valid() else None
    if into:
        try:
            is_seen = form.cleaned_data["seen"] == into.subject
            report, is_done = merge_people(
                account=page.person, into=into, reason=form.cleaned_data["reason"], dry_run=not is_seen,
                by=cast(User, request.user),
            )  # fmt: skip
        except InvalidValue as refusal:
            form.add_error("into", refusal.detail)
        else:
            if is_seen:
                return done(request, _("The accounts are together.") if is_done else "")
            form = MergeForm(initial={**form.cleaned_data, "seen": into.subject})
    context = {
        **admin.site.each_context(request),
        "title": _("Put together: %(subject)s") % {"subject": page.person.subject},
        "person": page.person,
        "form": form,
        **(in_context(report) if report else {}),
    }
    return TemplateResponse(request, "people/merging.html", context, status=422 if form.errors else 200)


def other_account(request: HttpRequest, form: MergeForm) -> User | None:
    """Return the account that the form names, once the look at it is written."""
    found = person_called(form.cleaned_data["into"])
    reason = form.cleaned_data["reason"]
    log_lookup(people=[found] if found else [], what="accounts", reason=reason, by=cast(User, request.user))
    if found is None:
        form.add_error("into", _("Nobody has exactly this ID, user name or e-mail address."))
    return found


def put_in_shown(request: HttpRequest, pk: int) -> Found:
    """Find an account that was put into another. A look at one of them is one at both."""
    found = granted(request, pk, "accounts", Part.ACCOUNT)
    if not isinstance(found, HttpResponse) and found[0].person.merged_into is None:
        raise Http404
    return found


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@may_take
@shows_person(put_in_shown)
def separating(request: HttpRequest, page: Granted) -> HttpResponse:
    """Show what taking this account out of another would do. POST does it, or proposes it."""
    into = cast(User, page.person.merged_into)
    form = SeparationForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            _report, is_done = separate_people(
                account=page.person, into=into, reason=form.cleaned_data["reason"], by=cast(User, request.user)
            )
        except InvalidValue as refusal:
            form.add_error(None, refusal.detail)
        else:
            return done(request, _("The accounts are apart again.") if is_done else "")
    context = {
        **admin.site.each_context(request),
        "title": _("Take apart: %(subject)s") % {"subject": page.person.subject},
        "person": page.person,
        "form": form,
        **in_context(separation_report(page.person, into)),
    }
    return TemplateResponse(request, "people/separating.html", context, status=422 if form.errors else 200)


def in_context(report: MergeReport) -> dict[str, Any]:
    return {
        "report": report,
        "together": both_in_words(report.together),
        "unused": in_words(report.unused),
    }


def done(request: HttpRequest, what: str) -> HttpResponse:
    """Say what was done; empty: it waits for a second officer."""
    messages.success(request, what or _("It is proposed. Another officer has to approve it."))
    return redirect("admin:erasures")
