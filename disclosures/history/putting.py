"""Making rows of the working copy say what entries of a document say. It locks nothing and records nothing.

What an entry leaves out gets the default of its field, as ``content.working_copy`` leaves out what says nothing.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime

from disclosures.content.entries import field_name, texts_of, title_in
from disclosures.content.parts import (
    Keys,
    listing,
    rows_among,
    standing_in_the_way,
    together,
    touched_by_deleting,
)
from disclosures.content.publications import Document
from disclosures.content.working_copy import KINDS, LISTS, MODELS, code_of, codes, entry_of, moment
from disclosures.models import DataItem, Exclusion, Ground, Note, Scenario, ScenarioItem, Section, Site
from disclosures.models.content.bases import Reference
from privacycenter.errors import InvalidValue, NamedEntry, StillInUse
from privacycenter.text.languages import other_languages

# Kind → code → what the row shall say, or None if it shall not be there.
Part = dict[str, Any]

# What refers to others comes after them.
ORDER = (
    "site", "links", "menu", "files", "data_items", "services", "countries", "terms", "synonyms", "recipients", "pages",
    "sections", "definitions", "scenarios", "questions",
)  # fmt: skip
# Kind → field that names one other entry → the kind of that.
PARENTS: dict[str, dict[str, str]] = {
    "sections": {"page": "pages", "parent": "sections"},
    "definitions": {"section": "sections"},
    "scenarios": {"section": "sections"},
    "questions": {"section": "sections"},
    "recipients": {"country": "countries"},
}
# Kind → field that lists other entries → the kind of those.
LISTED: dict[str, dict[str, str]] = {
    "pages": {"related": "links"},
    "sections": {"links": "links"},
    "scenarios": {"services": "services", "recipients": "recipients", "links": "links"},
}
BATCH = 500


def said_by(entry: Document) -> Document:
    """Return what an entry says: without the HTML that was made of it, what is empty, and what is the default."""
    said = {name: without_html(value) for name, value in entry.items()}
    return {name: value for name, value in said.items() if value and value != LISTS.get(name)}


def without_html(value: Any) -> Any:
    if isinstance(value, dict):
        return value["source"] if "source" in value else {name: without_html(one) for name, one in value.items()}
    return [without_html(one) for one in value] if isinstance(value, list) else value


# --- What entries refer to -------------------------------------------------------------------------------------------


def references_of(kind: str, entry: Document) -> Iterator[tuple[str, str, bool]]:
    """Yield (kind, code, whether a list names it) of what the entry refers to. Pure."""
    for field, target in PARENTS.get(kind, {}).items():
        if entry.get(field):
            yield target, entry[field], False
    for field, target in LISTED.get(kind, {}).items():
        yield from ((target, code, True) for code in entry.get(field, []))
    if kind == "scenarios":
        yield from (("data_items", code, True) for code in entry.get("items", []))
        for one in entry.get("exclusions", []):
            yield "services", one["service"], False
            yield "data_items", one["item"], False


def missing_references(part: Part) -> list[NamedEntry]:
    """Return what the entries refer to and would not be there once they are put, in a stable order.

    A list leaves out what is retired, so something retired is missing from a list. One SQL statement for each kind that
    is referred to.
    """
    wanted: dict[str, dict[str, bool]] = {}
    said = ((kind, entry) for kind in ORDER for entry in part.get(kind, {}).values() if entry is not None)
    for source, entry in said:
        for target, code, is_listed in references_of(source, entry):
            wanted.setdefault(target, {})[code] = wanted.get(target, {}).get(code, False) or is_listed
    return [
        NamedEntry(kind, code, is_retired=is_there.get(code) is True)
        for kind, codes_wanted in wanted.items()
        for is_there in [retired_after(kind, codes_wanted, part)]
        for code, is_listed in sorted(codes_wanted.items())
        if code not in is_there or (is_listed and is_there[code])
    ]


def retired_after(kind: str, codes_wanted: Iterable[str], part: Part) -> dict[str, bool]:
    """Return code → whether it is retired, of those of these codes that are there once the part is put."""
    model = MODELS[kind]
    is_reference = issubclass(model, Reference)
    known = model._default_manager.filter(code__in=list(codes_wanted))
    found = (
        {code: at is not None for code, at in known.values_list("code", "retired_at")}
        if is_reference
        else dict.fromkeys(known.values_list("code", flat=True), False)
    )
    for code, entry in part.get(kind, {}).items():
        if entry is not None:
            found[code] = entry.get("retired", False)
        elif is_reference and code in found:
            found[code] = True
        else:
            found.pop(code, None)
    return found


def touched_by_putting(part: Part, before: Document) -> Keys:
    """Return the entries that putting the part can change, which says ``before`` now.

    Reads the rows that go or get another place, and what lists them.
    """
    touched: Keys = {kind: set(entries) for kind, entries in part.items()}
    for kind, entries in part.items():
        now = before.get(kind, {})
        gone = [code for code, entry in entries.items() if entry is None and code in now]
        moved = [code for code, entry in entries.items() if entry and code in now and is_moved(now[code], entry)]
        if moved:
            touched = together(touched, listing(list(rows_among(kind, moved))))
        if gone:
            touched = together(touched, touched_by_deleting(list(rows_among(kind, gone))))
    return touched


def is_moved(before: Document, after: Document) -> bool:
    """Return whether, or where, the lists that name the entry show it differs."""
    return any(before.get(name) != after.get(name) for name in ("position", "retired"))


# --- Writing ---------------------------------------------------------------------------------------------------------


def write_entries(part: Part) -> None:
    """Make the rows say what the entries of the part say; what says it already is not written.

    None deletes a row, and retires one that is never deleted; the site stays. MUST be called as ``add_entries``. Raises
    StillInUse for a row that others need, InvalidValue for a value that is no longer known and for what the desk's form
    would refuse.
    """
    refuse_unknown_values(part)
    written = add_entries(part)
    for kind in reversed(ORDER):
        gone = [code for code, entry in part.get(kind, {}).items() if entry is None]
        if gone and kind != "site":
            written.setdefault(kind, []).extend(remove(kind, gone))
    refuse_what_a_form_refuses(written)


def add_entries(part: Part) -> dict[str, list[Any]]:
    """Make the rows say what the entries say, apart from those that are None. Return the rows that differed, by kind.

    A relation to something retired, which no entry tells, stays. MUST be called under ``lock_working_copy``, in a
    transaction that a refusal rolls back, and without references to what neither the part nor the working copy has.
    Some twenty SQL statements, and those of each changed relation, note and exclusion.
    """
    kinds = [kind for kind in ORDER if kind in part]
    return {
        kind: write_kind(kind, {code: entry for code, entry in part[kind].items() if entry is not None})
        for kind in kinds
    }


def write_kind(kind: str, entries: Document) -> list[Any]:
    """Write the entries of one kind, parts of a section after it. Return the rows that differed."""
    if kind == "sections":
        first = {code: entry for code, entry in entries.items() if not entry.get("parent")}
        second = {code: entry for code, entry in entries.items() if entry.get("parent")}
        return [*write_level(kind, first), *write_level(kind, second)]
    return write_level(kind, entries)


def write_level(kind: str, entries: Document) -> list[Any]:
    """Write entries of one kind that do not refer to each other."""
    found = {code_of(row): row for row in rows_among(kind, entries)} if entries else {}
    differing = {
        code: entry
        for code, entry in entries.items()
        if code not in found or said_by(entry_of(found[code])) != said_by(entry)
    }
    ids = ids_of(kind, differing)
    new, changed, columns = [], [], set[str]()
    for code, entry in differing.items():
        row: Any = found.get(code)
        is_new = row is None
        row = row or (Site(pk=1) if kind == "site" else MODELS[kind](code=code))
        altered = set_columns(row, kind, entry, ids)
        if is_new:
            new.append(row)
        elif altered:
            changed.append(row)
            columns |= altered
    MODELS[kind]._default_manager.bulk_create(new, batch_size=BATCH)
    if changed:
        MODELS[kind]._default_manager.bulk_update(changed, sorted(columns), batch_size=BATCH)
    rows = [*new, *(found[code] for code in differing if code in found)]
    for row in rows:
        relate(row, kind, differing[code_of(row)], ids)
    return rows


def ids_of(kind: str, entries: Document) -> dict[tuple[str, str], Any]:
    """Return (kind, code) → primary key of everything that the entries refer to."""
    wanted: dict[str, set[str]] = {}
    for entry in entries.values():
        for target, code, _is_listed in references_of(kind, entry):
            wanted.setdefault(target, set()).add(code)
    found: dict[tuple[str, str], Any] = {}
    for target, its_codes in wanted.items():
        known = MODELS[target]._default_manager.filter(code__in=its_codes).values_list("code", "pk")
        found |= {(target, code): pk for code, pk in known}
    return found


def set_columns(row: Any, kind: str, entry: Document, ids: dict[tuple[str, str], Any]) -> set[str]:
    """Set every column of a row from its entry; return the names of those that changed."""
    before = state_of(row)
    translated = row._meta.get_field("i18n").fields
    for field in row._meta.concrete_fields:
        if field.name in translated:
            continue
        if field.name in PARENTS.get(kind, {}):
            code = entry.get(field.name)
            setattr(row, field.attname, ids[PARENTS[kind][field.name], code] if code else None)
        elif field.name == "retired_at":
            row.retired_at = (row.retired_at or timezone.now()) if entry.get("retired") else None
        elif not field.primary_key and field.name not in ("code", "i18n"):
            setattr(row, field.name, value_of(field, entry, row))
    set_texts(row, {name: texts_of(entry.get(name)) or {} for name in translated})
    after = state_of(row)
    return {name for name in after if after[name] != before[name]}


def value_of(field: Any, entry: Document, row: Any) -> Any:
    """Return the value of a plain column. The field's default if the entry does not say it."""
    value = entry.get(field.name)
    if value is None or value == "":
        return field.get_default()
    if field.name == "ground":
        return Ground.from_code(value)
    if isinstance(field, models.DateTimeField):
        return same_moment(getattr(row, field.name), parse_datetime(value))
    return parse_date(value) if isinstance(field, models.DateField) else value


