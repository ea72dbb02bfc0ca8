"""Actions that change the working copy, one at a time, and record who changed which entry and when."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from disclosures.models import Revision, Site
from disclosures.models.content import Reference
from disclosures.publishing.changed_entries import changes_between
from disclosures.publishing.publications import Document
from disclosures.publishing.working_copy import working_document
from privacycenter.models import User


def lock_working_copy() -> None:
    """Keep others from changing or publishing the working copy until the transaction ends.

    Whoever compares the working copy before and after a change must hold this lock, or would record another editor's
    change as their own.
    """
    list(Site.objects.select_for_update().values_list("pk"))


@transaction.atomic
def record_revision(
    *, kind: str, code: str, before: Document | None, after: Document | None, by: User | None
) -> Revision | None:
    """Record one change of one entry. None, and nothing is written, if nothing changed.

    MUST be called in the transaction of the change. ``before`` is None for a new entry, ``after`` for a deleted one.
    """
    if before == after:
        return None
    return Revision.objects.create(
        kind=kind, code=code, before=before, after=after, changed_at=timezone.now(), changed_by=by
    )


@transaction.atomic
def record_revisions(*, before: Document, after: Document, by: User | None) -> int:
    """Record every entry that differs between two states of the working copy, and return their number.

    One SQL statement.
    """
    now = timezone.now()
    made = [
        Revision(
            kind=change.kind,
            code=change.code,
            before=before.get(change.kind, {}).get(change.code),
            after=after.get(change.kind, {}).get(change.code),
            changed_at=now,
            changed_by=by,
        )
        for change in changes_between(before, after)
    ]
    Revision.objects.bulk_create(made, batch_size=200)
    return len(made)


@transaction.atomic
def retire_reference(*, row: Reference, by: User | None) -> bool:
    """Retire a row: it is no longer published or accepted; the ledger keeps it. False if it was retired already."""
    return set_retired(row, timezone.now(), by)


@transaction.atomic
def restore_reference(*, row: Reference, by: User | None) -> bool:
    """Put a retired row back into use. False if it is in use."""
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
