"""The working copy, which editors change, as one document: the content that a publication freezes."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from django.db.models import Model, QuerySet

from disclosures.content.publications import Document
from disclosures.models import (
    Country,
    DataItem,
    Definition,
    Exclusion,
    Ground,
    ItemList,
    Link,
    MenuEntry,
    Page,
    Question,
    Recipient,
    Scenario,
    Section,
    Service,
    ServiceList,
    Site,
    SiteFile,
    Synonyms,
    Term,
)
from disclosures.models.content.entries import CONTROL_TEXTS
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
    "synonyms": Synonyms,
    "links": Link,
    "menu": MenuEntry,
    "files": SiteFile,
    "data_items": DataItem,
    "services": Service,
    "countries": Country,
    "recipients": Recipient,
}
# How far a scenario's lists bind where its entry does not say.
LISTS = {"item_list": ItemList.EXAMPLES.value, "service_list": ServiceList.MAIN.value}
KINDS: dict[type[Model], str] = {model: kind for kind, model in MODELS.items()}


def rich(row: Any, field: str) -> dict[str, dict[str, str]]:
    """Return the Markdown source and its HTML, which is rendered here and not when a page is read."""
    source = row.texts(field)
    return {"source": source, "html": {language: render(text, language) for language, text in source.items()}}


def unless_default(*, defaults: Document | None = None, **values: Any) -> Document:
    """Return the values that say something: neither empty nor the default of their field.

    What was added to entries after the first version is left out like this, so that an entry in which an editor said
    nothing new reads as it did before.
    """
    return {name: value for name, value in values.items() if value and value != (defaults or {}).get(name)}


def rich_unless_empty(row: Any, *names: str) -> Document:
    """Return the texts in Markdown that are there, for the same reason."""
    return {name: rich(row, name) for name in names if getattr(row, name)}


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
        **rich_unless_empty(row, "notice", "purposes", "security_measures"),
        **unless_default(
            operator_address=row.texts("operator_address"),
            operator_representative=row.texts("operator_representative"),
            complaint_contact=row.texts("complaint_contact"),
            fees=row.texts("fees"),
            **{name: row.texts(name) for name in CONTROL_TEXTS},
        ),
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


def synonyms_entry(row: Synonyms) -> Document:
    return {"position": row.position, "line": row.line, **unless_default(task=row.task)}


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
        **unless_default(
            defaults=LISTS,
            item_list=row.item_list,
            is_processed=row.is_processed,
            service_list=row.service_list,
            exclusions=[exclusion_part(exclusion) for exclusion in row.exclusions.all()],
            route=row.route,
            route_detail=row.texts("route_detail"),
            route_parties=row.texts("route_parties"),
            route_purpose=row.texts("route_purpose"),
            route_responsible=row.texts("route_responsible"),
            route_stopping=row.texts("route_stopping"),
            route_abroad=row.route_abroad,
            evidence=row.evidence,
        ),
    }


def exclusion_part(row: Exclusion) -> Document:
    return {"service": row.service.code, "item": row.item.code, "reason": row.texts("reason")}


def question_entry(row: Question) -> Document:
    return {
        "section": row.section.code,
        "position": row.position,
        "question": row.texts("question"),
        "answer": rich(row, "answer"),
    }


def link_entry(row: Link) -> Document:
    return {
        "position": row.position,
        "title": row.texts("title"),
        "address": row.address,
        **unless_default(note=row.texts("note")),
    }


def menu_entry(row: MenuEntry) -> Document:
    return {
        "position": row.position,
        "place": row.place,
        "address": row.address,
        **unless_default(title=row.texts("title"), note=row.texts("note")),
    }


def file_entry(row: SiteFile) -> Document:
    return {
        "position": row.position,
        "title": row.texts("title"),
        "content_type": row.content_type,
        "sha256": row.sha256,
        "size_bytes": row.size_bytes,
        **unless_default(
            alt=row.texts("alt"),
            is_decorative=row.is_decorative,
            caption=row.texts("caption"),
            width=row.width,
            height=row.height,
        ),
    }


def data_item_entry(row: DataItem) -> Document:
    return {
        "position": row.position,
        "retired": row.retired_at is not None,
        "title": row.texts("title"),
        "description": row.texts("description"),
        **unless_default(is_special_care=row.is_special_care),
    }


def service_entry(row: Service) -> Document:
    return {
        "position": row.position,
        "retired": row.retired_at is not None,
        "title": row.texts("title"),
        "field": row.texts("field"),
        **unless_default(is_sensitive=row.is_sensitive),
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
        **unless_default(
            on_hold_from=moment(row.on_hold_from),
            on_hold_until=moment(row.on_hold_until),
            on_hold_reason=row.texts("on_hold_reason"),
            representative=row.texts("representative"),
            url=row.url,
            basis_abroad=row.basis_abroad,
            basis_checked_on=row.basis_checked_on.isoformat() if row.basis_checked_on else "",
        ),
    }


def moment(at: datetime | None) -> str:
    """Return the time in UTC, so that one time is always the same text. Empty for none."""
    return at.astimezone(UTC).isoformat() if at else ""


# How the rows of each model are read, with what their entries refer to, and what is made of one row.
ROWS: dict[type[Model], Callable[[], QuerySet[Any]]] = {
    Site: lambda: Site.objects.all(),
    Page: lambda: Page.objects.prefetch_related("related"),
    Section: lambda: Section.objects.select_related("page", "parent").prefetch_related("links"),
    Definition: lambda: Definition.objects.select_related("section"),
    Scenario: lambda: Scenario.objects.select_related("section").prefetch_related(
        "scenario_items__item", "services", "recipients", "notes", "links", "exclusions__service", "exclusions__item"
    ),
    Question: lambda: Question.objects.select_related("section"),
    Term: lambda: Term.objects.all(),
    Synonyms: lambda: Synonyms.objects.all(),
    Link: lambda: Link.objects.all(),
    MenuEntry: lambda: MenuEntry.objects.all(),
    SiteFile: lambda: SiteFile.objects.all(),
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
    Synonyms: synonyms_entry,
    Link: link_entry,
    MenuEntry: menu_entry,
    SiteFile: file_entry,
    DataItem: data_item_entry,
    Service: service_entry,
    Country: country_entry,
    Recipient: recipient_entry,
}
