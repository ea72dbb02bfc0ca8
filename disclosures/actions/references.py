"""Retiring what the ledger may name, and taking it back into use."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from disclosures.actions.revisions import lock_working_copy, record_revisions
from disclosures.models.content import Reference
from disclosures.queries.working_copy import working_document
from privacycenter.models import User


@transaction.atomic
def retire_reference(*, row: Reference, by: User | None) -> bool:
    """From now on it is not published and not accepted; the ledger keeps it. False if it was retired already."""
    return set_retired(row, timezone.now(), by)


@transaction.atomic
def restore_reference(*, row: Reference, by: User | None) -> bool:
    """Take a retired row back into use. False if it is in use."""
    return set_retired(row, None, by)


def set_retired(row: Reference, moment: datetime | None, by: User | None) -> bool:
    lock_working_copy()
    row.refresh_from_db()
    if (row.retired_at is None) is (moment is None):
        return False
    before = working_document()
    row.retired_at = moment
    row.save(update_fields=["retired_at"])
    record_revisions(before=before, after=working_document(), by=by)
    return True
