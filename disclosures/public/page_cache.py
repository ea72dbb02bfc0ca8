"""Cache of public pages: each is rendered from the newest publication once per URL, the same for everyone.

A view renders a page once per publication and URL. After that, ``published_pages_first`` answers without the view:
compressed, negotiated, with a strong ETag. To show nothing outdated, two checks remain for each visit: one small SQL
statement reads which publication is the newest, and a browser or CDN that holds the page revalidates it.
"""

import logging
from collections.abc import Callable
from functools import wraps
from typing import Any, overload

from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.views.decorators.http import require_safe

from disclosures.publishing.publications import held_publication, newest_for_visitors, publication_for
from privacycenter.http.http_cache import DeliveredPage, KeptPages
from privacycenter.http.middleware import Handler, mark_public
from privacycenter.operation.metrics import count_kept_page
from privacycenter.operation.request_log import forget_number

# Every cache may store a page but must revalidate it each time (a 304 sends no body): `s-maxage` or
# `stale-while-revalidate` would let a CDN show the former text after a publication. Operators may set that at the CDN.
CACHE_CONTROL = "public, max-age=0, must-revalidate"
# All pages of a publication with 500 scenarios in five languages are about 10 MB; the rest is for filters and searches.
LARGEST_KEPT_BYTES = 32 * 1024 * 1024
# Per parameter: longer values are cut and further ones ignored, both for the key and for the view.
LONGEST_VALUE, MOST_VALUES = 60, 10

logger = logging.getLogger(__name__)
View = Callable[..., HttpResponse]

kept = KeptPages(LARGEST_KEPT_BYTES)
# Path → the query parameters that its page depends on. Only for pages that exist, so it grows with the content alone.
_parameters: dict[str, tuple[str, ...]] = {}


def forget_pages() -> None:
    """Empty the cache, as in a process that has just started."""
    kept.clear()
    _parameters.clear()


# --- The view's side -------------------------------------------------------------------------------------------------


@overload
def published(view: View) -> View: ...
@overload
def published(*, parameters: tuple[str, ...]) -> Callable[[View], View]: ...
def published(view: View | None = None, *, parameters: tuple[str, ...] = ()) -> View | Callable[[View], View]:
    """Pass the newest publication's ``document`` to the view; its response is cached and must be the same for everyone.

    ``parameters`` are the query parameters that the page depends on. The view sees no others, and of these at most
    ``MOST_VALUES`` values of ``LONGEST_VALUE`` characters, so that the cache key covers everything the page depends on.
    Only status 200 is cached, and not if the view sets ``response.keep = False``. One SQL statement.
    """

    def decorate(view: View) -> View:
        @require_safe
        @wraps(view)
        def wrapper(request: HttpRequest, **kwargs: Any) -> HttpResponse:
            publication = publication_for(request)
            if publication is None:
                return render(request, "public/nothing_published.html", status=503)
            show_only(request, parameters)
            response = view(request, document=publication.document, **kwargs)
            if response.status_code == 200:
                response.headers["Cache-Control"] = CACHE_CONTROL
                response.parameters = parameters  # type: ignore[attr-defined]
                mark_public(response)
            return response

        return wrapper

    return decorate(view) if view else decorate


def declared_query(request: HttpRequest, parameters: tuple[str, ...]) -> str:
    """Return the part of the query string that the page depends on, in a fixed order."""
    if not parameters or not request.META.get("QUERY_STRING"):
        return ""
    query = QueryDict(mutable=True)
    for name in sorted(parameters):
        if values := request.GET.getlist(name):
            query.setlist(name, [value[:LONGEST_VALUE] for value in values[:MOST_VALUES]])
    return query.urlencode()


def show_only(request: HttpRequest, parameters: tuple[str, ...]) -> None:
    query = declared_query(request, parameters)
    # A copy: the server's own data about the request stays unchanged.
    request.META = {**request.META, "QUERY_STRING": query}
    request.GET = QueryDict(query)


# --- The middleware's side -------------------------------------------------------------------------------------------


def published_pages_first(get_response: Handler) -> Handler:
    """Answer from the cache before any other middleware runs, and cache what public views return.

    A page is stored with all headers that other middleware set, under the host and scheme they accepted: an unknown
    host, plain HTTP or a URL without its slash never gets that far. Therefore this middleware comes first, and no other
    may put into a public page anything that differs between requests (such as a request number).
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        found = kept_page(request)
        if found is not None:
            answer = found.answer(request)
            count_kept_page(str(request.method), answer.status_code)
            return answer
        response = get_response(request)
        if not getattr(response, "is_public", False) or response.status_code != 200:
            return response
        parameters = getattr(response, "parameters", None)
        is_kept = parameters is not None and getattr(response, "keep", True) and not settings.DEBUG
        page = DeliveredPage(response, is_kept=is_kept)
        if parameters is not None and is_kept:
            kept.keep(key_of(request, publication_for(request), parameters), page)
            _parameters[request.path] = parameters
        return page.answer(request)

    return middleware


def kept_page(request: HttpRequest) -> DeliveredPage | None:
    """Return the page if it is cached and still the newest. No SQL for a path that is not a cached page's."""
    parameters = _parameters.get(request.path)
    if parameters is None or request.method not in ("GET", "HEAD"):
        return None
    try:
        publication = newest_for_visitors()
        request.publication = publication  # type: ignore[attr-defined]
    except DatabaseError:
        # What was public a moment ago still is: nothing can be published without the database.
        publication = held_publication()
        forget_number()
        logger.exception("Which publication is the newest could not be asked; the one last seen is shown.")
    return kept.get(key_of(request, publication, parameters)) if publication else None


def key_of(request: HttpRequest, publication: Any, parameters: tuple[str, ...]) -> tuple[Any, ...]:
    """Return the cache key. Host and scheme are part of it because a page may contain its own absolute URL."""
    host = request.META.get("HTTP_HOST", "")
    return (
        publication.number, publication.sha256, request.scheme, host, request.path,
        declared_query(request, parameters),
    )  # fmt: skip
