"""The working copy as a content pack."""

from collections import defaultdict

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
from disclosures.packs.schema import (
    CountryEntry,
    DataItemEntry,
    DefinitionEntry,
    LinkEntry,
    NoteEntry,
    Pack,
    PageEntry,
    QuestionEntry,
    RecipientEntry,
    ScenarioEntry,
    SectionEntry,
    ServiceEntry,
    SiteEntry,
    TermEntry,
)


def content_pack() -> Pack:
    """Return all content in use. Loading the result changes nothing. About 20 SQL statements."""
    return Pack(
        site=next((site_entry(row) for row in Site.objects.all()), None),
        data_items=[data_item_entry(row) for row in DataItem.objects.in_use()],
        services=[service_entry(row) for row in Service.objects.in_use()],
        countries=[country_entry(row) for row in Country.objects.all()],
        recipients=[recipient_entry(row) for row in Recipient.objects.in_use().with_country()],
        terms=[term_entry(row) for row in Term.objects.all()],
        links=[link_entry(row) for row in Link.objects.all()],
        pages=page_entries(),
    )


def site_entry(row: Site) -> SiteEntry:
    names = ("title", "operator", "lead", "disclaimer_title", "disclaimer")
    return SiteEntry(
        **{name: row.texts(name) for name in names}, as_of=row.as_of, security_contact=row.security_contact
    )


def data_item_entry(row: DataItem) -> DataItemEntry:
    return DataItemEntry(code=row.code, title=row.texts("title"), description=row.texts("description"))


def service_entry(row: Service) -> ServiceEntry:
    return ServiceEntry(code=row.code, title=row.texts("title"), field=row.texts("field"))


def country_entry(row: Country) -> CountryEntry:
    return CountryEntry(
        code=row.code, title=row.texts("title"), system=row.texts("system"), system_unknown=row.texts("system_unknown")
    )


def term_entry(row: Term) -> TermEntry:
    return TermEntry(code=row.code, term=row.texts("term"), reading=row.reading, gloss=row.texts("gloss"))


def recipient_entry(row: Recipient) -> RecipientEntry:
    texts = {name: row.texts(name) for name in ("title", "business", "address", "measures", "measures_unknown")}
    return RecipientEntry(
        code=row.code, country=row.country.code, contact=row.contact, is_example=row.is_example, **texts
    )


def link_entry(row: Link) -> LinkEntry:
    return LinkEntry(code=row.code, title=row.texts("title"), address=row.address)


def page_entries() -> list[PageEntry]:
    children = defaultdict(list)
    sections = Section.objects.select_related("parent").prefetch_related(
        "links", "definitions", "questions", "scenarios__notes", "scenarios__services", "scenarios__recipients",
        "scenarios__links", "scenarios__scenario_items__item",
    )  # fmt: skip
    for section in sections:
        children[section.parent_id or f"page {section.page_id}"].append(section)
    return [
        PageEntry(
            code=page.code,
            title=page.texts("title"),
            lead=page.texts("lead"),
            sections=[section_entry(section, children) for section in children[f"page {page.pk}"]],
            related=[link.code for link in page.related.all()],
        )
        for page in Page.objects.prefetch_related("related")
    ]


def section_entry(row: Section, children: dict[int | str, list[Section]]) -> SectionEntry:
    return SectionEntry(
        code=row.code,
        title=row.texts("title"),
        body=row.texts("body"),
        definitions=[definition_entry(definition) for definition in row.definitions.all()],
        scenarios=[scenario_entry(one) for one in row.scenarios.all() if one.retired_at is None],
        questions=[question_entry(question) for question in row.questions.all()],
        links=[link.code for link in row.links.all()],
        subsections=[section_entry(child, children) for child in children[row.pk]],
    )


def definition_entry(row: Definition) -> DefinitionEntry:
    return DefinitionEntry(
        code=row.code, term=row.texts("term"), body=row.texts("body"), examples=row.texts("examples")
    )


def question_entry(row: Question) -> QuestionEntry:
    return QuestionEntry(code=row.code, question=row.texts("question"), answer=row.texts("answer"))


def scenario_entry(row: Scenario) -> ScenarioEntry:
    return ScenarioEntry(
        code=row.code,
        title=row.texts("title"),
        body=row.texts("body"),
        ground=Ground(row.ground).code,
        items=[one.item.code for one in row.scenario_items.all()],
        services=[service.code for service in row.services.all()],
        recipients=[recipient.code for recipient in row.recipients.all()],
        recipient_kinds=row.texts("recipient_kinds"),
        notes=[NoteEntry(code=note.code, body=note.texts("body")) for note in row.notes.all()],
        links=[link.code for link in row.links.all()],
    )
