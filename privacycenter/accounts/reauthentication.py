"""Reauthentication before changes to the safety of an account, and before an export of the record.

allauth asks for a password or a passkey. A person with the company's log-in only has neither and is sent there again,
with ``prompt=login`` (OpenID Connect Core 3.1.2.1).
"""

import time
from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account.authentication import get_authentication_records
from allauth.account.decorators import reauthentication_required
from allauth.account.internal.flows.reauthentication import get_reauthentication_flows
from django.conf import settings
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode

from privacycenter.http.middleware import Handler
from privacycenter.http.requests import PersonRequest

# Pages of allauth that change a log-in method, or where a log-in link is sent.
SAFETY_PAGES = {"account_email", "account_change_password", "account_set_password"}


def fresh_log_in_required(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Admit a person who logged in or reauthenticated recently; send others to do so and then back here.

    Recently: within ``ACCOUNT_REAUTHENTICATION_TIMEOUT``. To be applied inside ``login_required``.
    """
    asking_again = reauthentication_required(view)

    @wraps(view)
    def guarded(request: PersonRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if logged_in_just_now(request):
            return view(request, *args, **kwargs)
        if needs_company_log_in(request):
            return to_company_log_in(request)
        response: HttpResponseBase = asking_again(request, *args, **kwargs)
        return response

    return guarded


def fresh_company_log_in(get_response: Handler) -> Handler:
    """Do the same for allauth's own pages, which do not ask people who have only the company's log-in."""

    def middleware(request: HttpRequest) -> HttpResponse:
        return get_response(request)

    def process_view(request: PersonRequest, *_view: Any) -> HttpResponse | None:
        match = request.resolver_match
        name = match.url_name if match else ""
        is_about_safety = name in SAFETY_PAGES or str(name).startswith("mfa_")
        if is_about_safety and request.user.is_authenticated and needs_company_log_in(request):
            return to_company_log_in(request)
        return None

    middleware.process_view = process_view  # type: ignore[attr-defined]
    return middleware


def logged_in_just_now(request: PersonRequest) -> bool:
    """Return whether any log-in or reauthentication was recent."""
    times = [record["at"] for record in get_authentication_records(request, request.user)]
    return bool(times) and time.time() - times[-1] <= settings.ACCOUNT_REAUTHENTICATION_TIMEOUT


def needs_company_log_in(request: PersonRequest) -> bool:
    """Return whether the company's log-in is the person's only one, and not recent. At most two SQL statements."""
    return not get_reauthentication_flows(request.user) and not logged_in_just_now(request)


def to_company_log_in(request: HttpRequest) -> HttpResponse:
    # Posted data is dropped: after the log-in the page is shown, and the person posts it again.
    wanted = request.get_full_path() if request.method in ("GET", "HEAD") else request.path_info
    return redirect(f"{reverse('log_in_again')}?{urlencode({REDIRECT_FIELD_NAME: wanted})}")
