"""URLs that accept only a form. Other visits, and forms sent after the log-in ended, are redirected to a page."""

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
    """Decorate a view that accepts only a person's form. ``page``: the name of the page that has the form.

    ``parts``: those keyword arguments of the view's URL that the page's URL has too. GET redirects to that page, and so
    does a form sent without being logged in, after logging in: its content is not kept, and nothing counts as answered.
    If the view renders a page itself, such as a form with errors, the language switch leads to ``page``.
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
        _("You were logged out, so nothing was saved and no answer was recorded. Log in and try again."),
    )
    return redirect_to_login(address)
