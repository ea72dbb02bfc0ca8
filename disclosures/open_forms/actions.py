"""Noting who has a form open. It is told to others and keeps nobody from anything."""

from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from disclosures.models import OpenForm
from privacycenter.models import User

# After the last sign of the page's script; after the opening, of a page without one.
OPEN_FOR, OPEN_WITHOUT_SIGNS = timedelta(minutes=2), timedelta(minutes=10)


def note_open_form(*, id: UUID, form: str, by: User, has_signs: bool) -> None:
    """Note that a form is open. ``has_signs``: its page will say again that it is. At most two SQL statements, each
    good by itself."""
    now = timezone.now()
    until = now + (OPEN_FOR if has_signs else OPEN_WITHOUT_SIGNS)
    if has_signs and OpenForm.objects.filter(pk=id, staff=by).update(until=until, has_signs=True):
        return
    opened = OpenForm(id=id, staff=by, form=form, opened_at=now, has_signs=has_signs, until=until)
    OpenForm.objects.bulk_create([opened], ignore_conflicts=True)


@transaction.atomic
def forget_open_form(*, id: UUID, form: str, by: User) -> None:
    """Note that a form was left or saved, and with it former visits of the same person to it that gave no sign.

    One SQL statement.
    """
    OpenForm.objects.filter(Q(pk=id) | Q(form=form, has_signs=False), staff=by).delete()
