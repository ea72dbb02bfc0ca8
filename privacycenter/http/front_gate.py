"""The front gate: what no browser and no client of ours sends is refused before anything reads, guards or keeps it.

What is kept and what is guarded goes by the routed path. A request whose path, prefix or host can be read in two ways
would be guarded as one thing and kept as another, for every visitor after it.
"""

import re
from functools import cache
from urllib.parse import urlsplit

import structlog
from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponse
from django.http.request import split_domain_port

from privacycenter.errors import BadRequest
from privacycenter.http.middleware import API, Handler
from privacycenter.http.requests import refusal_response
from privacycenter.operation.metrics import count_refused
from privacycenter.operation.request_log import forget_number

# Asked by machines beside the proxy, which name the port that is listened on.
PROBES = ("/healthz", "/readyz", "/metrics")
DEFAULT_PORTS = {"http": 80, "https": 443}
# No address of ours has them, and browsers send none: a second slash makes the path a host name in links, PostgreSQL
# refuses NUL, and line breaks end headers.
STRANGE_PATH = re.compile(r"[^/]|/[/\\]|.*[\x00-\x1f\x7f]", re.DOTALL)

access_log = structlog.get_logger("privacycenter.access")


def strict_front_gate(get_response: Handler) -> Handler:
    """Refuse a malformed or ambiguous request: 400, one plain line, kept by nobody. MUST be the outermost middleware.

    Before, REMOTE_ADDR becomes the visitor's address as trusted proxies say it (``http.proxies``). Under the API the
    refusal is a problem (RFC 9457), as all are there.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        settings.TRUSTED_PROXIES.applied_to(request)
        if not (fault := fault_of(request)):
            return get_response(request)
        forget_number()
        count_refused(str(request.method))
        access_log.info("request", route="refused", method=request.method, status=400, fault=fault)
        if request.path_info.startswith(API):
            return refusal_response(request, BadRequest(fault), {"Cache-Control": "no-store"})
        headers = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
        return HttpResponse(f"{fault}\n", status=400, content_type="text/plain; charset=utf-8", headers=headers)

    return middleware


def fault_of(request: HttpRequest) -> str:
    """Return what is wrong with the request, empty if nothing is. Repeats nothing of it. No SQL."""
    # An empty prefix is not checked against the setting: the site is never mounted below one.
    if request.META.get("SCRIPT_NAME"):
        return "The site has no path prefix."
    if STRANGE_PATH.match(request.path_info):
        return "The address is malformed."
    if "," in request.META.get("HTTP_X_FORWARDED_PROTO", ""):
        return "The scheme is named twice."
    try:
        host = request.get_host()
    except DisallowedHost:
        return "This is not a host of this site."
    if not is_our_port(split_domain_port(host)[1], request):
        return "This is not a port of this site."
    return "" if is_for(request.META.get("RAW_URI", "/"), host) else "The address is that of another site."


def is_our_port(port: str, request: HttpRequest) -> bool:
    """Return whether the ``Host`` header may name this port: that of SITE_ADDRESS, or none.

    A trial run, and the probes, are also asked at the port that is listened on.
    """
    if not port or port == port_of(settings.SITE_ADDRESS):
        return True
    is_direct = settings.VISITED_DIRECTLY or request.path_info in PROBES
    return is_direct and port == request.get_port()


@cache
def port_of(address: str) -> str:
    parts = urlsplit(address)
    return str(parts.port or DEFAULT_PORTS[parts.scheme])


def is_for(target: str, host: str) -> bool:
    """Return whether a request's target in absolute form names the host that its header names (RFC 9112 3.2.2).

    ``target``: as it was sent; other forms name no host.
    """
    return target.startswith("/") or urlsplit(target).netloc.lower() == host.lower()