def same_moment(now: datetime | None, wanted: datetime | None) -> datetime | None:
    return now if moment(now) == moment(wanted) else wanted


def state_of(row: Any) -> dict[str, Any]:
    values = {field.name: getattr(row, field.attname) for field in row._meta.concrete_fields}
    # An emptied translation counts as a missing one.
    return {**values, "i18n": {name: text for name, text in (values["i18n"] or {}).items() if text}}


def set_texts(row: Any, texts: dict[str, dict[str, str]]) -> None:
    """Set every translated text in every language of the site; one that is left out is removed.

    A text in a language that the site no longer has stays.
    """
    translations: dict[str, str] = dict(row.i18n or {})
    for name, said in texts.items():
        setattr(row, name, said.get(settings.LANGUAGE_CODE, ""))
        for language in other_languages():
            translations.pop(field_name(name, language), None)
            if said.get(language):
                translations[field_name(name, language)] = said[language]
    row.i18n = translations


def relate(row: Any, kind: str, entry: Document, ids: dict[tuple[str, str], Any]) -> None:
    """Set what a row lists, and the rows inside it."""
    for field, target in LISTED.get(kind, {}).items():
        now, wanted = list(getattr(row, field).all()), entry.get(field, [])
        if set(wanted) not in (set(codes(now)), {one.code for one in now}):
            getattr(row, field).set([*(ids[target, code] for code in wanted), *(one.pk for one in hidden(now, wanted))])
    if kind == "scenarios":
        set_items(row, entry.get("items", []), ids)
        set_exclusions(row, entry.get("exclusions", []), ids)
        set_notes(row, entry.get("notes", []))


