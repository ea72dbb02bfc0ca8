"""A person's log-in methods and sessions, and logging in again."""

from allauth.account.internal.flows.logout import logout
from allauth.usersessions.internal.flows.sessions import end_other_sessions, end_sessions
from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from privacycenter.accounts.log_in_methods import log_in_methods, open_sessions
from privacycenter.accounts.subjects import is_of_staff_log_in
from privacycenter.accounts.ways_elsewhere import COMPANY, STAFF, ways_elsewhere
from privacycenter.http.post_only import posted_from
from privacycenter.http.requests import PersonRequest


@require_safe
@never_cache
@login_required
def log_in_settings(request: PersonRequest) -> HttpResponse:
    context = {
        "methods": log_in_methods(request.user),
        "sessions": open_sessions(request.user, request.session.session_key or ""),
        "view_section": "my",
        "my_section": "settings",
    }
    return render(request, "account/log_in_settings.html", context)


@require_safe
@never_cache
@login_required
def to_log_in_settings(request: HttpRequest) -> HttpResponse:
    return redirect("log_in_settings")


@never_cache
@posted_from("log_in_settings")
def session_end(request: PersonRequest, pk: int) -> HttpResponse:
    """End one session. Ending the current one logs out."""
    session = get_object_or_404(UserSession, user=request.user, pk=pk)
    if session.session_key == request.session.session_key:
        logout(request)
        session.delete()
        return redirect("home")
    end_sessions(request, [session])
    messages.success(request, _("That device is logged out."))
    return redirect("log_in_settings")


@never_cache
@posted_from("log_in_settings")
def other_sessions_end(request: PersonRequest) -> HttpResponse:
    end_other_sessions(request, request.user)
    messages.success(request, _("Logged out everywhere but here."))
    return redirect("log_in_settings")


@require_safe
@never_cache
@login_required
def log_in_again(request: PersonRequest) -> HttpResponse:
    """Offer the log-in elsewhere to somebody who has no other here, with a way back to ``next``.

    ``fresh``: they have to give proof there now. Left out, the log-in counts from when they last did.
    """
    wanted = request.GET.get(REDIRECT_FIELD_NAME, "")
    if not url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure()):
        wanted = reverse("overview")
    way = STAFF if is_of_staff_log_in(request.user) else COMPANY
    context = {"ways": [one for one in ways_elsewhere(wanted, is_fresh=True) if one.code == way]}
    return render(request, "account/log_in_again.html", context)
