"""Pages and probes that belong to no subject."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views import defaults
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from privacycenter.health import readiness
from privacycenter.http import problem, problem_response


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


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """The page for an address that leads nowhere; under the API a problem like any other."""
    if request.path.startswith("/api/"):
        return problem_response(problem(name="not-found", title="There is no such thing here.", status=404))
    return defaults.page_not_found(request, exception)


def server_error(request: HttpRequest) -> HttpResponse:
    """Something broke on our side. Needs neither database nor context."""
    if request.path.startswith("/api/"):
        return problem_response(problem(name="internal-error", title="Something went wrong on our side.", status=500))
    return defaults.server_error(request)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The page for a form that came without its token: say what to do, nothing was saved."""
    return render(request, "403_csrf.html", status=403)
