"""Entries that differ between two documents. Pure: no SQL here."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from disclosures.content.moved_entries import moves_in, without_position
from disclosures.content.publications import Document
from disclosures.content.working_copy import MODELS

VERBS = {"added": _("added"), "changed": _("changed"), "moved": _("moved"), "removed": _("removed")}


@dataclass(frozen=True)
class Change:
    """One entry that differs. ``verb`` is added, changed, removed, or moved if only its place in the order differs."""

    kind: str
    code: str
    verb: str

    @property
    def kind_label(self) -> str:
        return str(MODELS[self.kind]._meta.verbose_name)

    @property
    def verb_label(self) -> str:
        return str(VERBS[self.verb])


def changes_between(old: Document, new: Document) -> list[Change]:
    """Return the entries that differ, in a stable order. Pure."""
    found = []
    for kind in sorted(old.keys() | new.keys()):
        before, after = old.get(kind, {}), new.get(kind, {})
        for code in sorted(before.keys() | after.keys()):
            if code not in before:
                found.append(Change(kind, code, "added"))
            elif code not in after:
                found.append(Change(kind, code, "removed"))
            elif before[code] != after[code]:
                found.append(Change(kind, code, "changed"))
    return found


def changes_for_readers(old: Document, new: Document) -> list[Change]:
    """Return the entries that differ for a reader. Pure.

    As ``changes_between``, without entries that have a new position in the same order. Where the order itself changed,
    the fewest entries that explain it count as moved.
    """
    moves = {kind: moves_in(kind, old.get(kind, {}), entries) for kind, entries in new.items()}
    found = []
    for change in changes_between(old, new):
        if change.verb != "changed" or is_changed(old, new, change):
            found.append(change)
        elif change.code in moves[change.kind]:
            found.append(Change(change.kind, change.code, "moved"))
    return found


def is_changed(old: Document, new: Document, change: Change) -> bool:
    """Return whether anything other than the position differs."""
    before, after = (document[change.kind][change.code] for document in (old, new))
    return without_position(before) != without_position(after)
