"""How a browser becomes a made-up person of a sandbox."""

from django.contrib.auth import login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from consents.sandbox.queries import person_of, refuse_outside
from privacycenter.errors import NotFound

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def log_in(request: HttpRequest, token: str) -> HttpResponse:
    """Show whom the link is for; its button logs in. A programme that only looks at the link changes nothing."""
    try:
        refuse_outside()
    except NotFound:
        raise Http404 from None
    person = person_of(token)
    if person is None:
        return render(request, "sandbox/log_in.html", {"person": None}, status=404)
    if request.method == "POST":
        login(request, person, backend=BACKEND)
        return redirect("overview")
    return render(request, "sandbox/log_in.html", {"person": person})
