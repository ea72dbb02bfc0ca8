"""Writing down who at the desk looked at a person's record."""

from uuid import UUID

from django.utils import timezone

from disclosures.models import RecordAccess
from privacycenter.identifiers import uuid7
from privacycenter.models import User


def log_access(*, person: User, what: str, reason: str = "", about_id: UUID | None = None, by: User) -> RecordAccess:
    """One row for each page that was opened. ``what``: the page's name; ``reason``: in the words of who opened it, or
    ``about_id``: the row of the person's that the page is about. Never words of the interface: others read them."""
    return RecordAccess.objects.create(
        person=person,
        id=uuid7(),
        staff_id=by.pk,
        role=role_of(by),
        what=what,
        reason=reason[:500],
        about_id=about_id,
        accessed_at=timezone.now(),
    )


def role_of(user: User) -> str:
    """What this account is at the desk, as it is kept: the names of its groups, or administrator."""
    if user.is_superuser:
        return "administrator"
    return ", ".join(user.groups.order_by("name").values_list("name", flat=True))[:60] or "staff"
