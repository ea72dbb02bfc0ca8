"""Actions that change the working copy, one at a time, and record who changed which entry and when."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from disclosures.models import Revision, Site
from disclosures.models.content import Reference
from disclosures.publishing.changed_entries import changes_between
from disclosures.publishing.parts import Keys, listing, own, part_of, together
from disclosures.publishing.publications import Document
from privacycenter.models import User


def lock_working_copy() -> None:
    """Keep others from changing or publishing the working copy until the transaction ends.

    Whoever compares the working copy before and after a change must hold this lock, or would record another editor's
    change as their own.
    """
    list(Site.objects.select_for_update().values_list("pk"))


@contextmanager
def written_down(touched: Keys, *, by: User | None) -> Iterator[None]:
    """Record a revision of each entry that the block changes.

    MUST be entered under ``lock_working_copy``. ``touched`` are the entries that the block may change.
    """
    before = part_of(touched)
    yield
    record_revisions(before=before, after=part_of(touched), by=by)


@transaction.atomic
def record_revisions(*, before: Document, after: Document, by: User | None) -> int:
    """Record every entry that differs between two states of the working copy, or of a part of it; return their number.

    MUST be called in the transaction of the change: by the newest revision's number, ``publishing.held_copy`` knows
    whether what it holds is current. One SQL statement.
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
    with written_down(together(own([row]), listing([row])), by=by):
        row.retired_at = moment
        row.save(update_fields=["retired_at"])
    return True
