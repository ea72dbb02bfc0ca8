"""What all public views share: the newest publication, rendered once per address, the same for everyone.

A page is made by its view once for each publication and address, then answered by ``published_pages_first`` without
the view: compressed, negotiated, with a strong ETag. Two things happen for each visit all the same, so that nothing old
is shown: one small SQL statement asks which publication is the newest, and a browser or CDN that holds the page asks
whether it still holds the right one.
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

# Every cache may keep it but has to ask again each time (and 304 sends no page): `s-maxage` or `stale-while-revalidate`
# would let a CDN show the former text after a publication. An operator who wants that says so at the CDN.
CACHE_CONTROL = "public, max-age=0, must-revalidate"
# All pages of a publication with 500 scenarios in five languages are about 10 MB; the rest is for filters and searches.
LARGEST_KEPT_BYTES = 32 * 1024 * 1024
# Of one parameter: longer values are cut, further ones ignored, for the key and for the view alike.
LONGEST_VALUE, MOST_VALUES = 60, 10

logger = logging.getLogger(__name__)
View = Callable[..., HttpResponse]

kept = KeptPages(LARGEST_KEPT_BYTES)
# Address → the parameters that its page depends on. Only of pages that exist, so it grows with the content alone.
_parameters: dict[str, tuple[str, ...]] = {}


def forget_pages() -> None:
    """As in a process that has just started."""
    kept.clear()
    _parameters.clear()


# --- The view's side -------------------------------------------------------------------------------------------------


@overload
def published(view: View) -> View: ...
@overload
def published(*, parameters: tuple[str, ...]) -> Callable[[View], View]: ...
def published(view: View | None = None, *, parameters: tuple[str, ...] = ()) -> View | Callable[[View], View]:
    """Give the view the newest publication's ``document``; its answer is kept and is the same for everyone.

    ``parameters``: the query parameters that the page depends on. The view sees no others, and of these at most
    ``MOST_VALUES`` values of ``LONGEST_VALUE`` characters, so that what is kept under an address is what it shows.
    Only 200 is kept, and not if the view sets ``response.keep = False``. One SQL statement.
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
    """The part of the query that counts, always in the same order."""
    if not parameters or not request.META.get("QUERY_STRING"):
        return ""
    query = QueryDict(mutable=True)
    for name in sorted(parameters):
        if values := request.GET.getlist(name):
            query.setlist(name, [value[:LONGEST_VALUE] for value in values[:MOST_VALUES]])
    return query.urlencode()


def show_only(request: HttpRequest, parameters: tuple[str, ...]) -> None:
    query = declared_query(request, parameters)
    # A copy: the server's own view of the request stays as it came.
    request.META = {**request.META, "QUERY_STRING": query}
    request.GET = QueryDict(query)


# --- Before everything else ------------------------------------------------------------------------------------------


def published_pages_first(get_response: Handler) -> Handler:
    """Answer a page that is kept before any other middleware works; keep what a public view answered.

    A page is kept with all its headers as the other middleware left them, under the host and scheme that they accepted:
    an unknown host, plain HTTP or an address without its slash never gets that far. So this one stands first, and no
    other may put into a public page what differs from request to request (such as a request's number).
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
    """The page if it is kept and still the newest. No SQL for an address that is not a public page's."""
    parameters = _parameters.get(request.path)
    if parameters is None or request.method not in ("GET", "HEAD"):
        return None
    try:
        publication = newest_for_visitors()
        request.publication = publication  # type: ignore[attr-defined]
    except DatabaseError:
        # What was public a moment ago still is; nothing can be published without the database.
        publication = held_publication()
        forget_number()
        logger.exception("Which publication is the newest could not be asked; the one last seen is shown.")
    return kept.get(key_of(request, publication, parameters)) if publication else None


def key_of(request: HttpRequest, publication: Any, parameters: tuple[str, ...]) -> tuple[Any, ...]:
    """Host and scheme count because a page may name its own full address."""
    host = request.META.get("HTTP_HOST", "")
    return (
        publication.number, publication.sha256, request.scheme, host, request.path,
        declared_query(request, parameters),
    )  # fmt: skip
