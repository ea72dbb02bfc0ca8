"""Whether a reporter is who it says."""

from django.contrib.auth.hashers import check_password
from django.utils import timezone

from disclosures.models import Reporter


def accepts_secret(reporter: Reporter, secret: str) -> bool:
    """Whether this is the reporter's secret, or one that was replaced and still holds. One SQL statement at most."""
    if reporter.client.check_secret(secret):
        return True
    former = reporter.former_secrets.filter(valid_until__gt=timezone.now()).values_list("secret", flat=True)
    return any(check_password(secret, one) for one in former)
