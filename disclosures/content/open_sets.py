"""What open change sets change, and documents with and without it. Never writes."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import reduce
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from disclosures.content.merging import (
    WHOLE,
    Cell,
    Document,
    Entry,
    Patch,
    PatchEntry,
    cells_of,
    changed_cells,
    compose,
    merged,
    with_cells,
)
from disclosures.models import ChangeSet, ChangeSetEntry

# Kind and code of an entry.
Key = tuple[str, str]
# How many codes one SQL statement asks for.
MOST_CODES = 5000


@dataclass(frozen=True)
class OpenPatch:
    """What one open set changes, or a part of it."""

    change_set: ChangeSet
    patch: list[PatchEntry]


def patch_of(change_set: ChangeSet, keys: Collection[Key] | None = None) -> list[PatchEntry]:
    """Return what a set changes, or its changes of these entries. One SQL statement for every few thousand of them."""
    return [patch_entry(row) for row in rows_of(change_set.entries.all(), keys)]


def open_patches(keys: Collection[Key] | None = None, *, sets: "QuerySet[ChangeSet] | None" = None) -> list[OpenPatch]:
    """Return what open sets change of these entries, of all by default; the oldest set first.

    ``sets``: those whose changes are in the working copy by default. One SQL statement, as in ``patch_of``.
    """
    wanted = ChangeSet.objects.in_the_rows() if sets is None else sets
    found: dict[int, OpenPatch] = {}
    entries = ChangeSetEntry.objects.filter(change_set__in=wanted).select_related("change_set__owner")
    for row in rows_of(entries, keys):
        found.setdefault(row.change_set_id, OpenPatch(row.change_set, [])).patch.append(patch_entry(row))
    return [found[pk] for pk in sorted(found)]


def rows_of(entries: "QuerySet[ChangeSetEntry] | Any", keys: Collection[Key] | None) -> Iterator[ChangeSetEntry]:
    ordered = entries.order_by("change_set", "kind", "code")
    if keys is None:
        yield from ordered
        return
    for among in asked_for(keys):
        yield from ordered.filter(among)


def asked_for(keys: Collection[Key]) -> Iterator[Q]:
    """Yield the conditions under which rows are about these entries, a few thousand of them in each."""
    codes: dict[str, list[str]] = defaultdict(list)
    for kind, code in sorted(keys):
        codes[kind].append(code)
    small = Q(pk__in=[])
    for kind, listed in codes.items():
        if len(listed) < MOST_CODES:
            small |= Q(kind=kind, code__in=listed)
            continue
        for start in range(0, len(listed), MOST_CODES):
            yield Q(kind=kind, code__in=listed[start : start + MOST_CODES])
    if small != Q(pk__in=[]):
        yield small


def patch_entry(row: ChangeSetEntry) -> PatchEntry:
    return PatchEntry(row.kind, row.code, row.base, row.entry)


def keys_of(patch: Iterable[PatchEntry]) -> set[Key]:
    return {(one.kind, one.code) for one in patch}


def entry_in(document: Document | None, key: Key) -> Entry:
    entry: Entry = (document or {}).get(key[0], {}).get(key[1])
    return entry


# --- With and without ------------------------------------------------------------------------------------------------


def changes_by_entry(patches: Iterable[OpenPatch]) -> dict[Key, list[PatchEntry]]:
    """Return what these sets change of each entry, in their order. Pure."""
    found: dict[Key, list[PatchEntry]] = defaultdict(list)
    for one in (one for patch in patches for one in patch.patch):
        found[one.kind, one.code].append(one)
    return found


def as_sets_say(published: Entry, changes: Iterable[PatchEntry]) -> Entry:
    """Return an entry as it is published, with the changes of sets; of two, the younger set's value stands."""
    return reduce(lambda entry, one: merged(one, entry, mine_wins=True)[0], changes, published)


def without_embargoed(document: Document, published: Document | None) -> Document:
    """Return the working copy without what is under embargo: there it is as published, or as another set says.

    One SQL statement if nothing is, two otherwise.
    """
    held = open_patches(sets=ChangeSet.objects.in_the_rows().under_embargo(timezone.now()))
    if not held:
        return document
    cells: dict[Key, set[Cell]] = defaultdict(set)
    for found in held:
        for one in found.patch:
            cells[one.kind, one.code] |= changed_cells(one.base, one.entry)
    others = changes_by_entry(found for found in open_patches(cells) if not found.change_set.is_held_back)
    replaced = []
    for key, changed in cells.items():
        now, otherwise = entry_in(document, key), as_sets_say(entry_in(published, key), others.get(key, ()))
        replaced.append(PatchEntry(*key, now, without_cells_of(now, otherwise, changed)))
    return compose(document, replaced)[0]


def without_cells_of(now: Entry, otherwise: Entry, changed: set[Cell]) -> Entry:
    """Return an entry of the working copy with these cells as they are without the sets that changed them."""
    if WHOLE in changed or now is None or otherwise is None:
        return otherwise
    return with_cells(now, otherwise, changed)


def unexplained(document: Document, published: Document | None, patches: Iterable[OpenPatch]) -> list[PatchEntry]:
    """Return what differs from what is published without any of these sets changing it. Pure."""
    claimed: dict[Key, set[Cell]] = defaultdict(set)
    for found in patches:
        for one in found.patch:
            claimed[one.kind, one.code] |= changed_cells(one.base, one.entry)
    result = []
    for kind in sorted(document.keys() | (published or {}).keys()):
        before, after = (published or {}).get(kind, {}), document.get(kind, {})
        for code in sorted(before.keys() | after.keys()):
            was, now = before.get(code), after.get(code)
            if was is None and now.get("retired"):
                # It was never public, and stays only because it cannot be deleted.
                continue
            left = changed_cells(was, now) - claimed[kind, code] if was != now else set()
            if left and WHOLE not in claimed[kind, code]:
                result.append(PatchEntry(kind, code, was, with_cells(was, now, left)))
    return result


def has_arrived(one: PatchEntry, document: Document) -> bool:
    """Return whether a document says what the patch says, in every cell that it changes. Pure."""
    return not cells_to_come(one, document)


def cells_to_come(one: PatchEntry, document: Document) -> set[Cell]:
    """Return the cells in which a document does not say what the patch says. Pure."""
    now = entry_in(document, (one.kind, one.code))
    changed = changed_cells(one.base, one.entry)
    if WHOLE in changed:
        return changed if changed_cells(now, one.entry) else set()
    was, says = cells_of(now), cells_of(one.entry)
    return {cell for cell in changed if was.get(cell) != says.get(cell)}


def holders_of(keys: Collection[Key]) -> dict[Key, ChangeSet]:
    """Return the open set in which each of these entries was added, as far as one was. One SQL statement."""
    found: dict[Key, ChangeSet] = {}
    entries = ChangeSetEntry.objects.filter(change_set__in=ChangeSet.objects.open(), base__isnull=True)
    for row in rows_of(entries.select_related("change_set__owner"), keys):
        found.setdefault((row.kind, row.code), row.change_set)
    return found


def stored_patch(patch: Patch) -> list[list[Any]]:
    """Return a patch as a proposal stores it."""
    return [list(one) for one in patch]


def read_patch(stored: list[list[Any]]) -> list[PatchEntry]:
    return [PatchEntry(*one) for one in stored]
