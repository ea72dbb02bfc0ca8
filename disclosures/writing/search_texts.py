"""What the desk's search compares of an entry. Pure: no SQL.

A row for each entry is kept beside the working copy (``SearchText``), so that a search reads no content.
"""

from collections.abc import Iterator
from typing import Any

from disclosures.content.entries import NAMES
from disclosures.content.publications import Document
from disclosures.models import SearchText
from privacycenter.text.folding import folded_text

# The fields without languages that hold words. All others hold codes, dates and choices.
PLAIN = ("line", "reading", "address", "contact", "url")


def search_text(kind: str, code: str, entry: Document) -> SearchText:
    """Return the row for an entry, not saved."""
    folded = dict.fromkeys(filter(None, map(folded_text, [code, *said_in(entry)])))
    return SearchText(kind=kind, code=code, titles=titles_of(entry), text="\n".join(["", *folded, ""]))


def titles_of(entry: Document) -> dict[str, str]:
    """Return language → the entry's name."""
    found: dict[str, str] = next((entry[name] for name in NAMES if entry.get(name)), {})
    return found or ({"": entry["line"]} if "line" in entry else {})


def said_in(entry: Document) -> Iterator[str]:
    """Yield every text of an entry, in every language; of a text in Markdown its source."""
    for name, value in entry.items():
        if isinstance(value, str):
            if name in PLAIN:
                yield value
        elif isinstance(value, dict):
            yield from texts(value)
        elif isinstance(value, list):
            for part in value:
                if isinstance(part, dict):
                    yield from said_in(part)


def texts(value: dict[str, Any]) -> Iterator[str]:
    yield from (text for text in value.get("source", value).values() if isinstance(text, str))
