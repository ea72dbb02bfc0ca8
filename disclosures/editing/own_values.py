"""What a form shows of an entry that other open change sets change, too: one's own text, and theirs below it."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db import models
from django.utils.dateparse import parse_datetime

from disclosures.change_sets.queries import chosen_set
from disclosures.content.changed_entries import Change
from disclosures.content.differences import FieldDifference, entry_difference
from disclosures.content.entries import field_name
from disclosures.content.merging import (
    WHOLE,
    Cell,
    Document,
    Entry,
    PatchEntry,
    cells_of,
    changed_cells,
    merged,
    with_cells,
)
from disclosures.content.open_sets import OpenPatch, entry_in, open_patches
from disclosures.content.working_copy import KINDS, code_of
from disclosures.models import ChangeSet, Ground
from privacycenter.models import User
from privacycenter.text.languages import site_languages

# Lists that stand in rows inside the form → the prefix of their inline.
ROWS_INSIDE = {"items": "scenario_items", "notes": "notes", "exclusions": "exclusions"}


@dataclass(frozen=True)
class OtherChange:
    """What another open set changes in one field. ``languages``: of a text; empty otherwise."""

    change_set: ChangeSet
    kind: str
    code: str
    field: str
    languages: list[str]
    differences: list[FieldDifference]


@dataclass(frozen=True)
class OwnValues:
    """``shown``: form field → one's own value, where the row has another set's. ``notes``: form field → what others
    change there. ``inside``: prefix of an inline → what others change in its rows. ``only_in``: the set of another that
    alone has the entry."""

    shown: dict[str, Any] = field(default_factory=dict)
    notes: dict[str, list[OtherChange]] = field(default_factory=dict)
    inside: dict[str, list[OtherChange]] = field(default_factory=dict)
    only_in: ChangeSet | None = None


def own_values(row: models.Model, published: Document | None, mine: ChangeSet | None) -> OwnValues:
    """Return what the form of this row shows to the editor whose changes go into ``mine``. One SQL statement, or two,
    and one for each relation that another changes."""
    kind, code = KINDS[type(row)], code_of(row)
    patches = open_patches([(kind, code)])
    own = [one for found in patches if found.change_set == mine for one in found.patch]
    others = [found for found in patches if found.change_set != mine]
    public = entry_in(published, (kind, code))
    entry = merged(own[0], public, mine_wins=True)[0] if own else public
    if entry is None:
        return OwnValues(only_in=others[0].change_set if others and not own else None)
    taken = changed_cells(own[0].base, own[0].entry) if own else set()
    found = noted(entry, taken, others, published or {})
    show_own(found, row, cells_of(entry), taken | changed_by(others))
    return found


def cells_written(own: OwnValues, row: models.Model, form_fields: Iterable[str]) -> set[Cell]:
    """Return the cells of these form fields, as far as another open set changes them."""
    wanted = {name for name in form_fields if name in own.shown}
    translated = row._meta.get_field("i18n").fields  # type: ignore[union-attr]
    cells = {(name, "") for name in wanted} | {(name, one) for name in translated for one in site_languages()}
    return {cell for cell in cells if form_names({cell}) <= wanted and (cell[1] or cell[0] not in translated)}


def own_entries(kind: str, entries: Document, published: Document | None, by: User) -> Document:
    """Return entries of the working copy as this person's forms show them: where another open set changes a cell, it
    says what one's own set says, or what is public. An entry that only another set has stays. Three SQL statements."""
    mine = chosen_set(by)
    changes: dict[str, list[OpenPatch]] = {}
    for found in open_patches([(kind, code) for code in entries]):
        for one in found.patch:
            changes.setdefault(one.code, []).append(OpenPatch(found.change_set, [one]))
    made = {**entries}
    for code, patches in changes.items():
        own = [one for found in patches if found.change_set == mine for one in found.patch]
        others = [found for found in patches if found.change_set != mine]
        public = entry_in(published, (kind, code))
        entry = merged(own[0], public, mine_wins=True)[0] if own else public
        if others and entry is not None:
            made[code] = with_cells(entries[code], entry, changed_by(others) - {WHOLE})
    return made


def changed_by(others: Iterable[OpenPatch]) -> set[Cell]:
    return {cell for other in others for one in other.patch for cell in changed_cells(one.base, one.entry)}


def noted(entry: Document, taken: set[Cell], others: Iterable[OpenPatch], published: Document) -> OwnValues:
    """Return what others change, below the field or above the rows that it is about."""
    found = OwnValues()
    for other in others:
        for one in other.patch:
            changed = changed_cells(one.base, one.entry) - {WHOLE}
            for name in dict.fromkeys(name for name, _language in sorted(changed)):
                cells = {cell for cell in changed if cell[0] == name}
                note = note_of(other.change_set, one, entry, cells, published)
                if name not in ROWS_INSIDE:
                    for form_name in sorted(form_names(cells)):
                        found.notes.setdefault(form_name, []).append(note)
                elif cells - taken:
                    found.inside.setdefault(ROWS_INSIDE[name], []).append(note)
    return found


def form_names(cells: set[Cell]) -> set[str]:
    return {field_name(name, language) if language else name for name, language in cells}


def show_own(found: OwnValues, row: models.Model, mine: dict[Cell, Any], cells: set[Cell]) -> None:
    """Have the form show one's own values of these cells. When a row was retired is the row's own business."""
    for name, language in sorted(cells - {WHOLE}):
        if name in ROWS_INSIDE or name == "retired":
            continue
        value = value_for_form(row, name, mine.get((name, language)), is_text=bool(language))
        for form_name in form_names({(name, language)}):
            found.shown[form_name] = value


def note_of(change_set: ChangeSet, one: PatchEntry, entry: Entry, cells: set[Cell], published: Document) -> OtherChange:
    theirs = with_cells(entry, one.entry, cells)
    sides = [{**published, one.kind: {**published.get(one.kind, {}), one.code: side}} for side in (entry, theirs)]
    differences = entry_difference(sides[0], sides[1], Change(one.kind, one.code, "changed")).fields
    name = next(iter(cells))[0]
    languages = [language for _name, language in sorted(cells) if language]
    return OtherChange(change_set, one.kind, one.code, name, languages, differences)


def value_for_form(row: models.Model, name: str, value: Any, *, is_text: bool) -> Any:
    """Return a value of an entry as the form of its row has it."""
    if is_text:
        return value or ""
    its_field = row._meta.get_field(name)
    if isinstance(its_field, models.ManyToManyField):
        return list(related(its_field).filter(code__in=value or []))
    if isinstance(its_field, models.ForeignKey):
        return related(its_field).filter(code=value or "").values_list("pk", flat=True).first()
    if name == "ground":
        return Ground.from_code(value).value
    if isinstance(its_field, models.DateTimeField):
        return parse_datetime(value) if value else None
    if isinstance(its_field, models.BooleanField):
        return bool(value)
    if value in (None, {}):
        return its_field.get_default() if isinstance(its_field, models.Field) else ""
    return value


def related(its_field: Any) -> Any:
    return its_field.remote_field.model._default_manager.all()
