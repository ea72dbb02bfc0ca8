"""Which fields of an entry can be commented on, what they are called, who may see them, and how much and how long."""

from datetime import timedelta
from typing import Any, cast

from django.db.models import Field
from modeltrans.fields import TranslationField

from disclosures.content.entries import field_name
from disclosures.content.working_copy import MODELS
from privacycenter.models import User
from privacycenter.text.languages import name_of, site_languages

LONGEST_COMMENT = 4000
# How long its writer can change or withdraw a comment; after that others may have acted on it.
CHANGEABLE_FOR = timedelta(minutes=15)
# They say nothing to readers, or are the entry itself.
LEFT_OUT = {"id", "i18n", "code"}


def comment_fields(kind: str) -> dict[str, str]:
    """Return form field → label of each field of this kind. Empty for a kind that does not exist."""
    if kind not in MODELS:
        return {}
    model = MODELS[kind]
    own = [*model._meta.concrete_fields, *model._meta.many_to_many]
    labels = {field.name: str(field.verbose_name) for field in own if field.name not in LEFT_OUT}
    for name in cast(TranslationField, model._meta.get_field("i18n")).fields:
        label = str(cast(Field[Any, Any], model._meta.get_field(name)).verbose_name)
        for language in site_languages():
            labels[field_name(name, language)] = f"{label} ({name_of(language)})"
    return labels


def may_see(by: User, kind: str) -> bool:
    return kind in MODELS and by.has_perm(f"disclosures.view_{MODELS[kind]._meta.model_name}")
