"""The texts of a document, each with its place and in every language it is written in. Pure: no SQL."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any, cast

from django.conf import settings
from django.db.models import Field, Model

from disclosures.content.entries import edit_url, field_name, texts_of, title_in
from disclosures.content.publications import Document
from disclosures.content.working_copy import MODELS
from disclosures.models import Exclusion, Note
from disclosures.models.content.bases import MARKDOWN_FIELDS
from privacycenter.canonical import sha256_of
from privacycenter.text.languages import site_languages


@dataclass(frozen=True)
class Place:
    """Where a text stands: a field of an entry.

    ``inside`` is the code of a scenario's note (then ``field`` is ``notes``), or the codes of service and item of an
    exclusion (``exclusions``); else empty.
    """

    kind: str
    code: str
    field: str
    inside: str = ""

    def __str__(self) -> str:
        """The name by which files and forms know it. Codes have no stroke, so no two places have one name."""
        return "/".join(filter(None, (self.kind, self.code, self.field, self.inside)))

    @property
    def model(self) -> type[Model]:
        """The model whose row holds the text."""
        return {"notes": Note, "exclusions": Exclusion}.get(self.field, MODELS[self.kind])

    @property
    def column(self) -> str:
        """The field of that model."""
        return {"notes": "body", "exclusions": "reason"}.get(self.field, self.field)

    @property
    def is_markdown(self) -> bool:
        return self.column in MARKDOWN_FIELDS

    @property
    def kind_label(self) -> str:
        return str(MODELS[self.kind]._meta.verbose_name)

    @property
    def field_label(self) -> str:
        if self.inside:
            return f"{self.model._meta.verbose_name}: {self.inside}"
        return str(cast(Field[Any, Any], self.model._meta.get_field(self.column)).verbose_name)

    def address(self, language: str) -> str:
        """Return the URL that leads to the text in its entry's form."""
        return edit_url(self.kind, self.code, self.field if self.inside else field_name(self.field, language), language)


@dataclass(frozen=True)
class Text:
    """One text: language → words, without empty ones. ``entry`` is the entry that it is part of."""

    place: Place
    words: dict[str, str]
    entry: Document

    @property
    def source(self) -> str:
        """The Japanese text, of which all others are translations. May be empty."""
        return self.words.get(settings.LANGUAGE_CODE, "")

    @cached_property
    def source_sha256(self) -> str:
        return sha256_of(self.source)

    @property
    def title(self) -> str:
        """Name of the entry, in the page's language."""
        return title_in(self.entry, self.place.code)

    def missing(self) -> list[str]:
        """Return the site languages that it lacks. Empty if it is not written in Japanese."""
        return [language for language in site_languages() if not self.words.get(language)] if self.source else []


def texts_of_entry(kind: str, code: str, entry: Document) -> Iterator[Text]:
    """Yield the texts of one entry, in its order; also those that are empty in every language."""
    for field, value in entry.items():
        if (words := texts_of(value)) is not None:
            yield Text(Place(kind, code, field), words, entry)
    for note in entry.get("notes", ()):
        yield Text(Place(kind, code, "notes", note["code"]), texts_of(note["body"]) or {}, entry)
    for one in entry.get("exclusions", ()):
        yield Text(Place(kind, code, "exclusions", f"{one['service']}/{one['item']}"), one["reason"], entry)


def texts_in(document: Document) -> Iterator[Text]:
    """Yield the texts of all entries that are in use, in the order of the document."""
    for kind in MODELS:
        for code, entry in document.get(kind, {}).items():
            if not entry.get("retired"):
                yield from texts_of_entry(kind, code, entry)


def missing_by_language(document: Document) -> Counter[str]:
    """Return language → how many texts are missing in it."""
    return Counter(language for text in texts_in(document) for language in text.missing())


def missing_count(document: Document) -> int:
    """Return how many translations are missing, in all languages together."""
    return missing_by_language(document).total()
