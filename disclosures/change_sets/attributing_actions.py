"""Putting what an editor changes into a change set. Called by the one place that records revisions, under its lock."""

from collections.abc import Collection, Sequence

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from disclosures.content.changed_entries import Change
from disclosures.content.merging import Cell, Document, PatchEntry, changed_cells, merged, with_cells, without_cells
from disclosures.content.open_sets import (
    Key,
    cells_to_come,
    entry_in,
    holders_of,
    open_patches,
    patch_entry,
    rows_of,
)
from disclosures.models import ChangeSet, ChangeSetEntry, ChangeSetStepKind, CurrentChangeSet, Reporter
from disclosures.publishing.closing_actions import note_step, put_entries_of
from privacycenter.models import User
from privacycenter.text.languages import speaking


def current_set(by: User | None) -> ChangeSet:
    """Return the set that an editor's changes go into, and make their own if there is none. Up to four SQL statements.

    None: the open set of commands.
    """
    if by is not None:
        chosen = CurrentChangeSet.objects.filter(editor=by).select_related("change_set__owner").first()
        if chosen and chosen.change_set.is_open:
            return chosen.change_set
    found = ChangeSet.objects.open().filter(owner=by, is_default=True).select_related("owner").first()
    if found is not None:
        return found
    name = _("Changes by %(name)s") % {"name": by} if by else _("Changes by commands")
    return open_new_set(name, by=by, is_default=True)


def reporters_set(reporter: Reporter) -> ChangeSet:
    """Return the open set of what a reporter proposed, and make one if there is none. Up to three SQL statements."""
    proposed = ChangeSet.objects.open().filter(owner=None, revisions__reporter=reporter)
    if found := proposed.order_by("pk").first():
        return found
    with speaking(settings.LANGUAGE_CODE):
        return open_new_set(_("Proposed by %(name)s") % {"name": reporter}, by=None)


def open_new_set(name: str, *, by: User | None, is_default: bool = False) -> ChangeSet:
    made = ChangeSet.objects.create(name=name[:120], owner=by, is_default=is_default, created_at=timezone.now())
    note_step(made, ChangeSetStepKind.MADE, by)
    return made


def put_into_set(
    before: Document, after: Document, changes: Sequence[Change], published: Document | None, into: ChangeSet, *,
    gives_back: bool = False,
) -> dict[Key, ChangeSet]:  # fmt: skip
    """Put the fields that differ into the set; return the set of each entry.

    An entry that is in another open set alone is changed there: it cannot be public without that set. A change and its
    reversal leave nothing. ``gives_back``: what says again what another open set says is that set's alone; otherwise
    somebody who puts a text back would publish what the other holds back. Three SQL statements, one more with
    ``gives_back``, and those of writing.
    """
    keys = {(change.kind, change.code) for change in changes}
    stored = {(row.kind, row.code): row for row in rows_of(into.entries.all(), keys)}
    elsewhere = {key for key in keys - stored.keys() if entry_in(before, key) and entry_in(published, key) is None}
    holders = holders_of(elsewhere) if elsewhere else {}
    found: dict[Key, ChangeSet] = {}
    for change_set in {into.pk: into, **{one.pk: one for one in holders.values()}}.values():
        mine = {key for key in keys if holders.get(key, into).pk == change_set.pk}
        if change_set.pk != into.pk:
            stored |= {(row.kind, row.code): row for row in rows_of(change_set.entries.all(), mine)}
        patch = [with_change(key, before, after, published, stored) for key in sorted(mine)]
        if gives_back:
            theirs = said_by_others(mine, before, after, change_set)
            patch = [without_cells(one, theirs.get((one.kind, one.code), ())) for one in patch]
        write_patch(change_set, patch, stored)
        found |= dict.fromkeys(mine, change_set)
    return found


def with_change(
    key: Key, before: Document, after: Document, published: Document | None, stored: dict[Key, ChangeSetEntry]
) -> PatchEntry:
    """Return what the set changes of an entry, with this change. The newest save of a field stands."""
    change = PatchEntry(*key, entry_in(before, key), entry_in(after, key))
    row = stored.get(key)
    base, now = (row.base, row.entry) if row else (entry_in(published, key),) * 2
    return PatchEntry(*key, base, merged(change, now, mine_wins=True)[0])


def claim_cells(key: Key, cells: Collection[Cell], entry: Document, published: Document | None, by: User) -> None:
    """Put into one's own set that these cells say what ``entry`` does, which the working copy says already.

    For who writes what another set says, too: it would not be public without the other's. MUST be called under the
    publishing lock. Up to seven SQL statements.
    """
    into = current_set(by)
    stored = {(row.kind, row.code): row for row in rows_of(into.entries.all(), [key])}
    row = stored.get(key)
    base, now = (row.base, row.entry) if row else (entry_in(published, key),) * 2
    if now is not None:
        write_patch(into, [PatchEntry(*key, base, with_cells(now, entry, cells))], stored)


def said_by_others(
    keys: Collection[Key], before: Document, after: Document, change_set: ChangeSet
) -> dict[Key, set[Cell]]:
    """Return the cells that differ and say afterwards what another open set says. One SQL statement."""
    found: dict[Key, set[Cell]] = {}
    for other in open_patches(keys):
        for one in other.patch if other.change_set.pk != change_set.pk else ():
            key = one.kind, one.code
            said = changed_cells(one.base, one.entry) - cells_to_come(one, after)
            found[key] = found.get(key, set()) | (said & changed_cells(entry_in(before, key), entry_in(after, key)))
    return found


def write_patch(change_set: ChangeSet, patch: Sequence[PatchEntry], stored: dict[Key, ChangeSetEntry]) -> None:
    """Write these entries of a set, without those that change nothing. Two SQL statements for every 500."""
    kept = [one for one in patch if changed_cells(one.base, one.entry)]
    put_entries_of(change_set, [one for one in kept if stored_as(one, stored) != one])
    keys = {(one.kind, one.code) for one in kept}
    gone = [(one.kind, one.code) for one in patch if (one.kind, one.code) in stored.keys() - keys]
    if gone:
        ChangeSetEntry.objects.filter(pk__in=[stored[key].pk for key in gone]).delete()


def stored_as(one: PatchEntry, stored: dict[Key, ChangeSetEntry]) -> PatchEntry | None:
    row = stored.get((one.kind, one.code))
    return patch_entry(row) if row else None
