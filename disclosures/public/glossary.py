"""The glossary page, and explanations of its terms in texts. Pure: no SQL."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from django.conf import settings
from django.urls import reverse

from disclosures.content.publications import Document
from disclosures.public.entry_urls import address_of
from disclosures.public.glossing import GlossTerm, gloss
from disclosures.public.rich_texts import rich
from privacycenter.text.words import Words, words_in


class GlossaryTerms:
    """The terms of a document, to be explained where they occur in texts."""

    def __init__(self, document: Document) -> None:
        self.entries = terms_in_order(document)
        self.by_language: dict[str, list[GlossTerm]] = {}

    def explained(self, words: Words, met: set[str]) -> Words:
        """Return rich text with its terms linked to the glossary; ``met`` is ``seen`` of ``gloss``.

        In a text that fell back to another language, the terms of that language are linked.
        """
        terms = self.terms_in(words.language)
        if not terms:
            return words
        return replace(
            words, text=gloss(words.text, terms, address=reverse("glossary"), seen=met, language=words.language)
        )

    def terms_in(self, language: str) -> list[GlossTerm]:
        if language not in self.by_language:
            self.by_language[language] = [
                GlossTerm(code, entry["term"][language], reading_of(entry, language))
                for code, entry in self.entries
                if entry["term"].get(language)
            ]
        return self.by_language[language]


def terms_in_order(document: Document) -> list[tuple[str, Document]]:
    """Return the terms by position. Documents older than the glossary have none."""
    return sorted(document.get("terms", {}).items(), key=lambda pair: (pair[1]["position"], pair[0]))


def reading_of(entry: Document, language: str) -> str:
    return entry["reading"] if language == settings.LANGUAGE_CODE else ""


@dataclass(frozen=True)
class GlossaryTerm:
    """One term of the glossary page.

    ``anchor`` is its id there; ``reading`` is set only if the term is shown in Japanese.
    """

    anchor: str
    term: Words
    reading: str
    gloss: Words


@dataclass(frozen=True)
class GlossaryDefinition:
    """One definition on the glossary page. ``address`` is the URL of the page it comes from."""

    anchor: str
    term: Words
    body: Words
    examples: list[Words]
    section: Words
    address: str


@dataclass(frozen=True)
class GlossaryPage:
    terms: list[GlossaryTerm]
    definitions: list[GlossaryDefinition]


def glossary(document: Document) -> GlossaryPage:
    """Return all terms in order, then all definitions in the order of the pages."""
    terms = [glossary_term(code, entry) for code, entry in terms_in_order(document)]
    taken = {term.anchor for term in terms}
    return GlossaryPage(terms, [glossary_definition(document, *pair, taken) for pair in definitions_in_order(document)])


def glossary_term(code: str, entry: Document) -> GlossaryTerm:
    term = words_in(entry["term"])
    return GlossaryTerm(code, term, reading_of(entry, term.language), words_in(entry["gloss"]))


def glossary_definition(document: Document, code: str, entry: Document, taken: set[str]) -> GlossaryDefinition:
    """Return one definition.

    Its code is unique among definitions; if a term has the same code, the term keeps the anchor.
    """
    return GlossaryDefinition(
        anchor=f"definition-{code}" if code in taken else code,
        term=words_in(entry["term"]),
        body=rich(document, entry["body"]),
        examples=examples_in(entry["examples"]),
        section=words_in(document["sections"][entry["section"]]["title"]),
        address=address_of(document, "definitions", code),
    )


def examples_in(texts: dict[str, str]) -> list[Words]:
    words = words_in(texts)
    return [replace(words, text=line) for line in words.text.splitlines() if line.strip()]


def definitions_in_order(document: Document) -> list[tuple[str, Document]]:
    order = {code: number for number, code in enumerate(section_codes(document))}
    definitions = document["definitions"].items()
    return sorted(definitions, key=lambda pair: (order[pair[1]["section"]], pair[1]["position"], pair[0]))


def section_codes(document: Document) -> Iterator[str]:
    """Return the codes of all sections, page by page in reading order."""
    sections, pages = document["sections"], document["pages"]

    def key(code: str) -> tuple[Any, ...]:
        entry = sections[code]
        page, parent = pages[entry["page"]], sections.get(entry["parent"])
        own = (entry["position"], code)
        # A subsection follows its section.
        return page["position"], entry["page"], *((parent["position"], entry["parent"], *own) if parent else own)

    return iter(sorted(sections, key=key))
