"""Accounts at the administrators' desk: the staff, one account, and proposals of changes to accounts."""

from typing import Any, cast
from uuid import UUID

from allauth.account.forms import default_token_generator
from allauth.account.internal.flows.password_reset import request_password_reset
from django.contrib import admin, messages
from django.contrib.auth.decorators import user_passes_test
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from disclosures.accounts import queries as accounts
from disclosures.accounts.actions import answer_account_change, change_account, make_staff
from disclosures.accounts.forms import AnswerForm, ChangeForm, StaffForm
from disclosures.approvers.words import TOO_NEW
from disclosures.models import AccountChange, AccountStage
from disclosures.record.granted_views import granted
from disclosures.record.guarded_views import Found, Look, shows_person
from disclosures.record.scopes import Part
from privacycenter.errors import Refusal
from privacycenter.http.declared_views import shows_nobody
from privacycenter.models import User


def administrators_only(user: Any) -> bool:
    if not user.is_superuser:
        raise PermissionDenied
    return True


may_see = user_passes_test(administrators_only)


@require_safe
@never_cache
@may_see
@shows_nobody
def staff_list(request: HttpRequest) -> HttpResponse:
    """List the accounts of staff, and the proposals that wait, without whose accounts they are about."""
    context = {
        **admin.site.each_context(request),
        "title": _("Accounts"),
        "page": accounts.staff_list(request.GET.get("page", "")),
        "waiting": accounts.waiting_changes(),
    }
    return TemplateResponse(request, "accounts/staff_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@may_see
@shows_nobody
def staff_create(request: HttpRequest) -> HttpResponse:
    form = StaffForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            account = make_staff(**form.cleaned_data, by=cast(User, request.user))
        except Refusal as refusal:
            form.add_error(refusal.field or None, _("This user name is taken."))
        else:
            return made(request, account)
    context = {**admin.site.each_context(request), "title": _("Make an account of staff"), "form": form}
    return TemplateResponse(request, "accounts/staff_create.html", context, status=422 if form.errors else 200)


def made(request: HttpRequest, account: User) -> HttpResponse:
    if account.is_active:
        send_reset(request, account)
        messages.success(request, _("The account is made. A mail to choose a password is on its way."))
    else:
        messages.success(request, _("It is proposed. Another administrator has to approve it."))
    return redirect("admin:account", pk=account.pk)


def account_shown(request: HttpRequest, pk: int) -> Found:
    """Find an account of staff, or another's for whoever looked it up with a reason."""
    staff = User.objects.filter(pk=pk, is_staff=True).first()
    if staff:
        return accounts.account_page(staff), Look(staff, "account")
    found = granted(request, pk, "account", Part.ACCOUNT)
    if isinstance(found, HttpResponse):
        return found
    page, look = found
    return accounts.account_page(page.person, page.reason), look


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@may_see
@shows_person(account_shown)
def account(request: HttpRequest, page: accounts.AccountPage) -> HttpResponse:
    """Show one account and what the desk did to it. POST does something to it, or proposes it."""
    if request.method != "POST":
        return show(request, page, ChangeForm(account=page.account, roles=page.roles))
    form = ChangeForm(request.POST, account=page.account, roles=page.roles)
    if not form.is_valid():
        return show(request, page, form, status=422)
    kind, reason, by = form.cleaned_data["kind"], form.cleaned_data["reason"], cast(User, request.user)
    try:
        step = change_account(account=page.account, kind=kind, reason=reason, detail=form.detail(), by=by)
    except Refusal:
        form.add_error(None, _("This cannot be done to this account here."))
        return show(request, page, form, status=422)
    if step.stage == AccountStage.PROPOSED:
        messages.success(request, _("It is proposed. Another administrator has to approve it."))
    else:
        if kind is AccountChange.RESET_SENT:
            send_reset(request, page.account)
        messages.success(request, _("It is done, and the owner is told."))
    return redirect("admin:account", pk=page.account.pk)


def show(request: HttpRequest, page: accounts.AccountPage, form: ChangeForm, status: int = 200) -> HttpResponse:
    context = {
        **admin.site.each_context(request),
        "title": _("Account of %(name)s") % {"name": page.account},
        "page": page,
        "form": form,
        "is_own": page.account == request.user,
    }
    return TemplateResponse(request, "accounts/account.html", context, status=status)


def change_shown(request: HttpRequest, person: int, id: UUID) -> Found:
    found = accounts.proposal(person, id)
    if found is None or found.change in accounts.OFFICERS_CHANGES:
        raise Http404
    return found, Look(found.step.person, "account", found.step.reason)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@may_see
@shows_person(change_shown)
def change(request: HttpRequest, row: accounts.StepRow) -> HttpResponse:
    """Show a proposal. POST approves or refuses it."""
    form = AnswerForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            answer_account_change(proposed=row.step, by=cast(User, request.user), **form.given())
        except Refusal as refusal:
            form.add_error(None, refused(refusal))
        else:
            return answered(request, row, form.is_approved)
    context = {
        **admin.site.each_context(request),
        "title": _("Proposal: %(what)s") % {"what": row.change.label},
        "row": row,
        "answered_at": accounts.answered_at(row.step),
        "form": form,
    }
    return TemplateResponse(request, "accounts/change.html", context, status=422 if form.errors else 200)


def answered(request: HttpRequest, row: accounts.StepRow, is_approved: bool) -> HttpResponse:
    if is_approved and row.change is AccountChange.MADE:
        send_reset(request, row.step.person)
    messages.success(request, _("The answer is saved, and the owner is told."))
    return redirect("admin:accounts")


def refused(refusal: Refusal) -> str:
    if refusal.name == "second-person-needed":
        return _("Another administrator has to approve it.")
    if refusal.name == "approver-is-new":
        return str(TOO_NEW)
    return _("Somebody has answered this proposal.")


def send_reset(request: HttpRequest, account: User) -> None:
    """Send the mail with which the owner of an account chooses a password, as “Forgot your password?” does."""
    account.refresh_from_db()
    request_password_reset(request, account.email, [account], default_token_generator)
