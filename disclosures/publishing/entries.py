"""Entries of the working copy in the form of a publication's document, and the texts that lack a translation."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, cast

from django.conf import settings
from django.db.models import Field, Model, QuerySet
from django.urls import reverse

from disclosures.models import Definition, Link, Note, Question, Scenario, Section
from disclosures.publishing import working_copy
from disclosures.publishing.publications import Document
from disclosures.publishing.working_copy import MODELS
from privacycenter.text.words import words_in

KINDS: dict[type[Model], str] = {model: kind for kind, model in MODELS.items()}
ENTRY_OF: dict[str, Callable[[Any], Document]] = {
    "site": working_copy.site_entry,
    "pages": working_copy.page_entry,
    "sections": working_copy.section_entry,
    "definitions": working_copy.definition_entry,
    "scenarios": working_copy.scenario_entry,
    "questions": working_copy.question_entry,
    "terms": working_copy.term_entry,
    "links": working_copy.link_entry,
    "data_items": working_copy.data_item_entry,
    "services": working_copy.service_entry,
    "countries": working_copy.country_entry,
    "recipients": working_copy.recipient_entry,
}
# Fields that hold an entry's name for readers, in order of preference.
NAMES = ("title", "term", "question")


def code_of(row: Model) -> str:
    """Return the code under which the document lists this row. The site row has no code of its own: ``site``."""
    return getattr(row, "code", "site")


def rows(kind: str) -> QuerySet[Any]:
    if kind == "sections":
        return working_copy.sections()
    if kind == "scenarios":
        return working_copy.scenarios()
    return MODELS[kind]._default_manager.all()


def row_of(kind: str, code: str) -> Model | None:
    """Return the row of an entry. None if the kind or the code does not exist."""
    if kind not in MODELS:
        return None
    found = MODELS[kind]._default_manager.all()
    return found.first() if kind == "site" else found.filter(code=code).first()


def edited_together(row: Model) -> Document:
    """Return the current content of one form of the desk: the row's entry and, for a section, its definitions and
    questions.

    Empty if the row was deleted. At most nine SQL statements.
    """
    kind = KINDS[type(row)]
    now = rows(kind).filter(pk=row.pk).first()
    if now is None:
        return {}
    part: dict[str, Any] = {kind: {code_of(now): ENTRY_OF[kind](now)}}
    if isinstance(now, Section):
        for model in (Definition, Question):
            inside = model._default_manager.filter(section=now).select_related("section")
            part[KINDS[model]] = {one.code: ENTRY_OF[KINDS[model]](one) for one in inside}
    if isinstance(now, Scenario):
        # A publication has notes and items in order, but without their positions; the form shows positions, too.
        part["numbers"] = {
            "items": [[one.item.code, one.position] for one in now.scenario_items.all()],
            "notes": [[one.code, one.position] for one in now.notes.all()],
            "retired_at": now.retired_at.isoformat() if now.retired_at else "",
        }
    return part


def standing_in_the_way(row: Model) -> list[Model]:
    """Return the rows in a section, page or country that have to be moved before it can be deleted."""
    found: list[Model] = []
    for name in ("scenarios", "subsections", "sections", "recipients"):
        relation = getattr(row, name, None)
        # Sections and scenarios refer to a link but do not depend on it.
        if relation is not None and not isinstance(row, Link):
            found += relation.all()
    return found


def title_in(entry: Document | None, code: str) -> str:
    """Return the entry's name in the active language, or its code."""
    for name in NAMES:
        if entry and entry.get(name):
            return words_in(entry[name]).text or code
    return code


def edit_url(kind: str, code: str, field: str = "") -> str:
    """Return the URL that redirects to an entry's form, and to ``field`` in it (``body_en``)."""
    address = reverse("admin:edit_entry", args=[kind, code])
    return f"{address}?field={field}" if field else address


def field_name(field: str, language: str) -> str:
    """Return the form's name for a text in one language. The Japanese text has the field's own name."""
    return field if language == settings.LANGUAGE_CODE else f"{field}_{language}"


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
        return str(dict(settings.LANGUAGES)[self.language])

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
    """Return every text written in Japanese but not in another site language, except in retired entries. Pure."""
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
    return [language for language, _name in settings.LANGUAGES if not texts.get(language)]


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
