"""Withdrawal cases at the privacy officer's desk, for recipients that answer by letter or telephone."""

from typing import cast

from django.contrib import admin, messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from consents.withdrawals import queries as withdrawals
from consents.withdrawals.actions import take_withdrawal_step
from consents.withdrawals.forms import WithdrawalFilterForm, WithdrawalStepForm
from disclosures.content.publications import document_for
from disclosures.record.guarded_views import Found, Look, shows_person
from privacycenter.errors import StepTooLate
from privacycenter.http.declared_views import shows_nobody
from privacycenter.models import User


def front_page(request: HttpRequest) -> dict[str, int]:
    """Return the count of open cases for the desk's front page, if this officer may see them."""
    may_see = request.user.has_perm("consents.view_withdrawalcase")
    return {"withdrawal_count": withdrawals.open_count()} if may_see else {}


@require_safe
@permission_required("consents.view_withdrawalcase", raise_exception=True)
@shows_nobody
def withdrawal_list(request: HttpRequest) -> HttpResponse:
    form = WithdrawalFilterForm(request.GET)
    context = {
        **admin.site.each_context(request),
        "title": _("Withdrawals to follow up"),
        "form": form,
        "page": withdrawals.withdrawal_list(form.is_open, request.GET.get("page", "")),
    }
    return TemplateResponse(request, "withdrawals/withdrawal_list.html", context)


def withdrawal_shown(request: HttpRequest, pk: int) -> Found:
    page = withdrawals.withdrawal_case_page(pk, document_for(request))
    if page is None:
        raise Http404
    return page, Look(page.case.whose, "withdrawal", about_id=page.followed.withdrawal.id)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@permission_required("consents.view_withdrawalcase", raise_exception=True)
@shows_person(withdrawal_shown)
def withdrawal(request: HttpRequest, page: withdrawals.WithdrawalCasePage) -> HttpResponse:
    """Show one case. POST records the next step."""
    if request.method == "POST":
        return take_step(request, page)
    return show(request, page, WithdrawalStepForm(kinds=page.next_kinds))


def take_step(request: HttpRequest, page: withdrawals.WithdrawalCasePage) -> HttpResponse:
    if not request.user.has_perm("consents.add_withdrawalstep"):
        raise PermissionDenied
    form = WithdrawalStepForm(request.POST, kinds=page.next_kinds)
    if not form.is_valid():
        return show(request, page, form, status=422)
    try:
        take_withdrawal_step(
            withdrawal=page.followed.withdrawal, kind=form.kind, reason=form.reason, by=cast(User, request.user)
        )
    except StepTooLate:
        form.add_error("step", _("A later step was taken meanwhile. Open the case again."))
        return show(request, page, form, status=409)
    messages.success(request, _("The step is saved. The person can read it."))
    return redirect("admin:withdrawal", pk=page.case.pk)


def show(
    request: HttpRequest, page: withdrawals.WithdrawalCasePage, form: WithdrawalStepForm, status: int = 200
) -> HttpResponse:
    context = {
        **admin.site.each_context(request),
        "title": _("Withdrawal case %(number)s") % {"number": page.case.pk},
        "page": page,
        "form": form,
        "may_step": page.next_kinds and request.user.has_perm("consents.add_withdrawalstep"),
    }
    return TemplateResponse(request, "withdrawals/withdrawal.html", context, status=status)
