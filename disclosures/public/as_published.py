"""Rows that refer to recipients, services and scenarios, with these named as published. No SQL."""

from collections.abc import Iterable, Sequence
from typing import Any, TypeVar

from django.conf import settings

from disclosures.content.entries import field_name
from disclosures.content.publications import Document
from disclosures.models.content.bases import Translatable

# What a row refers to → its kind in a document.
REFERENCES = {"recipient": "recipients", "service": "services", "scenario": "scenarios"}
Row = TypeVar("Row")


def as_published(rows: Sequence[Row], document: Document | None) -> Sequence[Row]:
    """Return the same rows; what they refer to has the title of the newest publication, not of the working copy.

    The rows were fetched with what they refer to, for reading: their references MUST NOT be saved. What was never
    published keeps the title that editors gave it.
    """
    for row in rows:
        for name, kind in REFERENCES.items():
            reference = getattr(row, name, None)
            if reference is not None:
                name_as_published([reference], kind, document)
    return rows


def name_as_published(references: Iterable[Any], kind: str, document: Document | None) -> None:
    """Give these recipients, services or scenarios the titles that are published; recipients also their country's."""
    for reference in references:
        entry = (document or {}).get(kind, {}).get(reference.code)
        if entry:
            set_title(reference, entry["title"])
        if kind == "recipients" and "country" in reference._state.fields_cache:
            name_as_published([reference.country], "countries", document)


def set_title(row: Translatable, texts: dict[str, str]) -> None:
    others = {name: text for name, text in (row.i18n or {}).items() if not name.startswith("title_")}  # type: ignore[attr-defined]
    default = settings.LANGUAGE_CODE
    said = {field_name("title", language): text for language, text in texts.items() if language != default}
    row.title = texts.get(default, "")  # type: ignore[attr-defined]
    row.i18n = {**others, **said}  # type: ignore[attr-defined]
