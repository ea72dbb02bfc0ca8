"""Pages and probes that belong to no subject."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.crypto import constant_time_compare
from django.views import defaults
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4

from privacycenter.api.api_reference import reference
from privacycenter.api.wiring import api
from privacycenter.errors import InternalError, NotFound
from privacycenter.http.middleware import mark_public
from privacycenter.http.requests import refusal_response
from privacycenter.operation.health import readiness
from privacycenter.operation.metrics import exposition
from privacycenter.text.languages import speaking_english


@require_safe
@never_cache
def healthz(request: HttpRequest) -> HttpResponse:
    """Answer that the process runs. Says nothing about its dependencies."""
    return HttpResponse("ok\n", content_type="text/plain")


@require_safe
@never_cache
def readyz(request: HttpRequest) -> JsonResponse:
    """Return 200 if this process can serve, else 503; either way with the state of each part."""
    parts = readiness()
    return JsonResponse(parts, status=200 if all(part["ok"] for part in parts.values()) else 503)


@require_safe
def api_docs(request: HttpRequest) -> HttpResponse:
    """Show the API's description, the same for everyone. In English, like the API."""
    with speaking_english():
        response = render(request, "api.html", {"reference": reference(api.get_openapi_schema())})
    mark_public(response, parameters={})
    return response


@require_safe
@never_cache
def metrics(request: HttpRequest) -> HttpResponse:
    """Return metrics in Prometheus's text format, or 404 without the token."""
    if not may_scrape(request):
        raise Http404
    return HttpResponse(exposition(), content_type=CONTENT_TYPE_PLAIN_0_0_4)


def may_scrape(request: HttpRequest) -> bool:
    """Return whether the request carries ``METRICS_TOKEN``. Without one set, a trial run answers its own machine."""
    if settings.METRICS_TOKEN:
        return constant_time_compare(request.headers.get("Authorization", ""), f"Bearer {settings.METRICS_TOKEN}")
    return settings.METRICS_FOR_LOOPBACK and request.META.get("REMOTE_ADDR") in ("127.0.0.1", "::1")


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Show the page for an unknown URL; under the API a problem.

    It is the same for every address: what is not there in one language is not there in another either, so the links to
    the languages lead to their home pages.
    """
    if request.path_info.startswith("/api/"):
        return refusal_response(request, NotFound("Check the address."))
    request.shown_path = reverse("home")  # type: ignore[attr-defined]
    return defaults.page_not_found(request, exception)


def server_error(request: HttpRequest) -> HttpResponse:
    """Show the page for an unexpected error; under the API a problem. Uses neither database nor context."""
    if request.path_info.startswith("/api/"):
        return refusal_response(
            request, InternalError("Nothing is allowed. Send it again later, and tell the operator.")
        )
    return defaults.server_error(request)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Show the page for a form that came without its token: nothing was saved, and what to do."""
    return render(request, "403_csrf.html", status=403)
