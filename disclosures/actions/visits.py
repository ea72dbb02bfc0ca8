"""Remembering when a person last came to their record, so that it can say what is new."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from privacycenter.models import User


@transaction.atomic
def begin_visit(*, by: User) -> datetime | None:
    """Write down that a visit begins now. Returns when the one before began; None for the first visit."""
    person = User.objects.lock(by.pk)
    before, person.visited_at = person.visited_at, timezone.now()
    person.save(update_fields=["visited_at"])
    return before
