"""Which entries of a pack can go out of the working copy again. Pure: no SQL."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from disclosures.content.publications import Document
from disclosures.history.putting import LISTED, PARENTS, Part, references_of, said_by
from disclosures.packs.entries import entries_of
from disclosures.packs.schema import Pack

# What is never deleted, because records may name it. What names others comes first.
NEVER_DELETED = ("scenarios", "recipients", "services", "data_items")
# Kind and code of an entry.
Key = tuple[str, str]


@dataclass(frozen=True)
class Unloading:
    """``part``: what goes, as for ``put_entries``. ``edited``: what stays because it says something else by now, and
    ``needed``: what stays because that, or content of one's own, refers to it."""

    part: Part
    edited: list[Key] = field(default_factory=list)
    needed: list[Key] = field(default_factory=list)

    @property
    def count(self) -> int:
        return sum(len(entries) for entries in self.part.values())


def unloading(pack: Pack, now: Document, *, with_edited: bool, leaves_rows: bool) -> Unloading:
    """Return what of the pack goes. The site's own words never do: they are answered anew (``adopting``).

    ``leaves_rows``: what is never deleted is retired, and goes on needing what it stands in.
    """
    said = entries_of(pack, now)
    known = {(kind, code) for kind in said if kind != "site" for code in said[kind] if is_there(now, kind, code)}
    edited = set() if with_edited else {key for key in known if differs(said, now, key)}
    going, needed = known - edited, set[Key]()
    # What stays keeps what it refers to, and that what it refers to in turn.
    while held := {key for key in referred_to(now, going, leaves_rows=leaves_rows) if key in going}:
        going -= held
        needed |= held
    part: Part = {}
    for kind, code in sorted(going):
        part.setdefault(kind, {})[code] = None
    return Unloading(part, sorted(edited), sorted(needed))


def is_there(now: Document, kind: str, code: str) -> bool:
    return code in now.get(kind, {}) and not now[kind][code].get("retired")


def differs(said: Document, now: Document, key: Key) -> bool:
    kind, code = key
    ours, theirs = (comparable(kind, said_by(one[kind][code])) for one in (said, now))
    return ours != theirs


def comparable(kind: str, entry: Document) -> Document:
    """Return what the entry says, whatever its place in a list: lists are in the order of what they name."""
    return {
        name: sorted(value) if name in LISTED.get(kind, {}) else value
        for name, value in entry.items()
        if name != "position"
    }


def referred_to(now: Document, going: set[Key], *, leaves_rows: bool) -> Iterator[Key]:
    """Yield what the entries that stay refer to; of those that are retired, what they stand in."""
    for kind, entries in now.items():
        for code, entry in entries.items():
            is_retired = entry.get("retired", False) or (kind, code) in going
            if is_retired and not (leaves_rows and kind in NEVER_DELETED):
                continue
            for parent, target in PARENTS.get(kind, {}).items() if is_retired else ():
                yield target, entry[parent]
            for target, found, _is_listed in () if is_retired else references_of(kind, entry):
                yield target, found
