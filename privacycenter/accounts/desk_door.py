"""Before the desk opens: a session begun as staff, and in production proof beyond a password."""

from allauth.account.authentication import get_authentication_records
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import REDIRECT_FIELD_NAME, logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from privacycenter.accounts.sessions import IS_STAFF
from privacycenter.accounts.ways_elsewhere import STAFF, ways_elsewhere


def opens_desk(request: HttpRequest) -> bool:
    """Return whether this session may come to the desk, roles aside. No SQL statement."""
    return bool(request.session.get(IS_STAFF)) and (not settings.DESK_NEEDS_SECOND_FACTOR or is_strong(request))


def is_strong(request: HttpRequest) -> bool:
    """Return whether this session was begun, or confirmed since, by the staff log-in, a passkey or a one-time code."""
    return any(
        record["method"] == "mfa" or (record["method"], record.get("provider")) == ("socialaccount", STAFF)
        for record in get_authentication_records(request, request.user)
    )


def at_the_door(request: HttpRequest, wanted: str) -> HttpResponse:
    """Lead a member of staff, for whom the desk is closed in this session, to what opens it."""
    if not request.session.get(IS_STAFF):
        logout(request)
        messages.info(request, _("Your role at the desk counts from your next log-in. Please log in again."))
        return redirect(f"{reverse('account_login')}?{urlencode({REDIRECT_FIELD_NAME: wanted})}")
    factors = set(Authenticator.objects.filter(user_id=request.user.pk).values_list("type", flat=True))
    back = urlencode({REDIRECT_FIELD_NAME: wanted})
    context = {
        "has_passkey": Authenticator.Type.WEBAUTHN in factors,
        "has_code": bool(factors & {Authenticator.Type.TOTP, Authenticator.Type.RECOVERY_CODES}),
        "has_factor": bool(factors),
        # allauth lets nobody add a factor while an address waits for its proof.
        "is_address_proved": not EmailAddress.objects.filter(user_id=request.user.pk, verified=False).exists(),
        "back": f"?{back}",
        "ways": [one for one in ways_elsewhere(wanted) if one.code == STAFF],
    }
    return render(request, "account/second_factor.html", context, status=403)
