"""Actions that change the working copy, one at a time, and record who changed which entry and when."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from disclosures.change_sets.attributing_actions import current_set, put_into_set, reporters_set
from disclosures.content.changed_entries import Change, changes_between
from disclosures.content.parts import Keys, listing, own, part_of, together
from disclosures.content.publications import Document, newest_document
from disclosures.content.source_changes import source_changes
from disclosures.models import ChangeSet, Reporter, Revision, SearchText, Site
from disclosures.models.content.bases import Reference
from disclosures.writing.search_texts import search_text
from disclosures.writing.source_change_actions import note_source_changes
from privacycenter.models import User

ROWS_AT_ONCE = 200


def lock_working_copy() -> None:
    """Keep others from changing or publishing the working copy until the transaction ends.

    Whoever compares the working copy before and after a change must hold this lock, or would record another editor's
    change as their own.
    """
    list(Site.objects.select_for_update().values_list("pk"))


class Own:
    """The set that is current for whoever changes something."""


OWN = Own()
# Where a change goes: a set, the editor's own, or None where it only follows what is published or taken out.
Into = ChangeSet | Own | None


@contextmanager
def written_down(touched: Keys, *, into: Into = OWN, by: User | None) -> Iterator[None]:
    """Record a revision of each entry that the block changes.

    MUST be entered under ``lock_working_copy``. ``touched`` are the entries that the block may change.
    """
    before = part_of(touched)
    yield
    record_revisions(before=before, after=part_of(touched), into=into, by=by)


@transaction.atomic
def record_revisions(
    *, before: Document, after: Document, into: Into = OWN, gives_back: bool = False, by: User | None,
    reporter: Reporter | None = None,
) -> int:  # fmt: skip
    """Record every entry that differs between two states of the working copy, or of a part of it; return their number.

    What differs goes into a change set, field by field. ``reporter``: the one that proposed the change, which nobody of
    the staff made; ``gives_back``: as in ``put_into_set``. MUST be called in the transaction of the change: by the
    newest revision's number, ``content.held_copy`` knows whether what it holds is current. What the desk's search
    compares follows, and which translations are older than their text from now on. Two SQL statements, one for each
    kind of which entries went, at most three for the translations, and about seven for the set; none if nothing
    differs.
    """
    changes = changes_between(before, after)
    if not changes:
        return 0
    sets: dict[tuple[str, str], ChangeSet] = {}
    if into is not None:
        change_set = own_set(by, reporter) if isinstance(into, Own) else into
        sets = put_into_set(before, after, changes, newest_document(), change_set, gives_back=gives_back)
    now = timezone.now()
    made = [
        Revision(
            kind=change.kind,
            code=change.code,
            before=before.get(change.kind, {}).get(change.code),
            after=after.get(change.kind, {}).get(change.code),
            changed_at=now,
            changed_by=by,
            change_set=sets.get((change.kind, change.code)),
            reporter=reporter,
        )
        for change in changes
    ]
    Revision.objects.bulk_create(made, batch_size=ROWS_AT_ONCE)
    keep_search_texts(changes, after)
    note_source_changes(source_changes(before, after, changes), now)
    return len(made)


def own_set(by: User | None, reporter: Reporter | None) -> ChangeSet:
    return reporters_set(reporter) if reporter else current_set(by)


def keep_search_texts(changes: Sequence[Change], after: Document) -> None:
    """Write anew what is compared of the entries that changed, and forget those that went."""
    gone: dict[str, list[str]] = {}
    for change in changes:
        if change.verb == "removed":
            gone.setdefault(change.kind, []).append(change.code)
    for kind, codes in gone.items():
        SearchText.objects.filter(kind=kind, code__in=codes).delete()
    there = [search_text(one.kind, one.code, after[one.kind][one.code]) for one in changes if one.verb != "removed"]
    SearchText.objects.bulk_create(
        there,
        batch_size=ROWS_AT_ONCE,
        update_conflicts=True,
        unique_fields=["kind", "code"],
        update_fields=["titles", "text"],
    )


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
