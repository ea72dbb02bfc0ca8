"""Published titles by code, for a person's pages, which name many codes and must not query each one."""

from collections.abc import Iterable

from django.conf import settings

from disclosures.models import Country, DataItem, Recipient, Scenario, Service
from disclosures.models.content import Reference
from disclosures.publishing.publications import Document
from privacycenter.text.words import Words, words_in

MODELS: dict[str, type[Reference] | type[Country]] = {
    "data_items": DataItem,
    "services": Service,
    "scenarios": Scenario,
    "recipients": Recipient,
    "countries": Country,
}


class Names:
    """Titles from the publication's document, which includes retired rows.

    No SQL, except one statement per kind for which an unpublished code is asked.
    """

    def __init__(self, document: Document | None) -> None:
        self.document = document or {}
        self.unpublished: dict[str, dict[str, dict[str, str]]] = {}

    def title(self, kind: str, code: str) -> Words:
        return words_in(self.texts(kind, code))

    def texts(self, kind: str, code: str) -> dict[str, str]:
        """Return language → title, for the languages that have one."""
        entry = self.document.get(kind, {}).get(code)
        return entry["title"] if entry else self.titles_of_unpublished(kind).get(code, {settings.LANGUAGE_CODE: code})

    def titles_of_unpublished(self, kind: str) -> dict[str, dict[str, str]]:
        if kind not in self.unpublished:
            rows = MODELS[kind].objects.exclude(code__in=self.document.get(kind, {}))
            self.unpublished[kind] = {row.code: row.texts("title") for row in rows}
        return self.unpublished[kind]

    def items(self, codes: Iterable[str]) -> list[Words]:
        """Return the titles of data items, in the order of the items."""
        entries = self.document.get("data_items", {})
        ordered = sorted(codes, key=lambda code: (entries.get(code, {}).get("position", 0), code))
        return [self.title("data_items", code) for code in ordered]

    def recipient(self, code: str) -> Words:
        return self.title("recipients", code)

    def service(self, code: str) -> Words:
        return self.title("services", code)

    def scenario(self, code: str) -> Words:
        return self.title("scenarios", code)
