"""What the recipient, the service and the scenario of an answer were called when it was given. Pure: no SQL."""

from dataclasses import dataclass
from typing import Any

from disclosures.content.publications import Document
from privacycenter.text.words import Words, said_in, words_in

# What an answer names → its kind in a document.
KINDS = {"recipient": "recipients", "service": "services", "scenario": "scenarios"}


@dataclass(frozen=True)
class AnsweredNames:
    """The names as the person read them. ``recipient_today``: None if the recipient is called the same today."""

    recipient: Words
    service: Words
    scenario: Words
    recipient_today: Words | None


def answered_names(row: Any, shown: dict[str, str], document: Document | None) -> AnsweredNames:
    """Return the names for a decision or request that was fetched with its references, named as published.

    ``shown``: what the person read, and the ``language`` of it; without it the names are those of today.
    """
    named = {name: name_shown(row, name, shown, document) for name in KINDS}
    today = row.recipient.name
    return AnsweredNames(**named, recipient_today=today if named["recipient"] != today else None)


def name_shown(row: Any, name: str, shown: dict[str, str], document: Document | None) -> Words:
    """Return today's name, in the page's language, where it is still the one that was read; else the one of then."""
    reference = getattr(row, name)
    today: Words = reference.name
    return name_of_then(name, reference.code, shown, document) or today


def name_of_then(name: str, code: str, shown: dict[str, str], document: Document | None) -> Words | None:
    """Return what was read, if it is another name than the published one of today; else None."""
    said, entry = shown.get(name), (document or {}).get(KINDS[name], {}).get(code)
    if not said or not entry or words_in(entry["title"], shown["language"]).text == said:
        return None
    return said_in(said, shown["language"])


def country_shown(row: Any, text: dict[str, Any], document: Document | None) -> Words:
    """Return the country that the recipient was in, as the person read it; as published today without a text."""
    if "recipient" not in text:
        today: Words = row.recipient.country.name
        return today
    said, language = text["recipient"]["country_title"], text["language"]
    entry = (document or {}).get("countries", {}).get(text["recipient"]["country"])
    is_same = entry is not None and words_in(entry["title"], language).text == said
    return words_in(entry["title"]) if entry and is_same else said_in(said, language)


def shown_in(text: dict[str, Any]) -> dict[str, str]:
    """Return the names in the text of an answer; empty if it is not one's own."""
    if "recipient" not in text:
        return {}
    return {"language": text["language"], **{name: text[name]["title"] for name in KINDS}}


def shown_with(row: Any) -> dict[str, str]:
    """Return the names that ``with_names_shown`` fetched of a row; empty if it has none, or there was no answer."""
    found = {name: getattr(row, f"shown_{name}", None) for name in (*KINDS, "language")}
    return {name: said for name, said in found.items() if said}
