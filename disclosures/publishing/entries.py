"""Entries in the form of a publication's document: their names and forms, and the texts that lack a translation."""

from dataclasses import dataclass
from typing import Any, cast

from django.conf import settings
from django.db.models import Field, Model
from django.urls import reverse
from modeltrans.utils import build_localized_fieldname

from disclosures.models import Note
from disclosures.publishing.publications import Document
from disclosures.publishing.working_copy import MODELS
from privacycenter.text.languages import name_of, site_languages
from privacycenter.text.words import words_in

# Fields that hold an entry's name for readers, in order of preference.
NAMES = ("title", "term", "question")


def row_of(kind: str, code: str) -> Model | None:
    """Return the row of an entry. None if the kind or the code does not exist."""
    if kind not in MODELS:
        return None
    found = MODELS[kind]._default_manager.all()
    return found.first() if kind == "site" else found.filter(code=code).first()


def title_in(entry: Document | None, code: str) -> str:
    """Return the entry's name in the page's language, or its code."""
    for name in NAMES:
        if entry and entry.get(name):
            return words_in(entry[name]).text or code
    return str((entry or {}).get("line", code))


def edit_url(kind: str, code: str, field: str = "") -> str:
    """Return the URL that redirects to an entry's form, and to ``field`` in it (``body_en``)."""
    address = reverse("admin:edit_entry", args=[kind, code])
    return f"{address}?field={field}" if field else address


def field_name(field: str, language: str) -> str:
    """Return the form's name for a text in one language. The default text has the field's own name."""
    return str(build_localized_fieldname(field, language, ignore_default=True))


# --- Missing translations --------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class MissingText:
    """One text that lacks a translation. ``note`` is the code of a scenario's note, otherwise empty."""

    kind: str
    code: str
    title: str
    field: str
    language: str
    note: str = ""

    @property
    def kind_label(self) -> str:
        return str(MODELS[self.kind]._meta.verbose_name_plural)

    @property
    def field_label(self) -> str:
        if self.note:
            return f"{Note._meta.verbose_name}: {self.note}"
        return str(cast(Field[Any, Any], MODELS[self.kind]._meta.get_field(self.field)).verbose_name)

    @property
    def language_label(self) -> str:
        return name_of(self.language)

    @property
    def address(self) -> str:
        return edit_url(self.kind, self.code, "notes" if self.note else field_name(self.field, self.language))


def texts_of(value: Any) -> dict[str, str] | None:
    """Return language → text of a plain or a rich text. None for any other value."""
    if isinstance(value, dict):
        texts: dict[str, str] = value.get("source", value)
        return texts
    return None


def missing_texts(document: Document) -> list[MissingText]:
    """Return every default text without a translation into another site language, except in retired entries. Pure."""
    found = []
    for kind in MODELS:
        for code, entry in document.get(kind, {}).items():
            if entry.get("retired"):
                continue
            title = title_in(entry, code)
            for field, value in entry.items():
                found += [MissingText(kind, code, title, field, language) for language in missing_in(texts_of(value))]
            for note in entry.get("notes", []):
                languages = missing_in(texts_of(note["body"]))
                found += [MissingText(kind, code, title, "body", language, note["code"]) for language in languages]
    return found


def missing_in(texts: dict[str, str] | None) -> list[str]:
    """Return the site languages that a text lacks. Empty if it is not written in Japanese."""
    if not texts or not texts.get(settings.LANGUAGE_CODE):
        return []
    return [language for language in site_languages() if not texts.get(language)]


@dataclass(frozen=True)
class MissingKind:
    """The missing texts of one kind of entry, in the order of the document."""

    label: str
    texts: list[MissingText]


def missing_by_kind(missing: list[MissingText]) -> list[MissingKind]:
    """Group missing texts by kind. Pure."""
    groups: dict[str, list[MissingText]] = {}
    for text in missing:
        groups.setdefault(text.kind, []).append(text)
    return [MissingKind(texts[0].kind_label, texts) for texts in groups.values()]
