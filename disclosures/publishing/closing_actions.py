"""Ending change sets with the publication that has their changes. Each is called under the publishing lock."""

from collections.abc import Iterable
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from disclosures.content.changed_entries import changes_between
from disclosures.content.merging import Document, PatchEntry, changed_cells, rebased
from disclosures.content.open_sets import (
    OpenPatch,
    cells_to_come,
    entry_in,
    has_arrived,
    open_patches,
    patch_of,
)
from disclosures.models import ChangeSet, ChangeSetEntry, ChangeSetStep, ChangeSetStepKind, CurrentChangeSet, SetState
from disclosures.publishing.topics import SET_UNTIL, SetUntil
from privacycenter.models import User
from privacycenter.outbox.leaving import leave

# Rows that one SQL statement writes.
AT_ONCE = 500


def note_step(
    change_set: ChangeSet, kind: ChangeSetStepKind, by: User | None, note: str = "", at: datetime | None = None
) -> None:
    """Write down what happened to a set. One SQL statement."""
    ChangeSetStep.objects.create(
        change_set=change_set, kind=kind, note=note[:500], happened_at=at or timezone.now(), by=by
    )


def close_published(
    change_set: ChangeSet, patch: Iterable[PatchEntry], before: Document, *, number: int, by: User | None
) -> None:
    """End a set that was published under this number. What it holds from now on is what it changed there.

    ``patch``: what of it was published. What the set has beyond that goes on in a set of its own, open as before.
    ``before``: the document that was the newest until then.
    """
    published = {(one.kind, one.code): rebased(one, entry_in(before, (one.kind, one.code))) for one in patch}
    stored = {(row.kind, row.code): row for row in change_set.entries.all()}
    left = []
    for key, row in stored.items():
        now = published[key].entry if key in published else entry_in(before, key)
        one = PatchEntry(*key, row.base, row.entry)
        if cells_to_come(one, {key[0]: {key[1]: now}} if now is not None else {}):
            left.append(rebased(one, now))
    write_entries(change_set, [one for one in published.values() if changed_cells(one.base, one.entry)], stored)
    editors = list(CurrentChangeSet.objects.filter(change_set=change_set).values_list("editor", flat=True))
    end_set(change_set, SetState.PUBLISHED, number)
    if left:
        go_on_with(change_set, left, editors, by)
    note_step(change_set, ChangeSetStepKind.PUBLISHED, by, str(number))
    if change_set.publish_until:
        leave(SET_UNTIL, SetUntil(change_set=change_set.pk), due_at=change_set.publish_until)


def go_on_with(change_set: ChangeSet, left: list[PatchEntry], editors: list[int], by: User | None) -> None:
    """Open a set with what was written after the rest had been proposed; these editors go on in it."""
    now = timezone.now()
    name = _("%(name)s: what came after") % {"name": change_set.name}
    made = ChangeSet.objects.create(
        name=name[:120],
        owner=change_set.owner,
        is_default=change_set.is_default,
        is_aside=change_set.is_aside,
        is_embargoed=change_set.is_embargoed,
        embargo_until=change_set.embargo_until,
        created_at=now,
    )
    ChangeSetEntry.objects.bulk_create(
        (ChangeSetEntry(change_set=made, **one._asdict()) for one in left), batch_size=AT_ONCE
    )
    note_step(made, ChangeSetStepKind.MADE, by, change_set.name)
    CurrentChangeSet.objects.bulk_create(CurrentChangeSet(editor_id=editor, change_set=made) for editor in editors)


def write_entries(
    change_set: ChangeSet, wanted: Iterable[PatchEntry], stored: dict[tuple[str, str], ChangeSetEntry]
) -> None:
    """Make the rows of a set say what is wanted; those that do already are left alone."""
    patch = {(one.kind, one.code): one for one in wanted}
    gone = [row.pk for key, row in stored.items() if key not in patch]
    for start in range(0, len(gone), AT_ONCE):
        ChangeSetEntry.objects.filter(pk__in=gone[start : start + AT_ONCE]).delete()
    put_entries_of(
        change_set,
        [one for key, one in patch.items() if key not in stored or (stored[key].base, stored[key].entry) != one[2:]],
    )


def put_entries_of(change_set: ChangeSet, patch: Iterable[PatchEntry]) -> None:
    """Write these entries of a set, new ones and others. One SQL statement for every 500."""
    ChangeSetEntry.objects.bulk_create(
        [ChangeSetEntry(change_set=change_set, **one._asdict()) for one in patch],
        batch_size=AT_ONCE,
        update_conflicts=True,
        unique_fields=["change_set", "kind", "code"],
        update_fields=["base", "entry"],
    )


def end_set(change_set: ChangeSet, state: SetState, number: int | None = None) -> None:
    change_set.state, change_set.publication, change_set.ended_at = state, number, timezone.now()
    change_set.save(update_fields=["state", "publication", "ended_at"])
    CurrentChangeSet.objects.filter(change_set=change_set).delete()


def close_arrived(before: Document, after: Document, *, number: int, by: User | None, is_everything: bool) -> None:
    """End the open sets of which a publication says everything.

    ``is_everything``: it is of the whole working copy. Then a set also ends with what the working copy no longer says,
    unless another open set says something else there: that is for their owners to settle. A few SQL statements.
    """
    keys = {(change.kind, change.code) for change in changes_between(before, after)}
    if is_everything:
        candidates = open_patches()
    else:
        touched = {found.change_set.pk for found in open_patches(keys, sets=ChangeSet.objects.open())}
        candidates = [
            OpenPatch(one, patch_of(one))
            for one in ChangeSet.objects.filter(pk__in=touched).select_related("owner").order_by("pk")
        ]
    for found in candidates:
        is_over = all(has_arrived(one, after) for one in found.patch)
        if is_everything and not found.change_set.is_held_back:
            is_over = is_over or not is_contested(found, candidates, after)
        if is_over:
            close_published(found.change_set, found.patch, before, number=number, by=by)


def is_contested(found: OpenPatch, others: Iterable[OpenPatch], document: Document) -> bool:
    """Return whether another set changes a cell of this one that the document does not have as this one says."""
    missing = {(one.kind, one.code): cells_to_come(one, document) for one in found.patch}
    return any(
        missing.get((one.kind, one.code), set()) & changed_cells(one.base, one.entry)
        for other in others
        if other.change_set.pk != found.change_set.pk
        for one in other.patch
    )
