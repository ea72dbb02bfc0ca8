"""allauth's pages that ask for a passkey, with challenges that are bound to their page (``ceremonies``)."""

from typing import Any

from allauth.mfa.base.views import AuthenticateView
from allauth.mfa.webauthn.views import AddWebAuthnView, LoginWebAuthnView, ReauthenticateWebAuthnView
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect

from privacycenter.errors import TooManyCalls
from privacycenter.rate_limits.limits import RateLimit, spend
from privacycenter.rate_limits.visitors import address_of, try_again
from privacycenter.second_factors.ceremonies import Purpose, bind_challenge

# Challenges and answers. Nothing can be guessed here, so this bounds the work alone, and an address that visitors share
# has a multiple.
LOG_INS = RateLimit("passkey-log-in", 60)


class LogIn(LoginWebAuthnView):
    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            spend(LOG_INS, address_of(request))
        except TooManyCalls as refusal:
            return too_many(request, refusal)
        response: HttpResponseBase = super().dispatch(request, *args, **kwargs)
        return response

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response: HttpResponse = super().get(request, *args, **kwargs)
        bind_challenge(request, Purpose.LOG_IN, None)
        return response


class SecondFactor(AuthenticateView):
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        bind_challenge(self.request, Purpose.SECOND_FACTOR, self.stage.login.user)
        return context


class Reauthenticate(ReauthenticateWebAuthnView):
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        bind_challenge(self.request, Purpose.REAUTHENTICATE, self.request.user)
        return context


class AddPasskey(AddWebAuthnView):
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        bind_challenge(self.request, Purpose.ADD, self.request.user)
        return context


def too_many(request: HttpRequest, refusal: TooManyCalls) -> HttpResponse:
    """Tell the page's script by the status, and a person on the page of the log-in."""
    if request.method != "POST":
        return HttpResponse(status=refusal.status, headers=refusal.headers())
    messages.error(request, try_again(refusal))
    return redirect("account_login")
