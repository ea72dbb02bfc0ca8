"""The choice of the language that a form shows beside the Japanese text."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.conf import settings

from disclosures.content.texts import Place
from disclosures.languages.text_fields import side_by_side
from privacycenter.text.languages import name_of, other_languages


@dataclass(frozen=True)
class OfferedLanguage:
    """``lacking_count``: how many of the entry's translations are missing or older than their text."""

    code: str
    name: str
    is_shown: bool
    lacking_count: int


def language_choice(shown: list[str], row: Any, older: Iterable[tuple[Place, str]]) -> list[OfferedLanguage]:
    """Return the languages to choose from; none if the form has all of them anyway. Pure."""
    others = other_languages()
    if len(others) < 2:
        return []
    lacking = Counter(language for _place, language in older)
    texts = [row.texts(field) for field in side_by_side(type(row))] if row else []
    for words in texts:
        if words.get(settings.LANGUAGE_CODE):
            lacking.update(language for language in others if language not in words)
    is_one = len(shown) == 2
    return [OfferedLanguage(code, name_of(code), is_one and code in shown, lacking[code]) for code in others]
