"""Advice on how easily the texts of the working copy are read. It keeps nobody from publishing."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from disclosures.content.entries import NAMES, edit_url, field_name, texts_of
from disclosures.content.publications import Document
from privacycenter.text.languages import name_of
from privacycenter.text.reading_level import Advice, Hint, hints_for

# Kinds whose names the texts use.
NAMED = ("terms", "data_items", "services", "recipients", "definitions", "scenarios", "links")
# What is no running text: lines of words, addresses.
LEFT_OUT = {"line", "address", "reading"}
MOST = 8


@dataclass(frozen=True)
class TextAdvice:
    """What could be easier in one text. ``hints``: (the words meant, what to do); ``more``: how many are not named."""

    title: str
    language: str
    address: str
    hints: list[tuple[str, str]]
    more: int = 0


def explained_words(document: Document) -> set[str]:
    """Return the words that the glossary explains, and the names that the texts use."""
    found = set()
    for kind in NAMED:
        for entry in document.get(kind, {}).values():
            for name in NAMES:
                found |= set((texts_of(entry.get(name)) or {}).values())
    return found


def advice_on(text: str, language: str, explained: set[str]) -> list[tuple[str, str]]:
    """Return (the words meant, what to do) for one text. ``explained``: as ``explained_words`` returns them."""
    return [(hint.place, told(hint)) for hint in hints_for(text, language, explained)]


def advice_on_entries(entries: Iterable[tuple[str, str, str]], document: Document) -> list[TextAdvice]:
    """Return the advice on all texts of these entries (kind, code, title)."""
    explained = explained_words(document)
    found = []
    for kind, code, title in entries:
        entry = document.get(kind, {}).get(code, {})
        for name, value in entry.items():
            texts = {} if name in LEFT_OUT or name in NAMES else texts_of(value) or {}
            for language, text in texts.items():
                hints = hints_for(text, language, explained) if isinstance(text, str) else []
                if hints:
                    address = edit_url(kind, code, field_name(name, language))
                    said = [(hint.place, told(hint)) for hint in hints[:MOST]]
                    found.append(TextAdvice(title, name_of(language), address, said, len(hints) - len(said)))
    return found


def told(hint: Hint) -> str:
    """Return what to do about it."""
    detail = {"detail": hint.detail}
    if hint.advice is Advice.LONG_SENTENCE:
        return _("A long sentence (%(detail)s). Make two of it.") % detail
    if hint.advice is Advice.DOUBLE_NEGATIVE:
        return _("A negation of a negation. Say what is so.")
    if hint.advice is Advice.KANJI_RUN:
        return _("%(detail)s kanji in a row. Put a の or a verb between.") % detail
    if hint.advice is Advice.PLAINER_WORD:
        return _("Plainer: %(detail)s") % detail
    return _("A legal word that the glossary does not explain. Explain it there, or say it in other words.")
