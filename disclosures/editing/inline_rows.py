"""Concurrent edits of a form's inline rows: the data sent is updated to the rows that exist now."""

from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.forms.formsets import DEFAULT_MAX_NUM, DELETION_FIELD_NAME, INITIAL_FORM_COUNT, TOTAL_FORM_COUNT
from django.http import QueryDict

from disclosures.content.entries import NAMES, field_name
from disclosures.content.publications import Document
from disclosures.content.working_copy import codes
from disclosures.editing.choosing import rows_by_value
from disclosures.models import ScenarioItem
from privacycenter.text.joining import in_one_line
from privacycenter.text.languages import page_language

# Data of one submitted form: field → value.
Sent = dict[str, str]
LARGEST = 10**9


def as_sent(value: Any) -> str:
    """Return the value as stripped text with LF line ends, since browsers send CRLF."""
    return str(value or "").replace("\r\n", "\n").strip()


@dataclass(frozen=True)
class RemovedRow:
    """A row that this editor had open and that was deleted. ``texts`` holds (label, text) of this editor's form."""

    title: str
    texts: list[tuple[str, str]]


@dataclass(frozen=True)
class RowsMeanwhile:
    """What happened to the rows of one inline while the form was open.

    ``now`` is the saved list, if the form has a different one. ``is_taken``: this editor did not change the list, so
    the form got the saved one. ``added`` rows were put into the form, ``removed`` rows were taken out.
    """

    now: str = ""
    is_taken: bool = False
    added: list[str] = field(default_factory=list)
    removed: list[RemovedRow] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.now or self.added or self.removed)


def rebased(formset: Any, data: QueryDict, opened: Document | None) -> tuple[QueryDict, RowsMeanwhile]:
    """Return the data sent for this formset as if its form had been opened on the current rows, and what that changed.

    ``formset`` is unbound and has the current rows. Deleted rows leave the form, new rows enter it, and rows that this
    editor added stay. ``opened`` is the entry as it was when the form was opened, None if unknown.
    """
    prefix, now = formset.prefix, {str(form.instance.pk): form for form in formset.initial_forms}
    key = formset.model._meta.pk.name
    was, new = sent_forms(prefix, data)
    known = {sent.get(key, ""): sent for sent in was}
    gone = [sent for pk, sent in known.items() if pk not in now]
    if formset.model is ScenarioItem:
        added_by_other = {form.instance.item_id for pk, form in now.items() if pk not in known}
        items = rows_by_value(formset.empty_form.fields["item"], (sent.get("item", "") for sent in [*was, *new]))
        known, meanwhile = items_rebased(formset, known, new, gone, opened, items)
        new = [sent for sent in new if key_of(items.get(sent.get("item", ""))) not in added_by_other]
    else:
        added = [str(form.instance) for pk, form in now.items() if pk not in known]
        meanwhile = RowsMeanwhile(added=added, removed=[removed_row(formset, sent) for sent in gone])
    kept = [known.get(pk) or {**values_of(form), key: pk} for pk, form in now.items()]
    return with_forms(prefix, data, kept, new), meanwhile


def items_rebased(
    formset: Any,
    known: dict[str, Sent],
    new: list[Sent],
    gone: list[Sent],
    opened: Document | None,
    items: dict[str, Any],
) -> tuple[dict[str, Sent], RowsMeanwhile]:
    """Treat a scenario's items as one list.

    An editor who did not change the list gets the saved one; an editor who did is told what the saved one is.
    ``items``: what was sent for an item → the item.
    """
    rows = [form.instance for form in formset.initial_forms]
    there = [items[sent["item"]] for sent in in_order([*known.values(), *new]) if sent["item"] in items]
    mine, theirs = codes(there), codes(row.item for row in rows)
    was = (opened or {}).get("items")
    if theirs in (mine, was):
        return known, RowsMeanwhile()
    told = in_one_line(str(row.item) for row in rows) or "—"
    if mine == was:
        return {}, RowsMeanwhile(now=told, is_taken=True)
    held = {row.item_id for row in rows}
    there = [items[sent["item"]] for sent in gone if sent.get("item") in items]
    lost = [item for item in there if item.pk not in held]
    return known, RowsMeanwhile(now=told, removed=[RemovedRow(str(item), []) for item in lost])


def key_of(row: Any) -> Any:
    return row.pk if row else None


def in_order(sent: list[Sent]) -> list[Sent]:
    """Return the forms that name an item and are not marked for deletion, by position.

    Those without a position come last.
    """
    there = [one for one in sent if one.get("item") and DELETION_FIELD_NAME not in one]
    return sorted(there, key=lambda one: number_in(one.get("position", ""), default=LARGEST))


def removed_row(formset: Any, sent: Sent) -> RemovedRow:
    """Return what the editor's form had for a row that was deleted."""
    texts = {
        name: as_sent(sent.get(name))
        for name, its_field in formset.empty_form.fields.items()
        if isinstance(its_field.widget, (forms.TextInput, forms.Textarea)) and name != "code"
    }
    names = [texts.get(field_name(name, page_language())) or texts.get(name) for name in NAMES]
    labels = [(str(formset.empty_form.fields[name].label), text) for name, text in texts.items() if text]
    fallbacks = (sent.get("code", ""), *(text for _label, text in labels), "")
    return RemovedRow(next(filter(None, (*names, *fallbacks)), ""), labels)


def sent_forms(prefix: str, data: QueryDict) -> tuple[list[Sent], list[Sent]]:
    """Return the forms of rows that existed when the page was opened, and those that this editor added."""
    total, initial = (number_in(data.get(f"{prefix}-{name}", "")) for name in (TOTAL_FORM_COUNT, INITIAL_FORM_COUNT))
    found: list[Sent] = [{} for _index in range(min(total, DEFAULT_MAX_NUM))]
    for key, value in data.items():
        place, _dash, name = key.removeprefix(f"{prefix}-").partition("-")
        index = number_in(place, default=LARGEST)
        if key.startswith(f"{prefix}-") and name and index < len(found):
            found[index][name] = str(value)
    return found[:initial], found[initial:]


def number_in(text: Any, default: int = 0) -> int:
    return int(text) if str(text).isdecimal() and len(text) < 9 else default


def values_of(form: forms.ModelForm[Any]) -> Sent:
    """Return what the form would send if nobody changed it."""
    values = {name: form[name].value() for name, its_field in form.fields.items() if not its_field.disabled}
    return {name: "" if value is None else str(value) for name, value in values.items() if name != DELETION_FIELD_NAME}


def with_forms(prefix: str, data: QueryDict, kept: list[Sent], new: list[Sent]) -> QueryDict:
    made = data.copy()
    for name in data:
        if name.startswith(f"{prefix}-") and name.removeprefix(f"{prefix}-").partition("-")[0].isdecimal():
            del made[name]
    for index, sent in enumerate([*kept, *new]):
        for name, value in sent.items():
            made[f"{prefix}-{index}-{name}"] = value
    made[f"{prefix}-{INITIAL_FORM_COUNT}"] = str(len(kept))
    made[f"{prefix}-{TOTAL_FORM_COUNT}"] = str(len(kept) + len(new))
    return made


def as_new(formset: Any, data: QueryDict) -> QueryDict:
    """Return the data sent for a formset whose entry was deleted, as forms of new rows."""
    was, new = sent_forms(formset.prefix, data)
    nobodys = {formset.model._meta.pk.name: "", formset.fk.name: ""}
    staying = [{**sent, **nobodys} for sent in [*was, *new] if DELETION_FIELD_NAME not in sent]
    return with_forms(formset.prefix, data, [], staying)
