"""Who may report what."""

from disclosures.models import Reporter


def reporters_by_service(code: str = "") -> dict[str, list[Reporter]]:
    """Service code → the active reporters that may speak for it, or only the one with this code. Two SQL statements."""
    active = Reporter.objects.filter(stopped_at__isnull=True).prefetch_related("services")
    found: dict[str, list[Reporter]] = {}
    for reporter in active.filter(code=code) if code else active:
        for service in reporter.services.all():
            found.setdefault(service.code, []).append(reporter)
    return found
