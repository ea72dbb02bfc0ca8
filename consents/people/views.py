"""Erasing a person at the officers' desk: what would go and stay. And a second officer's answer to what officers do."""

from typing import Any, cast
from uuid import UUID

from django.contrib import admin, messages
from django.contrib.auth.decorators import permission_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from consents.exports import file_store
from consents.people.actions import answer_erasure, erase_person
from consents.people.erasing_actions import ErasureReport
from consents.people.forms import ErasureForm
from consents.people.merge_report import merge_report, separation_report
from consents.people.merging_actions import answer_merging
from consents.people.merging_views import done as finished
from consents.people.merging_views import in_context
from consents.people.queries import latest_erasures
from consents.people.words import in_words
from consents.representatives.actions import answer_appointment
from consents.representatives.appointments import Appointment
from disclosures.accounts import queries as accounts
from disclosures.accounts.forms import AnswerForm
from disclosures.approvers.words import TOO_NEW
from disclosures.content.publications import newest_document
from disclosures.models import AccountChange
from disclosures.public.titles import Names
from disclosures.record.actions import log_access
from disclosures.record.granted_views import Granted, granted
from disclosures.record.guarded_views import Found, Look, shows_person
from disclosures.record.scopes import Part
from privacycenter.errors import RecordDemanded, Refusal
from privacycenter.http.declared_views import shows_nobody
from privacycenter.models import User

may_see = permission_required("disclosures.view_accountstep", raise_exception=True)
may_take = permission_required("disclosures.add_accountstep", raise_exception=True)


@require_safe
@never_cache
@may_see
@shows_nobody
def change_list(request: HttpRequest) -> HttpResponse:
    """List what waits for a second officer, without whose it is, and the erasures that are done."""
    context = {
        **admin.site.each_context(request),
        "title": _("Erasing people, and accounts of one person"),
        "waiting": accounts.waiting_changes(are_officers=True),
        "erasures": latest_erasures(),
    }
    return TemplateResponse(request, "people/change_list.html", context)


def erasure_shown(request: HttpRequest, pk: int) -> Found:
    return granted(request, pk, "accounts", Part.ACCOUNT)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@may_take
@shows_person(erasure_shown)
def erasure(request: HttpRequest, page: Granted) -> HttpResponse:
    """Show what erasing this person would do, or why the law forbids it. POST erases, or proposes it."""
    form = ErasureForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            report = erase_person(person=page.person, reason=form.cleaned_data["reason"], by=cast(User, request.user))
        except Refusal:
            form.add_error(None, _("Nothing was erased. What stands in the way is said above."))
        else:
            return done(request, report)
    context = {
        **admin.site.each_context(request),
        "title": _("Erase %(subject)s") % {"subject": page.person.subject},
        "person": page.person,
        "form": form,
        **what_would_go(page.person),
    }
    return TemplateResponse(request, "people/erasure.html", context, status=422 if form.errors else 200)


def what_would_go(person: User) -> dict[str, Any]:
    """Return the report of a trial, or what stands in the way, for the template."""
    try:
        report = erase_person(person=person, reason="trial", dry_run=True)
    except RecordDemanded as refusal:
        return {"held": in_words(refusal.held), "until": refusal.until}
    except Refusal:
        return {"is_shared": True} if len(person.keys) > 1 else {"is_staff": True}
    return {"gone": in_words(report.gone), "stays": in_words(report.stays)} if report else {}


def done(request: HttpRequest, report: ErasureReport | None) -> HttpResponse:
    if report is None:
        messages.success(request, _("It is proposed. Another officer has to approve it."))
    else:
        for name in report.files:
            file_store.delete(name)
        messages.success(request, _("The person is erased."))
    return redirect("admin:erasures")


def change_shown(request: HttpRequest, person: int, id: UUID) -> Found:
    found = accounts.proposal(person, id)
    if found is None or found.change not in accounts.OFFICERS_CHANGES:
        raise Http404
    what = "representatives" if found.change is AccountChange.REPRESENTED else "accounts"
    other = found.step.detail.get("other")
    # Of accounts that are together the look is written under each anyway.
    if other and other not in found.step.person.keys:
        about: dict[str, Any] = {"what": what, "reason": found.step.reason, "by": request.user}
        log_access(person=User.objects.get(pk=other), **about)
    return found, Look(found.step.person, what, found.step.reason)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@may_take
@shows_person(change_shown)
def change(request: HttpRequest, row: accounts.StepRow) -> HttpResponse:
    """Show a proposal with what it would do. POST approves or refuses it."""
    form = AnswerForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            response = answered(request, row, form)
        except Refusal as refusal:
            form.add_error(None, REFUSED[refusal.name]() if refusal.name in REFUSED else refusal.detail)
        else:
            return response
    answered_at = accounts.answered_at(row.step)
    context = {
        **admin.site.each_context(request),
        "title": _("Proposal: %(what)s") % {"what": row.change.label},
        "row": row,
        "answered_at": answered_at,
        "form": form,
        **({} if answered_at else what_it_would_do(row)),
    }
    return TemplateResponse(request, "people/change.html", context, status=422 if form.errors else 200)


def answered(request: HttpRequest, row: accounts.StepRow, form: AnswerForm) -> HttpResponse:
    by = cast(User, request.user)
    if row.change is AccountChange.REPRESENTED:
        answer_appointment(proposed=row.step, by=by, **form.given())
        return finished(request, DONE[row.change]() if form.is_approved else nothing_changed())
    if row.change is not AccountChange.ERASED:
        answer_merging(proposed=row.step, by=by, **form.given())
        return finished(request, DONE[row.change]() if form.is_approved else nothing_changed())
    report = answer_erasure(proposed=row.step, by=by, **form.given())
    return done(request, report) if form.is_approved else finished(request, nothing_changed())


def nothing_changed() -> str:
    return _("The proposal is refused. Nothing changed.")


def what_it_would_do(row: accounts.StepRow) -> dict[str, Any]:
    if row.change is AccountChange.ERASED:
        return what_would_go(row.step.person)
    into = User.objects.get(pk=row.step.detail["other"])
    if row.change is AccountChange.REPRESENTED:
        return proposed_appointment(row.step.detail, into)
    make = merge_report if row.change is AccountChange.MERGED else separation_report
    return in_context(make(row.step.person, into))


def proposed_appointment(detail: dict[str, Any], representative: User) -> dict[str, Any]:
    appointment, names = Appointment.from_detail(detail), Names(newest_document())
    left_out = [names.service(code) for code in appointment.left_out]
    return {"appointment": appointment, "representative": representative, "left_out": left_out}


DONE = {
    AccountChange.REPRESENTED: lambda: _("The representative is entered. Both are told."),
    AccountChange.MERGED: lambda: _("The accounts are together."),
    AccountChange.SEPARATED: lambda: _("The accounts are apart again."),
}


REFUSED = {
    "second-person-needed": lambda: _("Another officer has to approve it."),
    "approver-is-new": lambda: str(TOO_NEW),
    "record-demanded": lambda: _("Nothing was erased. What stands in the way is said above."),
    "no-longer-open": lambda: _("Somebody has answered this proposal."),
}
