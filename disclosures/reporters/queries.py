"""Checking of a reporter's secret."""

from django.contrib.auth.hashers import check_password
from django.utils import timezone

from disclosures.models import Reporter


def accepts_secret(reporter: Reporter, secret: str) -> bool:
    """Return whether this is the reporter's secret, or a replaced one still valid. At most one SQL statement."""
    if reporter.client.check_secret(secret):
        return True
    former = reporter.former_secrets.filter(valid_until__gt=timezone.now()).values_list("secret", flat=True)
    return any(check_password(secret, one) for one in former)
