"""URLs that accept only a form. Other visits, and forms sent after the log-in ended, are redirected to a page."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

View = Callable[..., HttpResponseBase]


def posted_from(page: str, *parts: str) -> Callable[[View], View]:
    """Decorate a view that accepts only a person's form. ``page``: the name of the page that has the form.

    ``parts``: those keyword arguments of the view's URL that the page's URL has too. GET redirects to that page, and so
    does a form sent without being logged in, after logging in: its content is not kept, and nothing counts as answered.
    That this is so is said at the log-in (``kept_forms.middleware``).
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
                return redirect_to_login(address)
            request.shown_path = address  # type: ignore[attr-defined]
            return view(request, **values)

        return wrapper

    return decorate
