"""Which translations a change of the working copy leaves older than their Japanese text, and which it brings up to
date. Pure: no SQL."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.conf import settings

from disclosures.content.changed_entries import Change
from disclosures.content.publications import Document
from disclosures.content.texts import Place, texts_of_entry


@dataclass(frozen=True)
class SourceChanges:
    """What one change does to translations, each by its place and language.

    ``older``: the Japanese was changed and the translation was not → the Japanese before and after. ``settled``: the
    translation was changed or removed, so it is not older than anything.
    """

    older: dict[tuple[Place, str], tuple[str, str]] = field(default_factory=dict)
    settled: set[tuple[Place, str]] = field(default_factory=set)

    def codes(self) -> set[str]:
        """Return the codes of the entries concerned."""
        return {place.code for place, _language in (*self.older, *self.settled)}


def source_changes(before: Document, after: Document, changes: Iterable[Change]) -> SourceChanges:
    """Return what these changes between two states do to translations that were there before."""
    found = SourceChanges()
    for change in changes:
        old, new = (state.get(change.kind, {}).get(change.code) or {} for state in (before, after))
        words_now = {text.place: text.words for text in texts_of_entry(change.kind, change.code, new)}
        for text in texts_of_entry(change.kind, change.code, old):
            compare(found, text.place, text.words, words_now.get(text.place, {}))
    return found


def compare(found: SourceChanges, place: Place, then: dict[str, str], now: dict[str, str]) -> None:
    source_then, source_now = then.get(settings.LANGUAGE_CODE, ""), now.get(settings.LANGUAGE_CODE, "")
    for language, words in then.items():
        if language == settings.LANGUAGE_CODE or not words:
            continue
        if now.get(language) != words or not source_now:
            found.settled.add((place, language))
        elif source_then and source_then != source_now:
            found.older[place, language] = source_then, source_now
