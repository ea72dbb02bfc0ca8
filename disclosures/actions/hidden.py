"""Keeping a recipient off the overview, and showing it again. The record itself stays as it is."""

from django.db import transaction
from django.utils import timezone

from disclosures.models import HiddenRecipient, Recipient
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
