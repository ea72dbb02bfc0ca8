"""A fresh log-in before what concerns the safety of an account, or takes the record out of the house.

allauth asks again for a password or a passkey. A person who has only the company's log-in has neither: that person is
sent to the company once more, with the wish to be asked there (``prompt=login``, OpenID Connect Core 3.1.2.1).
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

from privacycenter.http.requests import PersonRequest

Handler = Callable[[HttpRequest], HttpResponse]
# Pages of allauth that change how somebody gets in, or where a link to get in is sent.
SAFETY_PAGES = {"account_email", "account_change_password", "account_set_password"}


def fresh_log_in_required(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Let in a person who proved within the last minutes who it is; send everyone else to prove it and then back here.

    Minutes: ``ACCOUNT_REAUTHENTICATION_TIMEOUT``. To be put inside ``login_required``.
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
    """The same for allauth's own pages, which let in whoever has only the company's log-in without asking again."""

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
    """In whatever way; a log-in is as good as an answer to being asked again."""
    times = [record["at"] for record in get_authentication_records(request, request.user)]
    return bool(times) and time.time() - times[-1] <= settings.ACCOUNT_REAUTHENTICATION_TIMEOUT


def needs_company_log_in(request: PersonRequest) -> bool:
    """The company's log-in is this person's only one, and it was some time ago. At most two SQL statements."""
    return not get_reauthentication_flows(request.user) and not logged_in_just_now(request)


def to_company_log_in(request: HttpRequest) -> HttpResponse:
    # What was sent is not kept: after the log-in the page is shown again, and the person sends it again.
    wanted = request.get_full_path() if request.method in ("GET", "HEAD") else request.path
    return redirect(f"{reverse('log_in_again')}?{urlencode({REDIRECT_FIELD_NAME: wanted})}")
