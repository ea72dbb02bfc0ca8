"""The fields of a row that hold its texts, one for each language."""

from collections.abc import Iterator
from typing import cast

from django.conf import settings
from django.db import models
from modeltrans.fields import TranslationField

from disclosures.content.entries import field_name
from privacycenter.text.languages import site_languages


def side_by_side(model: type[models.Model]) -> dict[str, list[str]]:
    """Return field → its name and those of its translations, as one row of a form."""
    translation = cast(TranslationField, model._meta.get_field("i18n"))
    rows = {name: [name] for name in translation.fields}
    for field in translation.get_translated_fields():
        # The field without a language is an alias for the active one; the default text is the original field.
        if field.language not in (None, settings.LANGUAGE_CODE):
            rows[field.original_name].append(field.name)
    return rows


def text_languages(model: type[models.Model]) -> Iterator[tuple[str, str]]:
    """Each field that holds a text in one language, with that language."""
    for field in side_by_side(model):
        for language in site_languages():
            yield field_name(field, language), language
