"""The content security policy, the same bytes in every process."""

from functools import lru_cache

from csp.middleware import CSPMiddleware
from django.http import HttpRequest
from django.http.response import HttpResponseBase

HEADER = "Content-Security-Policy"


class SamePolicyEverywhere(CSPMiddleware):
    """The library puts the directives in an order of each process's own. ETags of public pages are made over their
    headers: after a restart, or from another machine, every page would be sent anew."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        is_own = HEADER in response.headers
        response = super().process_response(request, response)
        if not is_own and HEADER in response.headers:
            response.headers[HEADER] = in_order(response.headers[HEADER])
        return response


@lru_cache(maxsize=16)
def in_order(policy: str) -> str:
    return "; ".join(sorted(policy.split("; ")))
