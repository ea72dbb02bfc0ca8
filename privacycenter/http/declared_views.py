"""What each page of the desk says about itself: whether it shows a person. The desk takes none that does not say it."""

from collections.abc import Callable
from typing import Any, TypeVar

from django.contrib.admin import AdminSite, ModelAdmin
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpResponseBase
from django.views.generic import RedirectView

View = Callable[..., HttpResponseBase]
V = TypeVar("V", bound=View)

NOBODY, SOMEBODY = "nobody", "somebody"


def shows_nobody(view: V) -> V:
    """Say that a page of the desk names no person. Staff who did something at the desk may be named."""
    view.shows = NOBODY  # type: ignore[attr-defined]
    return view


def whom_it_shows(view: Any) -> str:
    """Return whom a view of the desk shows. Raises ImproperlyConfigured for one that does not say it.

    Django's own views of the site name nobody, nor do redirects, which a model's admin makes at each request. Others
    of a model are its admin's, whose ``shows`` says it for all.
    """
    owner = getattr(view, "__self__", None)
    declared = getattr(view, "shows", None) or getattr(owner, "shows", None)
    is_djangos = isinstance(owner, AdminSite) and view.__name__ in vars(AdminSite)
    is_djangos |= getattr(view, "view_class", None) is RedirectView
    if not declared and not is_djangos:
        name = f"{type(owner).__name__}.{view.__name__}" if isinstance(owner, ModelAdmin) else view.__qualname__
        raise ImproperlyConfigured(f"{name} does not say whom it shows: see privacycenter/http/declared_views.py")
    return declared or NOBODY
