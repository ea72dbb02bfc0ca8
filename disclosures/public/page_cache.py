"""Cache of public pages: each is rendered from the newest publication once per URL, the same for everyone.

A view renders a page once per publication and URL. After that, ``published_pages_first`` answers without the view:
compressed, negotiated, with a strong ETag. To show nothing outdated, two checks remain for each visit: one small SQL
statement reads which publication is the newest, and a browser or CDN that holds the page revalidates it.
"""

import logging
from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any, overload

from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.views.decorators.http import require_safe

from disclosures.content.publications import Document, held_publication, newest_for_visitors, publication_for
from privacycenter.http.http_cache import DeliveredPage, KeptPages
from privacycenter.http.middleware import Handler, mark_public
from privacycenter.operation.metrics import count_kept_page
from privacycenter.operation.request_log import forget_number

# All pages of a publication with 500 scenarios in five languages are about 10 MB.
LARGEST_KEPT_BYTES = 32 * 1024 * 1024
# Pages with a filter set are kept apart: there are many, and who walks through them must not push out the others.
LARGEST_FILTERED_BYTES = 16 * 1024 * 1024
# Answers to searches: as many as visitors can think of, so few are kept, and nothing else is pushed out.
LARGEST_SEARCHED_BYTES = 4 * 1024 * 1024
# The query parameter that may be any text.
ANY_TEXT = "q"
# What every value that means nothing becomes. No code of an entry is like it.
UNKNOWN = "?"

logger = logging.getLogger(__name__)
View = Callable[..., HttpResponse]
# What a value of a query parameter means in a publication, for example a code of an entry; empty if nothing is chosen.
Meaning = Callable[[Document, str], str]
Parameters = Mapping[str, Meaning]
NONE: Parameters = {}

kept, kept_filtered = KeptPages(LARGEST_KEPT_BYTES), KeptPages(LARGEST_FILTERED_BYTES)
kept_searches = KeptPages(LARGEST_SEARCHED_BYTES)
# Path → the query parameters that its page depends on. Only for pages that exist, so it grows with the content alone.
_parameters: dict[str, Parameters] = {}


def forget_pages() -> None:
    """Empty the cache, as in a process that has just started."""
    kept.clear()
    kept_filtered.clear()
    kept_searches.clear()
    _parameters.clear()


# --- The view's side -------------------------------------------------------------------------------------------------


@overload
def published(view: View) -> View: ...
@overload
def published(*, parameters: Parameters) -> Callable[[View], View]: ...
def published(view: View | None = None, *, parameters: Parameters = NONE) -> View | Callable[[View], View]:
    """Pass the newest publication's ``document`` to the view; its response is cached and must be the same for everyone.

    ``parameters`` are the query parameters that the page depends on, with what a value of each means. The view sees no
    others, and of each one value, the last, as what it means: all that mean the same are one page, and one cache key.
    Only status 200 is cached, and not if the view sets ``response.keep = False``. One SQL statement.
    """

    def decorate(view: View) -> View:
        @require_safe
        @wraps(view)
        def wrapper(request: HttpRequest, **kwargs: Any) -> HttpResponse:
            publication = publication_for(request)
            if publication is None:
                return render(request, "public/nothing_published.html", status=503)
            show_only(request, declared_query(request, publication.document, parameters))
            response = view(request, document=publication.document, **kwargs)
            if response.status_code == 200:
                mark_public(response, parameters)
            return response

        return wrapper

    return decorate(view) if view else decorate


def declared_query(request: HttpRequest, document: Document, parameters: Parameters) -> str:
    """Return the part of the query string that the page depends on, in a fixed order."""
    if not parameters or not request.META.get("QUERY_STRING"):
        return ""
    query = QueryDict(mutable=True)
    for name in sorted(parameters):
        if value := parameters[name](document, request.GET.get(name, "")):
            query[name] = value
    return query.urlencode()


def code_in(kind: str) -> Meaning:
    """Return the meaning of a code: itself if the publication has an entry of this kind, else ``UNKNOWN``."""
    return lambda document, value: value if not value or value in document[kind] else UNKNOWN


def show_only(request: HttpRequest, query: str) -> None:
    # A copy: the server's own data about the request stays unchanged.
    request.META = {**request.META, "QUERY_STRING": query}
    request.GET = QueryDict(query)


# --- The middleware's side -------------------------------------------------------------------------------------------


def published_pages_first(get_response: Handler) -> Handler:
    """Answer from the cache before any other middleware runs, and cache what public views return.

    A page is stored with all headers that other middleware set, under the scheme they accepted: plain HTTP or a URL
    without its slash never gets that far, and the front gate, outside of this middleware, has refused unknown hosts.
    Therefore no other middleware may stand outside of this one, and none inside may put into a public page anything
    that differs between requests (such as a request number).
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
        # A search is seldom asked twice: pressing it harder would cost more than it saves.
        page = DeliveredPage(response, is_kept=is_kept and ANY_TEXT not in request.GET)
        if parameters is not None and is_kept:
            keep(request, parameters, page)
        return page.answer(request)

    return middleware


def keep(request: HttpRequest, parameters: Parameters, page: DeliveredPage) -> None:
    """Keep the page. What was made while nothing is published is not kept."""
    if publication := publication_for(request):
        key = key_of(request, publication, parameters)
        store_of(key).keep(key, page)
        _parameters[request.path_info] = parameters


def kept_page(request: HttpRequest) -> DeliveredPage | None:
    """Return the page if it is cached and still the newest. No SQL for a path that is not a cached page's."""
    parameters = _parameters.get(request.path_info)
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
    if publication is None:
        return None
    key = key_of(request, publication, parameters)
    return store_of(key).get(key)


def store_of(key: tuple[Any, ...]) -> KeptPages:
    """Return where the page of this key is kept: its last part is the query."""
    if any(part.startswith(f"{ANY_TEXT}=") for part in key[-1].split("&")):
        return kept_searches
    return kept_filtered if key[-1] else kept


def key_of(request: HttpRequest, publication: Any, parameters: Parameters) -> tuple[Any, ...]:
    """Return the cache key: the routed path, and the scheme, since HTTPS adds a header. Never a host: as many as a
    wildcard allows would fill the cache. No page names the host that it was asked under."""
    query = declared_query(request, publication.document, parameters)
    return publication.number, publication.sha256, request.scheme, request.path_info, query
