"""Changing one field of many entries: which fields can be changed so, and what each entry would say. Pure: no SQL."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models

from disclosures.content.entries import texts_of
from disclosures.content.publications import Document
from disclosures.content.working_copy import MODELS
from disclosures.history.putting import Part, said_by
from disclosures.models import Ground
from disclosures.models.content.bases import MARKDOWN_FIELDS
from privacycenter.text.addresses import fault_of_addresses
from privacycenter.text.legible import fault_of
from privacycenter.text.richtext import hidden_host_told, hidden_hosts

# The most entries that one step changes.
MOST = 5000
# What is the entry's own, or has a way of its own at the desk.
LEFT_OUT = {"code", "position", "retired_at", "i18n", "on_hold_from", "on_hold_until"}


def fields_in_bulk(kind: str) -> dict[str, models.Field[Any, Any]]:
    """Return the fields that many entries of a kind can be given at once, by name."""
    fields = MODELS[kind]._meta.concrete_fields
    return {field.name: field for field in fields if not field.primary_key and field.name not in LEFT_OUT}


def is_translated(kind: str, field: str) -> bool:
    return field in MODELS[kind]._meta.get_field("i18n").fields  # type: ignore[union-attr]


def is_text(kind: str, field: str) -> bool:
    """Return whether words in it can be replaced."""
    found = fields_in_bulk(kind)[field]
    return isinstance(found, models.CharField | models.TextField) and not found.choices


@dataclass(frozen=True)
class BulkChange:
    """One field's new value, as an entry has it; in a text, with ``find``, what takes the place of these words.

    ``language``: of a translated text.
    """

    kind: str
    field: str
    value: Any
    find: str = ""
    language: str = ""

    def part(self, entries: Document, own: Document) -> Part:
        """Return the entries that would say something else. Raises ValidationError, naming the first that cannot.

        ``own``: the entries as this person's forms show them (``own_values.own_entries``). Words are replaced in these:
        what only another's change set says would otherwise be published with one's own.
        """
        changed = {code: self.changed(entry, own[code]) for code, entry in entries.items()}
        differing = {code: entry for code, entry in changed.items() if said_by(entry) != said_by(entries[code])}
        for code, entry in differing.items():
            self.refuse(code, self.text_in(entry))
        return {self.kind: differing}

    def changed(self, entry: Document, own: Document) -> Document:
        text = self.value
        if self.find:
            was = own.get(self.field, "")
            was = (texts_of(was) or {}).get(self.language, "") if self.language else was
            text = self.in_text(was)
            if text == was:
                return entry
        if not self.language:
            return {**entry, self.field: text}
        texts = dict(texts_of(entry.get(self.field)) or {})
        texts.pop(self.language, None)
        return {**entry, self.field: {**texts, self.language: text} if text else texts}

    def in_text(self, text: str) -> str:
        return text.replace(self.find, self.value)

    def text_in(self, entry: Document) -> str | None:
        """Return the text as it would be. None for what is no text."""
        if self.language:
            return (texts_of(entry[self.field]) or {}).get(self.language, "")
        return entry[self.field] if is_text(self.kind, self.field) else None

    def refuse(self, code: str, text: str | None) -> None:
        if text is None:
            return
        field = fields_in_bulk(self.kind)[self.field]
        is_needed = not field.blank and self.language in ("", settings.LANGUAGE_CODE)
        faults = list(self.faults(field, text, is_needed=is_needed))
        if faults:
            raise ValidationError(f"{code}: {faults[0]}")

    def faults(self, field: models.Field[Any, Any], text: str, *, is_needed: bool) -> Iterable[str]:
        """Yield what the entry's form would say against the text."""
        if not text:
            if is_needed:
                yield str(field.error_messages["blank"])
            return
        try:
            field.run_validators(text)
        except ValidationError as error:
            yield from error.messages
        if fault := fault_of(text) or fault_of_addresses(text):
            yield fault
        for host in hidden_hosts(text)[:1] if self.field in MARKDOWN_FIELDS else ():
            yield hidden_host_told(host)


def as_in_entry(field: models.Field[Any, Any], value: Any) -> Any:
    """Return a form's value as an entry of a document has it."""
    if field.name == "ground":
        return Ground(int(value)).code
    if isinstance(field, models.ForeignKey):
        return value.code if value else ""
    if isinstance(value, date):
        return value.isoformat()
    return value if value is not None else ""
