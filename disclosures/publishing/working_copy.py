"""The working copy, which editors change, as one document: the content that a publication freezes."""

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
    return {
        "site": the_site(),
        "pages": {row.code: page_entry(row) for row in Page.objects.prefetch_related("related")},
        "sections": {row.code: section_entry(row) for row in sections()},
        "definitions": {row.code: definition_entry(row) for row in Definition.objects.select_related("section")},
        "scenarios": {row.code: scenario_entry(row) for row in scenarios()},
        "questions": {row.code: question_entry(row) for row in Question.objects.select_related("section")},
        "terms": {row.code: term_entry(row) for row in Term.objects.all()},
        "links": {row.code: link_entry(row) for row in Link.objects.all()},
        "data_items": {row.code: data_item_entry(row) for row in DataItem.objects.all()},
        "services": {row.code: service_entry(row) for row in Service.objects.all()},
        "countries": {row.code: country_entry(row) for row in Country.objects.all()},
        "recipients": {row.code: recipient_entry(row) for row in Recipient.objects.with_country()},
    }


def the_site() -> Document:
    """Return the site's entry under its key. Empty before the first content is loaded."""
    row = Site.objects.first()
    return {"site": site_entry(row)} if row else {}


def sections() -> QuerySet[Section]:
    return Section.objects.select_related("page", "parent").prefetch_related("links")


def scenarios() -> QuerySet[Scenario]:
    return Scenario.objects.select_related("section").prefetch_related(
        "scenario_items__item", "services", "recipients", "notes", "links"
    )


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
