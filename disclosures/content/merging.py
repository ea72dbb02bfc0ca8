"""Changes of entries, put together cell by cell. Pure: documents in, documents out; none of them is changed.

A cell is one field of an entry, or one language of a text. Lists and positions are cells as a whole; the HTML of a text
follows its source. A field that is not there is a value of its own.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

# All public content, as in ``publications``: kind → code → entry. An entry is None where it does not exist.
Document = dict[str, Any]
Entry = dict[str, Any] | None
# Field and language; the language is empty for a value without languages, and for a text that is empty in all of them.
Cell = tuple[str, str]
# The cell of an entry that came or went as a whole.
WHOLE: Cell = ("", "")


class PatchEntry(NamedTuple):
    """One entry as a change found it (``base``) and as the change has it. None: it is not there."""

    kind: str
    code: str
    base: Entry
    entry: Entry


Patch = Sequence[PatchEntry]


@dataclass(frozen=True)
class Conflict:
    """One cell that was changed to two values. A value that is not there is None; for ``WHOLE`` they are entries."""

    kind: str
    code: str
    field: str
    language: str
    base: Any
    now: Any
    mine: Any

    @property
    def cell(self) -> Cell:
        return self.field, self.language


def compose(
    document: Document, patch: Iterable[PatchEntry], *, mine_wins: bool = False
) -> tuple[Document, list[Conflict]]:
    """Return the document with the changes of the patch, and the cells that both changed to different values.

    Those keep the document's value, or with ``mine_wins`` get the patch's. Costs what the patch touches.
    """
    made = {**document}
    copied: set[str] = set()
    conflicts: list[Conflict] = []
    for one in patch:
        now = made.get(one.kind, {}).get(one.code)
        entry, found = merged(one, now, mine_wins=mine_wins)
        conflicts += found
        if entry is now:
            continue
        if one.kind not in copied:
            copied.add(one.kind)
            made[one.kind] = {**made.get(one.kind, {})}
        if entry is None:
            del made[one.kind][one.code]
        else:
            made[one.kind][one.code] = entry
    return made, conflicts


def merged(one: PatchEntry, now: Entry, *, mine_wins: bool = False) -> tuple[Entry, list[Conflict]]:
    """Return an entry as it is now with the changes of a patch, and the cells that both changed to different values."""
    if now == one.base:
        # Also what no cell tells: the HTML of a text that says the same.
        return (now if one.entry == now else one.entry), []
    changed = changed_cells(one.base, one.entry)
    if not changed or now == one.entry:
        return now, []
    if now is None or one.entry is None:
        if mine_wins:
            return one.entry, []
        return now, [Conflict(one.kind, one.code, *WHOLE, one.base, now, one.entry)]
    if WHOLE in changed:
        # Both added it: what they say alike is no conflict.
        changed = changed_cells({}, one.entry)
    was, is_now, mine = (cells_of(entry) for entry in (one.base, now, one.entry))
    clashing = () if mine_wins else [
        cell for cell in sorted(changed)
        if is_now.get(cell, None) != was.get(cell, None) and is_now.get(cell, None) != mine.get(cell, None)
    ]  # fmt: skip
    conflicts = [
        Conflict(one.kind, one.code, *cell, was.get(cell), is_now.get(cell), mine.get(cell)) for cell in clashing
    ]
    return with_cells(now, one.entry, changed - {*clashing}), conflicts


def cells_of(entry: Entry) -> dict[Cell, Any]:
    """Return cell → its value. A rich text has its Markdown source."""
    found: dict[Cell, Any] = {}
    for name, value in (entry or {}).items():
        texts = texts_in(value)
        if texts:
            found |= {(name, language): text for language, text in texts.items()}
        else:
            found[name, ""] = value if texts is None else {}
    return found


def changed_cells(base: Entry, entry: Entry) -> set[Cell]:
    """Return the cells that differ; ``WHOLE`` alone for an entry that came or went."""
    if base is None or entry is None:
        return set() if base is entry else {WHOLE}
    if base == entry:
        return set()
    was, now = cells_of(base), cells_of(entry)
    return {cell for cell in was.keys() | now.keys() if cell not in was or cell not in now or was[cell] != now[cell]}


def with_cells(target: Entry, source: Entry, cells: Collection[Cell]) -> Entry:
    """Return ``target`` with these cells as ``source`` has them. ``WHOLE`` stands for all of it."""
    if WHOLE in cells:
        return source
    if not cells:
        return target
    made = {**(target or {})}
    for name in dict.fromkeys(name for name, _language in sorted(cells)):
        languages = {language for field, language in cells if field == name}
        value = with_languages(made.get(name), (source or {}).get(name), languages)
        if value is None or (value in ({}, {"source": {}, "html": {}}) and name not in (source or {})):
            made.pop(name, None)
        else:
            made[name] = value
    return made


def with_languages(target: Any, source: Any, languages: set[str]) -> Any:
    """Return one field with these of its languages as ``source`` has them. None: it is not there."""
    texts = texts_in(source if source is not None else target)
    if texts is None or texts_in(target if target is not None else source) is None:
        return source
    if is_rich(source if source is not None else target):
        sides = [({} if one is None else one) for one in (target, source)]
        return {part: chosen(sides[0].get(part, {}), sides[1].get(part, {}), languages) for part in ("source", "html")}
    return chosen(target or {}, source or {}, languages)


def chosen(target: dict[str, str], source: dict[str, str], languages: set[str]) -> dict[str, str]:
    kept = {language: text for language, text in target.items() if language not in languages or language in source}
    return kept | {language: text for language, text in source.items() if language in languages}


def texts_in(value: Any) -> dict[str, str] | None:
    """Return language → text, of a rich text its source. None for any other value."""
    if not isinstance(value, dict):
        return None
    texts: dict[str, str] = value["source"] if is_rich(value) else value
    return texts


def is_rich(value: Any) -> bool:
    return isinstance(value, dict) and isinstance(value.get("source"), dict)


def with_text(entry: Entry, field: str, language: str, text: str, html: str) -> Entry:
    """Return the entry with another text in one language; an empty one is taken out. ``html``: of a rich text."""
    value = (entry or {}).get(field) or {}
    sides = {"source": text, "html": html} if is_rich(value) else {"": text}
    made = {part: {**(value[part] if part else value), language: words} for part, words in sides.items()}
    if not text:
        made = {part: {one: words for one, words in texts.items() if one != language} for part, texts in made.items()}
    return {**(entry or {}), field: made.get("", made)}


# --- Patches ---------------------------------------------------------------------------------------------------------


def reversed_patch(patch: Iterable[PatchEntry]) -> list[PatchEntry]:
    """Return the patch that takes this one back."""
    return [PatchEntry(one.kind, one.code, one.entry, one.base) for one in patch]


def patch_between(old: Document, new: Document) -> list[PatchEntry]:
    """Return the patch that leads from one document to another."""
    found = []
    for kind in sorted(old.keys() | new.keys()):
        before, after = old.get(kind, {}), new.get(kind, {})
        for code in sorted(before.keys() | after.keys()):
            if before.get(code) != after.get(code):
                found.append(PatchEntry(kind, code, before.get(code), after.get(code)))
    return found


def rebased(one: PatchEntry, now: Entry) -> PatchEntry:
    """Return the same changes as made to the entry as it is now; the patch's value stands where both changed a cell."""
    entry, _none = merged(one, now, mine_wins=True)
    return PatchEntry(one.kind, one.code, now, entry)


def without_cells(one: PatchEntry, cells: Collection[Cell]) -> PatchEntry:
    """Return the patch without its changes of these cells."""
    return one._replace(entry=with_cells(one.base, one.entry, changed_cells(one.base, one.entry) - {*cells}))


def only_cells(one: PatchEntry, cells: Collection[Cell]) -> PatchEntry:
    """Return the patch with its changes of these cells alone."""
    return one._replace(entry=with_cells(one.base, one.entry, changed_cells(one.base, one.entry) & {*cells}))
