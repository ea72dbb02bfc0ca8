"""The working copy, which editors change, as one document: the content that a publication freezes."""

from collections.abc import Callable
from typing import Any

from django.db.models import Model, QuerySet

from disclosures.models import (
    Country,
    DataItem,
    Definition,
    Ground,
    Link,
    Page,
    Question,
    Recipient,
    Scenario,
    Section,
    Service,
    Site,
    Term,
)
from disclosures.publishing.publications import Document
from privacycenter.text.richtext import render

# The kinds in a document, in its order.
MODELS: dict[str, type[Model]] = {
    "site": Site,
    "pages": Page,
    "sections": Section,
    "definitions": Definition,
    "scenarios": Scenario,
    "questions": Question,
    "terms": Term,
    "links": Link,
    "data_items": DataItem,
    "services": Service,
    "countries": Country,
    "recipients": Recipient,
}
KINDS: dict[type[Model], str] = {model: kind for kind, model in MODELS.items()}


def rich(row: Any, field: str) -> dict[str, dict[str, str]]:
    """Return the Markdown source and its HTML, which is rendered here and not when a page is read."""
    source = row.texts(field)
    return {"source": source, "html": {language: render(text, language) for language, text in source.items()}}


def codes(rows: Any) -> list[str]:
    """Return the codes of rows that are not retired, in order."""
    return [row.code for row in rows if getattr(row, "retired_at", None) is None]


def working_document() -> Document:
    """Return all public content as it stands now: kind → code → entry. About 20 SQL statements, whatever its size.

    Entries refer to each other by code and carry their ``position``, because JSON objects have no order. Retired rows
    are included and marked: no page lists them, but a person's record still names them.
    """
    return {kind: {code_of(row): entry_of(row) for row in rows(kind)} for kind in MODELS}


def code_of(row: Model) -> str:
    """Return the code under which the document lists this row. The site row has no code of its own: ``site``."""
    return getattr(row, "code", "site")


def rows(kind: str) -> QuerySet[Any]:
    """Return all rows of one kind, with what their entries refer to."""
    return ROWS[MODELS[kind]]()


def entry_of(row: Model) -> Document:
    """Return what the document says of one row."""
    return ENTRIES[type(row)](row)


def site_entry(row: Site) -> Document:
    return {
        "title": row.texts("title"),
        "operator": row.texts("operator"),
        "lead": rich(row, "lead"),
        "disclaimer_title": row.texts("disclaimer_title"),
        "disclaimer": rich(row, "disclaimer"),
        "as_of": row.as_of.isoformat(),
        "security_contact": row.security_contact,
    }


def page_entry(row: Page) -> Document:
    return {
        "position": row.position,
        "title": row.texts("title"),
        "lead": rich(row, "lead"),
        "related": codes(row.related.all()),
    }


def section_entry(row: Section) -> Document:
    return {
        "page": row.page.code,
        "parent": row.parent.code if row.parent else "",
        "position": row.position,
        "title": row.texts("title"),
        "body": rich(row, "body"),
        "links": codes(row.links.all()),
    }


def definition_entry(row: Definition) -> Document:
    return {
        "section": row.section.code,
        "position": row.position,
        "term": row.texts("term"),
        "body": rich(row, "body"),
        "examples": row.texts("examples"),
    }


def term_entry(row: Term) -> Document:
    return {
        "position": row.position,
        "term": row.texts("term"),
        "reading": row.reading,
        "gloss": row.texts("gloss"),
    }


def scenario_entry(row: Scenario) -> Document:
    return {
        "section": row.section.code,
        "position": row.position,
        "retired": row.retired_at is not None,
        "title": row.texts("title"),
        "body": rich(row, "body"),
        "ground": Ground(row.ground).code,
        "items": codes(through.item for through in row.scenario_items.all()),
        "services": codes(row.services.all()),
        "recipients": codes(row.recipients.all()),
        "recipient_kinds": row.texts("recipient_kinds"),
        "notes": [{"code": note.code, "body": rich(note, "body")} for note in row.notes.all()],
        "links": codes(row.links.all()),
    }


def question_entry(row: Question) -> Document:
    return {
        "section": row.section.code,
        "position": row.position,
        "question": row.texts("question"),
        "answer": rich(row, "answer"),
    }


def link_entry(row: Link) -> Document:
    return {"position": row.position, "title": row.texts("title"), "address": row.address}


def data_item_entry(row: DataItem) -> Document:
    return {
        "position": row.position,
        "retired": row.retired_at is not None,
        "title": row.texts("title"),
        "description": row.texts("description"),
    }


def service_entry(row: Service) -> Document:
    return {
        "position": row.position,
        "retired": row.retired_at is not None,
        "title": row.texts("title"),
        "field": row.texts("field"),
    }


def country_entry(row: Country) -> Document:
    return {
        "title": row.texts("title"),
        "system": rich(row, "system"),
        "system_unknown": rich(row, "system_unknown"),
    }


def recipient_entry(row: Recipient) -> Document:
    return {
        "position": row.position,
        "retired": row.retired_at is not None,
        "title": row.texts("title"),
        "country": row.country.code,
        "business": row.texts("business"),
        "address": row.texts("address"),
        "contact": row.contact,
        "measures": rich(row, "measures"),
        "measures_unknown": rich(row, "measures_unknown"),
        "is_example": row.is_example,
    }


# How the rows of each model are read, with what their entries refer to, and what is made of one row.
ROWS: dict[type[Model], Callable[[], QuerySet[Any]]] = {
    Site: lambda: Site.objects.all(),
    Page: lambda: Page.objects.prefetch_related("related"),
    Section: lambda: Section.objects.select_related("page", "parent").prefetch_related("links"),
    Definition: lambda: Definition.objects.select_related("section"),
    Scenario: lambda: Scenario.objects.select_related("section").prefetch_related(
        "scenario_items__item", "services", "recipients", "notes", "links"
    ),
    Question: lambda: Question.objects.select_related("section"),
    Term: lambda: Term.objects.all(),
    Link: lambda: Link.objects.all(),
    DataItem: lambda: DataItem.objects.all(),
    Service: lambda: Service.objects.all(),
    Country: lambda: Country.objects.all(),
    Recipient: lambda: Recipient.objects.with_country(),
}
ENTRIES: dict[type[Model], Callable[[Any], Document]] = {
    Site: site_entry,
    Page: page_entry,
    Section: section_entry,
    Definition: definition_entry,
    Scenario: scenario_entry,
    Question: question_entry,
    Term: term_entry,
    Link: link_entry,
    DataItem: data_item_entry,
    Service: service_entry,
    Country: country_entry,
    Recipient: recipient_entry,
}
