"""Checking of a reporter's secret, and of what it may do when it is not there to show a token."""

from django.contrib.auth.hashers import check_password
from django.utils import timezone

from disclosures.models import Reporter
from privacycenter.errors import InsufficientScope, ReporterPaused, Unauthorized


def accepts_secret(reporter: Reporter, secret: str) -> bool:
    """Return whether this is the reporter's secret, or a replaced one still valid. At most one SQL statement."""
    if reporter.client.check_secret(secret):
        return True
    former = reporter.former_secrets.filter(valid_until__gt=timezone.now()).values_list("secret", flat=True)
    return any(check_password(secret, one) for one in former)


def reporter_that_may(scope: str, *, reporter: int) -> Reporter:
    """Return the reporter with this key if it may do now what the scope is for, as it would be asked of a token.

    For what is done in its name by the worker or from a queue. Raises Unauthorized if it was stopped, InsufficientScope
    if it does not have the scope any more, ReporterPaused while an officer paused it. One SQL statement.
    """
    found = Reporter.objects.select_related("client").get(pk=reporter)
    if found.stopped_at:
        raise Unauthorized("The reporter was stopped.")
    if scope not in found.client.get_scopes():
        raise InsufficientScope(f"The reporter does not have the scope “{scope}”.")
    if found.paused_at:
        raise ReporterPaused
    return found
