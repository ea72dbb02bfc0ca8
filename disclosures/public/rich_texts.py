"""Rich text of a publication as its pages show it. Pure: no SQL."""

from dataclasses import replace
from typing import Any

from disclosures.content.publications import Document
from privacycenter.text.shown_files import filled, names_files
from privacycenter.text.words import Words, words_in

# For entries of publications older than this text.
NO_TEXT: Document = {"source": {}, "html": {}}


def rich(document: Document, text: dict[str, Any], language: str = "") -> Words:
    """Return a text with the pictures and documents of its publication. ``language``: by default that of the page."""
    words = words_in(text["html"], language, is_html=True)
    if not names_files(words.text):
        return words
    return replace(words, text=filled(words.text, document.get("files", {}), words.language))
