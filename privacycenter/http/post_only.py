"""Addresses that only take forms: whoever comes there without one, or after the log-in ran out, is led to a page."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

View = Callable[..., HttpResponseBase]


def posted_from(page: str, *parts: str) -> Callable[[View], View]:
    """For a view that takes a person's form and nothing else. ``page``: the name of the page that carries the form;
    ``parts``: which parts of the view's address that page has too.

    Whoever asks for the address is led to that page, and so is after logging in whoever sent the form without being
    logged in: what was sent then is not kept, and nothing counts as answered. What the view shows itself, such as a
    form with errors, names that page as its own address in another language.
    """

    def decorate(view: View) -> View:
        @require_http_methods(["GET", "HEAD", "POST"])
        @wraps(view)
        def wrapper(request: HttpRequest, **values: Any) -> HttpResponseBase:
            address = reverse(page, kwargs={name: values[name] for name in parts})
            if request.method != "POST":
                return redirect(address)
            if not request.user.is_authenticated:
                return ask_again(request, address)
            request.shown_path = address  # type: ignore[attr-defined]
            return view(request, **values)

        return wrapper

    return decorate


def ask_again(request: HttpRequest, address: str) -> HttpResponse:
    messages.warning(
        request,
        _("You were no longer logged in, so nothing was saved and nothing was answered. Log in, then try again."),
    )
    return redirect_to_login(address)
