"""Keeping a recipient off the overview, and showing it again. The record itself stays as it is."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from disclosures.models import HiddenRecipient, Recipient, RecordAccess
from privacycenter.identifiers import uuid7
from privacycenter.models import User


@transaction.atomic
def hide_recipient(*, recipient: Recipient, by: User) -> None:
    """Once hidden, it stays hidden: doing it again changes nothing."""
    User.objects.lock(by.pk)
    if not by.hidden_recipients.filter(recipient=recipient).exists():
        HiddenRecipient.objects.create(person=by, id=uuid7(), recipient=recipient, hidden_at=timezone.now())


@transaction.atomic
def show_recipient(*, recipient: Recipient, by: User) -> None:
    """Undo ``hide_recipient``. Nothing happens if it was not hidden."""
    by.hidden_recipients.filter(recipient=recipient).delete()


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


@transaction.atomic
def begin_visit(*, by: User) -> datetime | None:
    """Write down that a visit begins now. Returns when the one before began; None for the first visit."""
    person = User.objects.lock(by.pk)
    before, person.visited_at = person.visited_at, timezone.now()
    person.save(update_fields=["visited_at"])
    return before