def hidden(rows: Iterable[Any], wanted: Sequence[str]) -> list[Any]:
    """Return the retired rows, which an entry does not tell, and which therefore stay."""
    return [row for row in rows if getattr(row, "retired_at", None) and row.code not in wanted]


def set_items(scenario: Scenario, wanted: Sequence[str], ids: dict[tuple[str, str], Any]) -> None:
    now: list[DataItem] = [through.item for through in scenario.scenario_items.all()]
    if list(wanted) in (codes(now), [item.code for item in now]):
        return
    order = [*(ids["data_items", code] for code in wanted), *(item.pk for item in hidden(now, wanted))]
    scenario.scenario_items.all().delete()
    ScenarioItem.objects.bulk_create(
        ScenarioItem(scenario=scenario, item_id=pk, position=position) for position, pk in enumerate(order, 1)
    )


def set_exclusions(scenario: Scenario, wanted: Sequence[Document], ids: dict[tuple[str, str], Any]) -> None:
    now = {(one.service_id, one.item_id): one for one in scenario.exclusions.all()}
    kept = set()
    for entry in wanted:
        key = ids["services", entry["service"]], ids["data_items", entry["item"]]
        kept.add(key)
        save_inside(now.get(key) or Exclusion(scenario=scenario, service_id=key[0], item_id=key[1]), entry, "reason")
    remove_inside(row for key, row in now.items() if key not in kept)


