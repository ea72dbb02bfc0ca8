"""Who may report what."""

from django.contrib.auth.hashers import check_password
from django.utils import timezone

from disclosures.models import Reporter


def reporters_by_service(code: str = "") -> dict[str, list[Reporter]]:
    """Service code → the active reporters that may speak for it, or only the one with this code. Two SQL statements."""
    active = Reporter.objects.filter(stopped_at__isnull=True).prefetch_related("services")
    found: dict[str, list[Reporter]] = {}
    for reporter in active.filter(code=code) if code else active:
        for service in reporter.services.all():
            found.setdefault(service.code, []).append(reporter)
    return found


def accepts_secret(reporter: Reporter, secret: str) -> bool:
    """Whether this is the reporter's secret, or one that was replaced and still holds. One SQL statement at most."""
    if reporter.client.check_secret(secret):
        return True
    former = reporter.former_secrets.filter(valid_until__gt=timezone.now()).values_list("secret", flat=True)
    return any(check_password(secret, one) for one in former)
