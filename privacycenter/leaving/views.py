"""Leaving quickly: for people whom somebody in their household must not see here."""

from urllib.parse import urlsplit

from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from privacycenter.http.requests import PersonRequest
from privacycenter.leaving.actions import choose_exit
from privacycenter.leaving.forms import ExitForm
from privacycenter.text.languages import interface_language


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def quick_exit(request: HttpRequest) -> HttpResponse:
    """End the session and show the address that the person chose, else the home page.

    Works for anybody, even if the session has just expired. The browser's cache is cleared, so that its back button
    leads to the log-in.
    """
    address = getattr(request.user, "exit_address", "")
    if request.method != "POST":
        return redirect("home")
    logout(request)
    response = on_to(request, address) if address else redirect("home")
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response


def on_to(request: HttpRequest, address: str) -> HttpResponse:
    """Return a page that leads to the address at once: a form of ours may not be redirected to another site."""
    context = {"address": address, "host": urlsplit(address).hostname, "language": interface_language()}
    return render(request, "account/left.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
def exit_settings(request: PersonRequest) -> HttpResponse:
    form = ExitForm(request.POST or None, initial={"address": request.user.exit_address})
    if request.method == "POST" and form.is_valid():
        choose_exit(address=form.cleaned_data["address"], by=request.user)
        messages.success(request, _("Saved."))
        return redirect("exit_settings")
    context = {"form": form, "view_section": "my", "my_section": "settings"}
    return render(request, "account/exit_settings.html", context, status=422 if form.errors else 200)
