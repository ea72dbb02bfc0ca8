"""The working copy as a content pack."""

from collections import defaultdict

from disclosures.models import (
    Country,
    DataItem,
    Definition,
    EvidenceNeeded,
    FileType,
    Ground,
    ItemList,
    Link,
    MenuEntry,
    MenuPlace,
    Page,
    Question,
    Recipient,
    Route,
    RouteAbroad,
    Scenario,
    SearchTask,
    Section,
    Service,
    ServiceList,
    Site,
    SiteFile,
    Synonyms,
    Term,
)
from disclosures.models.content.entries import CONTROL_TEXTS
from disclosures.packs.schema import (
    CountryEntry,
    DataItemEntry,
    DefinitionEntry,
    ExclusionEntry,
    FileEntry,
    LinkEntry,
    MenuLinkEntry,
    NoteEntry,
    Pack,
    PageEntry,
    QuestionEntry,
    RecipientEntry,
    ScenarioEntry,
    SectionEntry,
    ServiceEntry,
    SiteEntry,
    SynonymsEntry,
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
        synonyms=[synonyms_entry(row) for row in Synonyms.objects.all()],
        links=[link_entry(row) for row in Link.objects.all()],
        menu=[menu_entry(row) for row in MenuEntry.objects.all()],
        files=[file_entry(row) for row in SiteFile.objects.all()],
        pages=page_entries(),
    )


def site_entry(row: Site) -> SiteEntry:
    names = (
        "title", "operator", "lead", "notice", "disclaimer_title", "disclaimer", "operator_address",
        "operator_representative", "purposes", "complaint_contact", "fees", "security_measures", *CONTROL_TEXTS,
    )  # fmt: skip
    return SiteEntry(
        **{name: row.texts(name) for name in names}, as_of=row.as_of, security_contact=row.security_contact
    )


def data_item_entry(row: DataItem) -> DataItemEntry:
    return DataItemEntry(
        code=row.code,
        title=row.texts("title"),
        description=row.texts("description"),
        is_special_care=row.is_special_care,
    )


def service_entry(row: Service) -> ServiceEntry:
    return ServiceEntry(
        code=row.code, title=row.texts("title"), field=row.texts("field"), is_sensitive=row.is_sensitive
    )


def country_entry(row: Country) -> CountryEntry:
    return CountryEntry(
        code=row.code, title=row.texts("title"), system=row.texts("system"), system_unknown=row.texts("system_unknown")
    )


def term_entry(row: Term) -> TermEntry:
    return TermEntry(code=row.code, term=row.texts("term"), reading=row.reading, gloss=row.texts("gloss"))


def synonyms_entry(row: Synonyms) -> SynonymsEntry:
    return SynonymsEntry(code=row.code, line=row.line, task=SearchTask(row.task) if row.task else "")


def recipient_entry(row: Recipient) -> RecipientEntry:
    names = ("title", "business", "address", "representative", "measures", "measures_unknown", "on_hold_reason")
    texts = {name: row.texts(name) for name in names}
    return RecipientEntry(
        code=row.code,
        country=row.country.code,
        contact=row.contact,
        url=row.url,
        on_hold_from=row.on_hold_from,
        on_hold_until=row.on_hold_until,
        basis_abroad=RouteAbroad(row.basis_abroad) if row.basis_abroad else "",
        basis_checked_on=row.basis_checked_on,
        is_example=row.is_example,
        **texts,
    )


def link_entry(row: Link) -> LinkEntry:
    return LinkEntry(code=row.code, title=row.texts("title"), address=row.address, note=row.texts("note"))


def menu_entry(row: MenuEntry) -> MenuLinkEntry:
    return MenuLinkEntry(
        code=row.code,
        place=MenuPlace(row.place),
        title=row.texts("title"),
        address=row.address,
        note=row.texts("note"),
    )


def file_entry(row: SiteFile) -> FileEntry:
    return FileEntry(
        code=row.code,
        title=row.texts("title"),
        file=f"{row.sha256}.{FileType(row.content_type).ending}",
        alt=row.texts("alt"),
        is_decorative=row.is_decorative,
        caption=row.texts("caption"),
        size_bytes=row.size_bytes,
        width=row.width,
        height=row.height,
    )


def page_entries() -> list[PageEntry]:
    children = defaultdict(list)
    sections = Section.objects.select_related("parent").prefetch_related(
        "links", "definitions", "questions", "scenarios__notes", "scenarios__services", "scenarios__recipients",
        "scenarios__links", "scenarios__scenario_items__item", "scenarios__exclusions__service",
        "scenarios__exclusions__item",
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
        item_list=ItemList(row.item_list),
        is_processed=row.is_processed,
        service_list=ServiceList(row.service_list),
        exclusions=[
            ExclusionEntry(service=one.service.code, item=one.item.code, reason=one.texts("reason"))
            for one in row.exclusions.all()
        ],
        route=Route(row.route) if row.route else "",
        route_detail=row.texts("route_detail"),
        route_parties=row.texts("route_parties"),
        route_purpose=row.texts("route_purpose"),
        route_responsible=row.texts("route_responsible"),
        route_stopping=row.texts("route_stopping"),
        route_abroad=RouteAbroad(row.route_abroad) if row.route_abroad else "",
        evidence=EvidenceNeeded(row.evidence) if row.evidence else "",
        notes=[NoteEntry(code=note.code, body=note.texts("body")) for note in row.notes.all()],
        links=[link.code for link in row.links.all()],
    )
