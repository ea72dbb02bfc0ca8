"""Entries in the form of a publication's document: their names and forms."""

from typing import Any
from urllib.parse import urlencode

from django.db.models import Model
from django.urls import reverse
from modeltrans.utils import build_localized_fieldname

from disclosures.content.publications import Document
from disclosures.content.working_copy import MODELS
from privacycenter.text.languages import other_languages
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


def edit_url(kind: str, code: str, field: str = "", language: str = "") -> str:
    """Return the URL that redirects to an entry's form, and to ``field`` in it (``body_en``).

    ``language`` is the one that the form is to show beside the Japanese.
    """
    address = reverse("admin:edit_entry", args=[kind, code])
    asked = {"field": field} if field else {}
    if language in (others := other_languages()) and len(others) > 1:
        asked["beside"] = language
    return f"{address}?{urlencode(asked)}" if asked else address


def field_name(field: str, language: str) -> str:
    """Return the form's name for a text in one language. The default text has the field's own name."""
    return str(build_localized_fieldname(field, language, ignore_default=True))


def texts_of(value: Any) -> dict[str, str] | None:
    """Return language → text of a plain or a rich text. None for any other value."""
    if isinstance(value, dict):
        texts: dict[str, str] = value.get("source", value)
        return texts
    return None
