"""Stopping a company, everyone abroad, or everything: choose, read what it does, do it, undo it."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from consents.stopping.actions import stop_provision, undo_stopping
from consents.stopping.forms import StopForm
from consents.stopping.queries import stop_choices, stop_page
from consents.stopping.scopes import Scope
from disclosures.public.titles import names_for
from privacycenter.errors import InvalidValue, NoLongerOpen
from privacycenter.http.post_only import posted_from
from privacycenter.http.requests import PersonRequest
from privacycenter.text.languages import page_language


@require_safe
@never_cache
@login_required
def stop(request: PersonRequest) -> HttpResponse:
    """List what can be stopped or, with ``what``, say what stopping it does. Saves nothing."""
    names = names_for(request)
    if "what" not in request.GET:
        context = {"choices": stop_choices(request.user, names), "view_section": "my", "my_section": "stop"}
        return render(request, "stopping/stop_choices.html", context)
    page = stop_page(request.user, scope_or_404(StopForm(request.GET)), names)
    if page is None:
        raise Http404
    return render(request, "stopping/stop.html", {"page": page, "view_section": "my", "my_section": "stop"})


@never_cache
@posted_from("stop")
def stopping_create(request: PersonRequest) -> HttpResponse:
    scope = scope_or_404(StopForm(request.POST))
    try:
        stopped = stop_provision(scope=scope, language=page_language(), by=request.user)
    except InvalidValue as refusal:
        raise Http404 from refusal
    if stopped.withdrawals:
        messages.success(request, _("Stopped. What you allowed has ended; each receipt stands here."))
    else:
        messages.success(request, _("Stopped. Requests are refused from now on."))
    return redirect(address_of(scope))


@never_cache
@posted_from("stop")
def stopping_undo(request: PersonRequest) -> HttpResponse:
    scope = scope_or_404(StopForm(request.POST))
    try:
        undo_stopping(scope=scope, by=request.user)
    except NoLongerOpen:
        messages.warning(request, _("This was not stopped, so there is nothing to undo."))
    else:
        messages.success(request, _("Undone. Requests come to you again; what had ended stays ended."))
    return redirect(address_of(scope))


def scope_or_404(form: StopForm) -> Scope:
    if not form.is_valid():
        raise Http404
    return form.scope


def address_of(scope: Scope) -> str:
    return f"{reverse('stop')}?{urlencode({'what': scope.value})}"
