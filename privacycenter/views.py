"""Pages and probes that belong to no subject."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import override
from django.views import defaults
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from privacycenter.api import api
from privacycenter.errors import InternalError, NotFound
from privacycenter.health import readiness
from privacycenter.http import refusal_response
from privacycenter.reference import reference


@require_safe
@never_cache
def healthz(request: HttpRequest) -> HttpResponse:
    """The process answers. Says nothing about what it needs."""
    return HttpResponse("ok\n", content_type="text/plain")


@require_safe
@never_cache
def readyz(request: HttpRequest) -> JsonResponse:
    """200 when this process can serve, else 503; either way which part is well."""
    parts = readiness()
    return JsonResponse(parts, status=200 if all(part["ok"] for part in parts.values()) else 503)


@require_safe
def api_docs(request: HttpRequest) -> HttpResponse:
    """The API's description for people to read. In English, like the API."""
    with override("en"):
        return render(request, "api.html", {"reference": reference(api.get_openapi_schema())})


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """The page for an address that leads nowhere; under the API a problem like any other."""
    if request.path.startswith("/api/"):
        return refusal_response(request, NotFound("Check the address."))
    return defaults.page_not_found(request, exception)


def server_error(request: HttpRequest) -> HttpResponse:
    """Something broke on our side. Needs neither database nor context."""
    if request.path.startswith("/api/"):
        return refusal_response(
            request, InternalError("Nothing is allowed. Send it again later, and tell the operator.")
        )
    return defaults.server_error(request)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The page for a form that came without its token: say what to do, nothing was saved."""
    return render(request, "403_csrf.html", status=403)
