"""The action that takes translations from a file into the working copy."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Model

from disclosures.content.entries import field_name
from disclosures.content.parts import Keys, part_of, together
from disclosures.content.texts import Place, texts_of_entry
from disclosures.content.working_copy import MODELS, code_of
from disclosures.models import Exclusion, Note
from disclosures.translating.comparing import faults_of
from disclosures.writing.actions import lock_working_copy, written_down
from privacycenter.canonical import sha256_of
from privacycenter.errors import InvalidValue, TextChanged
from privacycenter.models import User
from privacycenter.text.languages import other_languages


@dataclass(frozen=True)
class Translation:
    """One translation to take, with the hashes of the Japanese and of the translation that it was compared with."""

    place: Place
    words: str
    source_sha256: str
    target_sha256: str


@transaction.atomic
def take_translations(*, language: str, translations: Sequence[Translation], by: User) -> int:
    """Write these translations into the working copy, all of them, and return their number.

    Every entry that differs gets a revision. Raises, and changes nothing: InvalidValue for a language that the site
    has not and for a text that its place cannot have, TextChanged if one of the texts is no longer as it was compared.
    """
    if language not in other_languages():
        raise InvalidValue("The site has no such language.", "language")
    for one in translations:
        if fault := next(faults_of(one.place, one.words), "") or ("" if one.words.strip() else "It is empty."):
            raise InvalidValue(fault, str(one.place))
    lock_working_copy()
    touched = together(*({one.place.kind: {one.place.code}} for one in translations))
    refuse_changed(touched, language, translations)
    with written_down(touched, by=by):
        write(language, translations)
    return len(translations)


def refuse_changed(touched: Keys, language: str, translations: Sequence[Translation]) -> None:
    entries = part_of(touched)
    now = {
        text.place: (text.source_sha256, sha256_of(text.words.get(language, "")))
        for kind in entries
        for code, entry in entries[kind].items()
        if not entry.get("retired")
        for text in texts_of_entry(kind, code, entry)
    }
    for one in translations:
        if now.get(one.place) != (one.source_sha256, one.target_sha256):
            raise TextChanged("A text was changed meanwhile.", str(one.place))


def write(language: str, translations: Sequence[Translation]) -> None:
    """Two SQL statements for each model whose rows hold one of the texts."""
    by_model: dict[type[Model], list[Translation]] = defaultdict(list)
    for one in translations:
        by_model[one.place.model].append(one)
    for model, some in by_model.items():
        rows = rows_with(model, {one.place.code for one in some})
        changed = {}
        for one in some:
            row = rows[one.place.code, one.place.inside]
            row.i18n = {**(row.i18n or {}), field_name(one.place.column, language): one.words}
            changed[row.pk] = row
        model._default_manager.bulk_update(changed.values(), ["i18n"], batch_size=200)


def rows_with(model: type[Model], codes: set[str]) -> dict[tuple[str, str], Any]:
    """Return the rows of these entries, by code of the entry and what is inside it."""
    if model is Note:
        notes = Note.objects.filter(scenario__code__in=codes).select_related("scenario")
        return {(note.scenario.code, note.code): note for note in notes}
    if model is Exclusion:
        rows = Exclusion.objects.filter(scenario__code__in=codes).select_related("scenario", "service", "item")
        return {(row.scenario.code, f"{row.service.code}/{row.item.code}"): row for row in rows}
    found = model._default_manager.all()
    if model is not MODELS["site"]:
        found = found.filter(code__in=codes)
    return {(code_of(row), ""): row for row in found}