def set_notes(scenario: Scenario, wanted: Sequence[Document]) -> None:
    now = {note.code: note for note in scenario.notes.all()}
    order = [entry["code"] for entry in wanted]
    is_in_order = order == [code for code in now if code in order]
    for position, entry in enumerate(wanted, 1):
        note = now.get(entry["code"]) or Note(scenario=scenario, code=entry["code"])
        if not is_in_order:
            note.position = position
        save_inside(note, entry, "body", is_moved=not is_in_order)
    remove_inside(note for code, note in now.items() if code not in order)


def save_inside(row: Any, entry: Document, text: str, *, is_moved: bool = False) -> None:
    before = state_of(row)
    set_texts(row, {text: texts_of(entry.get(text)) or {}})
    if row._state.adding or is_moved or state_of(row) != before:
        row.save()


def remove_inside(rows: Iterable[Any]) -> None:
    for row in rows:
        row.delete()


# --- Removing, and what stands against it ----------------------------------------------------------------------------


def remove(kind: str, gone: Sequence[str]) -> list[Any]:
    """Delete these rows, or retire them if they are never deleted. Return the retired ones. Raises StillInUse."""
    rows = list(rows_among(kind, gone))
    if issubclass(MODELS[kind], Reference):
        retired = [row for row in rows if row.retired_at is None]
        for row in retired:
            row.retired_at = timezone.now()
        MODELS[kind]._default_manager.bulk_update(retired, ["retired_at"], batch_size=BATCH)
        return retired
    # A part of a section goes before it.
    for row in sorted(rows, key=lambda row: getattr(row, "parent_id", None) is None):
        if needed := standing_in_the_way(row):
            raise StillInUse(f"{code_of(row)}", [NamedEntry(KINDS[type(one)], code_of(one)) for one in needed])
        row.delete()
    return []


def refuse_unknown_values(part: Part) -> None:
    """Raise InvalidValue for a value that its field no longer knows."""
    for kind, entries in part.items():
        known = {"ground": {ground.code for ground in Ground}} if kind == "scenarios" else {}
        for field in MODELS[kind]._meta.concrete_fields:
            if field.choices and field.name not in known:
                known[field.name] = {value for value, _label in field.flatchoices}
        for entry in filter(None, entries.values()):
            for name, values in known.items():
                if entry.get(name) and entry[name] not in values:
                    raise InvalidValue(f"“{entry[name]}” is no longer known.", name)


def refuse_what_a_form_refuses(written: dict[str, list[Any]]) -> None:
    """Raise InvalidValue if something written contradicts itself or what is around it."""
    for rows in written.values():
        for row in rows:
            try:
                row.clean()
            except ValidationError as error:
                title = title_in(entry_of(row), code_of(row))
                field, told = next(iter(error.message_dict.items()))
                raise InvalidValue(f"{title}: {told[0]}", field) from error
    if written.get("sections"):
        refuse_torn_sections()


def refuse_torn_sections() -> None:
    """Raise StillInUse if a part of a section is on another page than the section, or is in a part itself."""
    is_torn = ~Q(page=F("parent__page")) | Q(parent__parent__isnull=False)
    torn = Section.objects.filter(is_torn, parent__isnull=False).values_list("parent__code", "code")
    if torn:
        raise StillInUse(str(torn[0][0]), [NamedEntry("sections", code) for _parent, code in torn])


# --- Comparing -------------------------------------------------------------------------------------------------------


def known_part(document: Document) -> Part:
    """Return a document without kinds that are no longer known."""
    return {kind: document[kind] for kind in ORDER if kind in document}


def whole(document: Document, now: Document) -> Part:
    """Return the part that makes the working copy ``now`` say what the document says, everywhere that it speaks.

    A kind that the document does not know stays as it is: an older publication says nothing of what came later.
    """
    return {kind: {**dict.fromkeys(now.get(kind, {})), **entries} for kind, entries in known_part(document).items()}
