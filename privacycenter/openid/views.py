"""Logging in elsewhere: to the provider, and back. What the browser sends decides nothing but where to go on."""

import secrets
import time
from dataclasses import asdict
from typing import Any

import structlog
from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY
from allauth.account.internal.flows.login import record_authentication
from allauth.account.utils import get_next_redirect_url, perform_login
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.helpers import complete_social_login
from allauth.socialaccount.providers.base import AuthProcess
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from privacycenter.accounts.subjects import is_ours_alone
from privacycenter.accounts.ways_elsewhere import COMPANY, STAFF
from privacycenter.errors import TooManyCalls
from privacycenter.openid.protocol import (
    Asked,
    Provider,
    ProviderNotBelieved,
    ProviderUnavailable,
    Vouched,
    authorization_address,
    new_question,
    vouched_for,
)
from privacycenter.openid.role_map import roles_in
from privacycenter.openid.staff_roles import admit_staff
from privacycenter.rate_limits.limits import RateLimit, spend
from privacycenter.rate_limits.visitors import address_of, try_again
from privacycenter.text.languages import page_language, speak, speaking

PENDING = "log_ins_elsewhere"
MOST_PENDING = 5
# How long somebody may take there. Seconds.
PENDING_SECONDS = 10 * 60
LONGEST_NAME = 150

# Each costs a call of the provider, or two: nobody needs it so often.
GOING_THERE = RateLimit("log-in-elsewhere", 20)

log = structlog.get_logger("privacycenter.log_in")


def provider_of(code: str) -> Provider:
    """Raises Http404 for a log-in that is not set up."""
    if found := settings.LOG_INS_ELSEWHERE.get(code):
        return Provider(code, **found)
    raise Http404


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def go_there(request: HttpRequest, code: str) -> HttpResponse:
    """Send the browser to the provider. Only a press of our button does: a mere link logs nobody in."""
    provider = provider_of(code)
    if request.method != "POST":
        return redirect("account_login")
    try:
        spend(GOING_THERE, address_of(request))
    except TooManyCalls as refusal:
        return show_too_many(request, refusal)
    is_fresh = "fresh" in request.GET
    longest_ago = settings.ACCOUNT_REAUTHENTICATION_TIMEOUT if is_fresh else settings.SESSION_LONGEST_SECONDS
    asked, state = new_question(longest_ago=longest_ago, is_fresh=is_fresh), secrets.token_urlsafe(24)
    try:
        there = authorization_address(provider, asked, state=state, redirect_uri=redirect_uri(code))
    except (ProviderUnavailable, ProviderNotBelieved) as failure:
        return show_failure(request, provider, failure)
    remember(request, state, provider, asked)
    return redirect(there)


def redirect_uri(code: str) -> str:
    """Return the one address that is registered with the provider: ours, in the first language."""
    with speaking(settings.LANGUAGE_CODE):
        return settings.SITE_ADDRESS + reverse("log_in_elsewhere_back", args=[code])


def remember(request: HttpRequest, state: str, provider: Provider, asked: Asked) -> None:
    is_added = request.GET.get("process") == "connect" and request.user.is_authenticated
    wanted = get_next_redirect_url(request) or reverse("admin:index" if provider.code == STAFF else "overview")
    pending = dict(list(request.session.get(PENDING, {}).items())[1 - MOST_PENDING :])
    request.session[PENDING] = {
        **pending,
        state: {
            "provider": provider.code,
            "asked": asdict(asked),
            "next": wanted,
            "is_added": is_added and provider.code == COMPANY,
            "language": page_language(),
            "at": time.time(),
        },
    }


@require_safe
@never_cache
def come_back(request: HttpRequest, code: str) -> HttpResponseBase:
    """Log in whom the provider vouches for."""
    provider, begun = provider_of(code), taken(request, code)
    if begun is None:
        return show_failure(request, provider, None)
    speak(begun["language"])
    if request.GET.get("error") or "code" not in request.GET:
        messages.info(request, _("The log-in was stopped there, so nobody was logged in."))
        return redirect("account_login")
    try:
        refuse_another_issuer(request, provider)
        vouched = vouched_for(
            provider, Asked(**begun["asked"]), code=request.GET["code"], redirect_uri=redirect_uri(code)
        )
        if code == COMPANY and is_ours_alone(vouched.subject):
            raise ProviderNotBelieved("the subject is of a kind that is given here")
    except (ProviderUnavailable, ProviderNotBelieved) as failure:
        return show_failure(request, provider, failure)
    response = log_in_staff(request, vouched, begun) if code == STAFF else log_in_person(request, vouched, begun)
    note_when_proved(request, code, vouched)
    return response


