"""The keys of recipients for everybody: what a countersignature is checked with."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from disclosures.countersigning.queries import key_set
from disclosures.public.uncached import for_everyone


@require_safe
def recipient_keys(request: HttpRequest) -> HttpResponse:
    """Return /.well-known/recipient-keys.json (RFC 7517): every key that ever was registered, retired ones too."""
    return for_everyone(JsonResponse(key_set(), content_type="application/jwk-set+json"))
