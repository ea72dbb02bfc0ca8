"""Texts to translate into one language: what is missing, what is older than its Japanese text, and what is there."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from django.conf import settings
from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from disclosures.content.differences import FieldDifference, word_parts
from disclosures.content.entries import title_in
from disclosures.content.publications import Document
from disclosures.content.texts import Place, Text, texts_in
from disclosures.writing.older_translations import Older
from privacycenter.canonical import sha256_of


class State(TextChoices):
    """How a translation stands. The values are also in the files for translators."""

    MISSING = "missing", _("missing")
    OLDER = "older", _("older than the Japanese")
    CURRENT = "current", _("up to date")


class Wanted(TextChoices):
    """Which of them a list or a file has."""

    OPEN = "open", _("missing or older than the Japanese")
    MISSING = State.MISSING.value, _("missing")
    OLDER = State.OLDER.value, _("older than the Japanese")
    ALL = "all", _("all")

    @property
    def states(self) -> set[State]:
        if self in (Wanted.OPEN, Wanted.ALL):
            return {State.MISSING, State.OLDER} | ({State.CURRENT} if self is Wanted.ALL else set())
        return {State(self.value)}


@dataclass(frozen=True)
class Unit:
    """One text in one language. ``page`` is the code of the page that it is on, empty for none or several.

    ``source_then`` and ``changed_at`` are set for what is older: the Japanese that was translated, and when it changed.
    """

    text: Text
    language: str
    state: State
    page: str
    source_then: str = ""
    changed_at: datetime | None = None

    @property
    def id(self) -> str:
        return str(self.text.place)

    @property
    def place(self) -> Place:
        return self.text.place

    @property
    def source(self) -> str:
        return self.text.source

    @property
    def target(self) -> str:
        """The translation as it is; empty if it is missing."""
        return self.text.words.get(self.language, "")

    @cached_property
    def target_sha256(self) -> str:
        return sha256_of(self.target)

    @property
    def address(self) -> str:
        return self.place.address(self.language)

    @property
    def difference(self) -> FieldDifference:
        """How the Japanese changed since it was translated."""
        return FieldDifference(
            self.place.column, "", settings.LANGUAGE_CODE, word_parts(self.source_then, self.text.source)
        )


def units(document: Document, language: str, older: Older) -> Iterator[Unit]:
    """Yield every text that is written in Japanese, in the order of the document. Pure."""
    for text in texts_in(document):
        if not text.source:
            continue
        row = older.get((text.place, language))
        page = page_of(document, text)
        if not text.words.get(language):
            yield Unit(text, language, State.MISSING, page)
        elif row:
            yield Unit(text, language, State.OLDER, page, row.source_then, row.changed_at)
        else:
            yield Unit(text, language, State.CURRENT, page)


def selected(found: Iterable[Unit], *, wanted: Wanted, kind: str = "", on_page: str = "") -> list[Unit]:
    """Return those that stand as wanted, of one kind and on one page if these are given."""
    states = wanted.states
    return [
        unit for unit in found if unit.state in states and kind in ("", unit.place.kind) and on_page in ("", unit.page)
    ]


def page_of(document: Document, text: Text) -> str:
    if text.place.kind == "pages":
        return text.place.code
    section = text.entry if text.place.kind == "sections" else document["sections"].get(text.entry.get("section", ""))
    return str(section["page"]) if section else ""


def where(document: Document, unit: Unit) -> str:
    """Return in words where a text stands, for a translator: page, entry, field."""
    page = document["pages"].get(unit.page)
    names = [title_in(page, unit.page) if page else "", unit.place.kind_label, unit.text.title, unit.place.field_label]
    return " › ".join(filter(None, names))