def taken(request: HttpRequest, code: str) -> dict[str, Any] | None:
    """Take out what we asked under the state that came back. None: asked elsewhere, too long ago, or taken before."""
    pending = dict(request.session.get(PENDING, {}))
    begun: dict[str, Any] | None = pending.pop(request.GET.get("state", ""), None)
    if begun is None or begun["provider"] != code:
        return None
    request.session[PENDING] = pending
    return begun if time.time() - begun["at"] <= PENDING_SECONDS else None


def refuse_another_issuer(request: HttpRequest, provider: Provider) -> None:
    """Refuse an answer that names another issuer (RFC 9207)."""
    named = request.GET.get("iss", provider.issuer)
    if named.rstrip("/") != provider.issuer.rstrip("/"):
        raise ProviderNotBelieved("the answer is of another issuer")


def log_in_person(request: HttpRequest, vouched: Vouched, begun: dict[str, Any]) -> HttpResponseBase:
    # Of what the provider tells, no more is kept than is used.
    about = {"sub": vouched.subject, "name": name_in(vouched)}
    login = get_adapter(request).get_provider(request, COMPANY).sociallogin_from_response(request, {"userinfo": about})
    login.state = {
        "next": begun["next"], "process": AuthProcess.CONNECT if begun["is_added"] else AuthProcess.LOGIN,
    }  # fmt: skip
    response: HttpResponseBase = complete_social_login(request, login)
    return response


def log_in_staff(request: HttpRequest, vouched: Vouched, begun: dict[str, Any]) -> HttpResponseBase:
    roles = roles_in(vouched.claims, settings.STAFF_ROLES)
    user = admit_staff(subject=vouched.subject, name=name_in(vouched), roles=roles)
    if not roles:
        return render(request, "account/no_role.html", status=403)
    request.is_staff_log_in = True  # type: ignore[attr-defined]
    record_authentication(request, user, "socialaccount", provider=STAFF, uid=vouched.subject)
    response: HttpResponseBase = perform_login(request, user, redirect_url=begun["next"])
    return response


def name_in(vouched: Vouched) -> str:
    name = vouched.claims.get("name")
    return "".join(filter(str.isprintable, name))[:LONGEST_NAME] if isinstance(name, str) else ""


def note_when_proved(request: HttpRequest, code: str, vouched: Vouched) -> None:
    """Date the log-in by when proof was given there. Else a session kept open there for days would count as fresh."""
    records = request.session.get(AUTHENTICATION_METHODS_SESSION_KEY, [])
    if records and (records[-1]["method"], records[-1].get("provider")) == ("socialaccount", code):
        records[-1]["at"] = min(vouched.proved_at, records[-1]["at"])
        request.session.modified = True


def show_failure(
    request: HttpRequest, provider: Provider, failure: ProviderUnavailable | ProviderNotBelieved | None
) -> HttpResponse:
    """Say on a page that nobody was logged in, and why as far as it helps. The log says more, and names nobody."""
    log.warning("log_in_failed", provider=provider.code, reason=str(failure or "nothing was asked under this state"))
    status = 503 if isinstance(failure, ProviderUnavailable) else 502 if failure else 400
    context = {"is_unavailable": status == 503, "is_unknown": status == 400}
    response = render(request, "account/log_in_failed.html", context, status=status)
    response.headers["Content-Language"] = page_language()
    return response


def show_too_many(request: HttpRequest, refusal: TooManyCalls) -> HttpResponse:
    context = {"try_again": try_again(refusal)}
    response = render(request, "account/log_in_failed.html", context, status=refusal.status)
    for name, value in {**refusal.headers(), "Content-Language": page_language()}.items():
        response.headers[name] = value
    return response
