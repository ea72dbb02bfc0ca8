"""In a form, below a translation that is older than its Japanese text: what changed in that, and a box to tick."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.conf import settings
from django.http import QueryDict

from disclosures.content.differences import FieldDifference, word_parts
from disclosures.content.entries import field_name
from disclosures.content.texts import Place
from disclosures.content.working_copy import KINDS, code_of
from disclosures.languages.text_fields import side_by_side
from disclosures.models import Exclusion, Note
from disclosures.writing.older_translations import Older, older_among
from privacycenter.text.languages import other_languages

RIGHT = "right:"


@dataclass(frozen=True)
class OlderMark:
    """``difference``: how the Japanese changed since it was translated. ``is_ticked``: the translation is right."""

    changed_at: datetime
    difference: FieldDifference
    box_name: str
    is_ticked: bool


def older_inside(forms_shown: Iterable[forms.ModelForm[Any]]) -> Older:
    """Return what is older in the entries of these forms. One SQL statement."""
    return older_among({entry_of_row(form.instance)[1] for form in forms_shown if form.instance.pk})


def mark_older_translations(form: forms.ModelForm[Any], older: Older, sent: QueryDict) -> None:
    for name, place, language in translations_of(form):
        if name in form.fields and (row := older.get((place, language))):
            parts = word_parts(row.source_then, form.instance.texts(place.column).get(settings.LANGUAGE_CODE, ""))
            difference = FieldDifference(place.column, "", settings.LANGUAGE_CODE, parts)
            box = RIGHT + form.add_prefix(name)
            form.fields[name].older = OlderMark(row.changed_at, difference, box, box in sent)  # type: ignore[attr-defined]


def ticked(forms_sent: Iterable[forms.ModelForm[Any]], sent: QueryDict) -> Iterator[tuple[Place, str]]:
    """Yield the place and language of each translation whose box was ticked."""
    for form in forms_sent:
        for name, place, language in translations_of(form):
            if RIGHT + form.add_prefix(name) in sent:
                yield place, language


def translations_of(form: forms.ModelForm[Any]) -> Iterator[tuple[str, Place, str]]:
    """Yield form field, place and language of each translation of a saved row."""
    if form.instance.pk and hasattr(form.instance, "texts"):
        for column in side_by_side(type(form.instance)):
            for language in other_languages():
                yield field_name(column, language), place_in(form.instance, column), language


def place_in(row: Any, column: str) -> Place:
    match row:
        case Note():
            return Place(*entry_of_row(row), "notes", row.code)
        case Exclusion():
            return Place(*entry_of_row(row), "exclusions", f"{row.service.code}/{row.item.code}")
    return Place(*entry_of_row(row), column)


def entry_of_row(row: Any) -> tuple[str, str]:
    """Return kind and code of the entry that a row is, or is part of."""
    if isinstance(row, Note | Exclusion):
        return "scenarios", row.scenario.code
    return KINDS[type(row)], code_of(row)
