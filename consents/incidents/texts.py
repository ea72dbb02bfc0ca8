"""What the people affected by an incident are told: the parts that the laws name. Pure: no SQL.

Sources: APPI art. 26(2) with Enforcement Rules art. 10 (what happened, the items, the cause, harm that may follow,
other facts that help them); GDPR art. 34(2) (nature, contact, likely consequences, measures).
"""

from collections.abc import Mapping

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from privacycenter.errors import InvalidValue
from privacycenter.text.legible import fault_of

# Part of the text → its heading.
PARTS = {
    "title": _("In one line"),
    "what": _("What happened, and why"),
    "harm": _("What could follow for you"),
    "measures": _("What we do about it, and what you can do"),
    "contact": _("Where you can ask"),
}
LONGEST = {"title": 120}
LONGEST_PART = 3_000


def part_name(part: str, language: str) -> str:
    """Return the name of a part in a form."""
    return f"{part}_{language}"


def refuse_bad_texts(words: Mapping[str, Mapping[str, str]]) -> None:
    """Refuse texts that leave out a part in the site's first language, or in one that has been begun, and what cannot
    be read. Raises InvalidValue, with the language and the part as its field."""
    for language, parts in words.items():
        is_begun = language == settings.LANGUAGE_CODE or any(text.strip() for text in parts.values())
        for part in PARTS:
            text, name = parts.get(part, "").strip(), part_name(part, language)
            if is_begun and not text:
                raise InvalidValue("The law wants the people affected told this.", name)
            if fault := fault_of(text):
                raise InvalidValue(fault, name)
            if len(text) > LONGEST.get(part, LONGEST_PART):
                raise InvalidValue(f"At most {LONGEST.get(part, LONGEST_PART)} characters.", name)
    if not words.get(settings.LANGUAGE_CODE):
        raise InvalidValue(
            "The text is needed in the site's first language.", part_name("title", settings.LANGUAGE_CODE)
        )


def trimmed(words: Mapping[str, Mapping[str, str]]) -> dict[str, dict[str, str]]:
    """Return the texts without spaces around them, and without languages that say nothing."""
    found = {language: {part: parts.get(part, "").strip() for part in PARTS} for language, parts in words.items()}
    return {language: parts for language, parts in found.items() if any(parts.values())}
