"""Writing down who at the desk looked at a person's record."""

from django.utils import timezone

from disclosures.models import RecordAccess
from privacycenter.identifiers import uuid7
from privacycenter.models import User


def log_access(*, person: User, what: str, reason: str, by: User) -> RecordAccess:
    """One row for each page that was opened. ``what``: the page's name; ``reason``: in the words of who opened it."""
    return RecordAccess.objects.create(
        person=person,
        id=uuid7(),
        staff_id=by.pk,
        role=role_of(by),
        what=what,
        reason=reason[:500],
        accessed_at=timezone.now(),
    )


def role_of(user: User) -> str:
    """What this account is at the desk, as it is kept: the names of its groups, or administrator."""
    if user.is_superuser:
        return "administrator"
    return ", ".join(user.groups.order_by("name").values_list("name", flat=True))[:60] or "staff"
