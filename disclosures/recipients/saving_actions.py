"""Saving many recipients at once, with a revision of each entry that this changes."""

from collections.abc import Sequence

from django.db import transaction
from django.db.models import Max

from disclosures.content.parts import listing, part_of
from disclosures.content.publications import Document
from disclosures.content.working_copy import entry_of
from disclosures.models import Recipient, Reporter
from disclosures.writing.actions import ROWS_AT_ONCE, record_revisions
from privacycenter.models import User

# What never changes of a row.
FIXED = ("id", "code", "proposed_by")


@transaction.atomic
def save_recipients(
    *,
    new: Sequence[Recipient],
    changed: Sequence[Recipient],
    before: Document,
    by: User | None,
    reporter: Reporter | None = None,
) -> None:
    """Write these rows, new ones with a position of 0 after all others, and record what that changes.

    MUST be called under ``lock_working_copy``. ``before``: code → the entry of each changed row as it was. The
    situations that list a row which is retired, used again or moved are recorded, too. A number of SQL statements that
    grows with every 200 rows.
    """
    place_last(new)
    listed = listing([row for row in changed if is_moved(before[row.code], row)])
    situations = part_of(listed)
    Recipient.objects.bulk_create(new, batch_size=ROWS_AT_ONCE)
    Recipient.objects.bulk_create(
        [copy_of(row) for row in changed],
        batch_size=ROWS_AT_ONCE,
        update_conflicts=True,
        unique_fields=["code"],
        update_fields=[field.name for field in Recipient._meta.local_fields if field.name not in FIXED],
    )
    after = {row.code: entry_of(row) for row in (*new, *changed)}
    record_revisions(
        before={"recipients": before, **situations},
        after={"recipients": after, **part_of(listed)},
        by=by,
        reporter=reporter,
    )


def place_last(new: Sequence[Recipient]) -> None:
    """Give those without a position the ones after the last of all. One SQL statement."""
    last: int = Recipient.objects.aggregate(last=Max("position"))["last"] or 0
    last = max(last, *(row.position for row in new), 0)
    for number, row in enumerate((row for row in new if not row.position), last + 1):
        row.position = number


def is_moved(before: Document, row: Recipient) -> bool:
    return (before["position"], before["retired"]) != (row.position, row.retired_at is not None)


def copy_of(row: Recipient) -> Recipient:
    """Return the row without its number: it is found by its code."""
    values = {
        field.attname: getattr(row, field.attname) for field in Recipient._meta.local_fields if field.name != "id"
    }
    return Recipient(**values)
