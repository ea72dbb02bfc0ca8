"""Published titles by code, for a person's pages, which name many codes and must not query each one."""

from collections.abc import Iterable

from django.conf import settings
from django.http import HttpRequest

from disclosures.content.publications import Document, document_for
from disclosures.content.working_copy import entry_of, rows
from disclosures.public.reader import Reader
from disclosures.public.shown_entries import RecipientView
from privacycenter.text.languages import page_language
from privacycenter.text.words import Words, words_in


class Names:
    """Titles from the publication's document, which includes retired rows.

    No SQL, except one statement per kind for which an unpublished code is asked. A page makes one for all its parts,
    so that none is asked twice.
    """

    def __init__(self, document: Document | None) -> None:
        self.document = document or {}
        self.unpublished: dict[str, Document] = {}
        self.known: dict[tuple[str, str, str], Words] = {}

    def title(self, kind: str, code: str, language: str = "") -> Words:
        """Return the title of an entry, in the page's language if no other is given."""
        key = kind, code, language or page_language()
        if key not in self.known:
            self.known[key] = words_in(self.texts(kind, code), key[2])
        return self.known[key]

    def texts(self, kind: str, code: str) -> dict[str, str]:
        """Return language → title, for the languages that have one. Of a code that does not exist, the code."""
        entry = self.entry(kind, code)
        return entry["title"] if entry else {settings.LANGUAGE_CODE: code}

    def entry(self, kind: str, code: str) -> Document | None:
        """Return an entry as published, or else as it stands in the working copy. None if there is none."""
        found: Document | None = self.document.get(kind, {}).get(code) or self.entries_unpublished(kind).get(code)
        return found

    def entries_unpublished(self, kind: str) -> Document:
        if kind not in self.unpublished:
            missing = rows(kind).exclude(code__in=self.document.get(kind, {}))
            self.unpublished[kind] = {row.code: entry_of(row) for row in missing}
        return self.unpublished[kind]

    def items(self, codes: Iterable[str]) -> list[Words]:
        """Return the titles of data items, in the order of the items."""
        language = page_language()
        return [self.title("data_items", code, language) for code in self.ordered(codes)]

    def ordered(self, codes: Iterable[str]) -> list[str]:
        """Return the codes of data items in the order of the items."""
        entries = self.document.get("data_items", {})
        return sorted(codes, key=lambda code: (entries.get(code, {}).get("position", 0), code))

    def service(self, code: str) -> Words:
        return self.title("services", code)

    def scenario(self, code: str) -> Words:
        return self.title("scenarios", code)

    def recipient(self, code: str) -> Words:
        return self.title("recipients", code)

    def country_of(self, recipient: str) -> str:
        """Return the code of the country that this recipient is in."""
        entry = self.entry("recipients", recipient)
        return entry["country"] if entry else ""

    def recipient_facts(self, code: str) -> RecipientView:
        """Return who a recipient is. Raises KeyError if there is no such recipient."""
        entry = self.entry("recipients", code)
        if entry is None:
            raise KeyError(code)
        country = self.entry("countries", entry["country"])
        known = {"recipients": {code: entry}, "countries": {entry["country"]: country}}
        return Reader(known, explains=False).recipient(code)


def names_for(request: HttpRequest) -> Names:
    """Return the names in the newest publication, for all parts of one page."""
    return Names(document_for(request))
