"""Content of each public page, read from a publication's document. Pure: no SQL."""

from dataclasses import dataclass

from django.urls import reverse

from disclosures.content.publications import Document
from disclosures.public.reader import Reader, plain
from disclosures.public.rich_texts import rich
from disclosures.public.shown_entries import (
    ItemView,
    PageView,
    QuestionView,
    RecipientView,
    ScenarioView,
    ServiceView,
)
from privacycenter.text.words import Words

# Code of the page that says where data goes. An operator may use a different page.
WHERE_PROVIDED = "where-provided"
ITEMS_ON_HOME = 7


def is_missing(document: Document, kind: str, code: str) -> bool:
    """Return whether an entry is absent or retired, and so has no page."""
    entry = document[kind].get(code)
    return entry is None or entry.get("retired", False)


@dataclass(frozen=True)
class TopicView:
    code: str
    title: Words
    lead: Words


def topics(document: Document) -> list[TopicView]:
    """Return the pages listed on the home page, in order."""
    return [
        TopicView(code, plain(entry["title"]), rich(document, entry["lead"]))
        for code, entry in Reader(document).in_order("pages")
    ]


def page(document: Document, code: str) -> PageView | None:
    """Return one page, or None if there is none."""
    return Reader(document).page(code)


def empty_page(code: str, title: str) -> PageView:
    """Return a page of the site that no editor wrote anything for."""
    return PageView(code=code, title=Words(title, ""), lead=Words("", ""), sections=[], related=[])


def scenario(document: Document, code: str) -> ScenarioView | None:
    """Return one scenario word for word as published, without links to the glossary. None if it is not published."""
    entry = document["scenarios"].get(code)
    return Reader(document, explains=False).scenario(code, entry) if entry else None


@dataclass(frozen=True)
class RecipientPage:
    recipient: RecipientView
    scenarios: list[ScenarioView]


def recipient(document: Document, code: str) -> RecipientPage | None:
    """Return one recipient's page. None if the recipient does not exist or is retired."""
    if is_missing(document, "recipients", code):
        return None
    reader = Reader(document)
    scenarios = [reader.scenario(*pair) for pair in reader.in_order("scenarios") if code in pair[1]["recipients"]]
    return RecipientPage(reader.recipient(code), scenarios)


def services(document: Document) -> list[ServiceView]:
    reader = Reader(document)
    return [reader.service(code) for code, _entry in reader.in_order("services")]


@dataclass(frozen=True)
class ServicePage:
    service: ServiceView
    scenarios: list[ScenarioView]


def service(document: Document, code: str) -> ServicePage | None:
    """Return what one service provides to whom, without what is excluded. None if it does not exist or is retired."""
    if is_missing(document, "services", code):
        return None
    reader = Reader(document)
    scenarios = [reader.scenario(*pair) for pair in reader.in_order("scenarios") if code in pair[1]["services"]]
    return ServicePage(reader.service(code), [scenario.of_service(code) for scenario in scenarios])


@dataclass(frozen=True)
class QuestionGroup:
    code: str
    title: Words
    questions: list[QuestionView]


def faq(document: Document) -> list[QuestionGroup]:
    """Return all questions, grouped by section, in the order of pages and their sections."""
    reader = Reader(document)
    groups = [
        QuestionGroup(
            code, plain(entry["title"]), [reader.question(*pair) for pair in reader.in_order("questions", section=code)]
        )
        for page, _entry in reader.in_order("pages")
        for code, entry in reader.in_order("sections", page=page)
    ]
    return [group for group in groups if group.questions]


@dataclass(frozen=True)
class RecipientKind:
    """Recipients that a scenario describes in words instead of by name, such as the shops a person books with."""

    title: Words
    scenario: ScenarioView


def recipient_kinds(document: Document) -> list[RecipientKind]:
    """Return one row for each scenario that describes its recipients in words, in order."""
    reader = Reader(document, explains=False)
    scenarios = [reader.scenario(*pair) for pair in reader.in_order("scenarios")]
    return [RecipientKind(scenario.recipient_kinds, scenario) for scenario in scenarios if scenario.recipient_kinds]


@dataclass(frozen=True)
class ServiceGroup:
    """The services of one field (travel, jobs, …)."""

    field: Words
    services: list[ServiceView]


def services_by_field(document: Document) -> list[ServiceGroup]:
    """Return the services by field, in the order in which fields first occur."""
    groups: dict[str, list[ServiceView]] = {}
    for view in services(document):
        groups.setdefault(view.field.text, []).append(view)
    return [ServiceGroup(views[0].field, views) for views in groups.values()]


@dataclass(frozen=True)
class HomePage:
    """Content of the home page.

    ``question`` is the page that most visitors look for, None if there are no pages. ``example`` is the first scenario,
    None if there is none. ``items`` are the first that a scenario provides.
    """

    topics: list[TopicView]
    question: TopicView | None
    example: ScenarioView | None
    items: list[ItemView]


def home(document: Document) -> HomePage:
    reader = Reader(document)
    scenarios = reader.in_order("scenarios")
    used = {code for _code, entry in scenarios for code in entry["items"]}
    codes = [code for code, _entry in reader.in_order("data_items") if code in used]
    found = topics(document)
    return HomePage(
        topics=found,
        question=leading(document, found),
        example=reader.scenario(*scenarios[0]) if scenarios else None,
        items=[reader.item(code) for code in codes[:ITEMS_ON_HOME]],
    )


def way_to_situations(document: Document) -> str:
    """Return the path of the page that says where data goes. Empty if no page has situations."""
    scenarios = [entry for _code, entry in Reader(document).in_order("scenarios")]
    pages = {document["sections"][scenario["section"]]["page"] for scenario in scenarios}
    found = [code for code, _entry in Reader(document).in_order("pages") if code in pages]
    return reverse("page", args=[WHERE_PROVIDED if WHERE_PROVIDED in found else found[0]]) if found else ""


def leading(document: Document, found: list[TopicView]) -> TopicView | None:
    """Return the page that says where data goes, or the first page with scenarios, or the first page."""
    scenarios = [entry for _code, entry in Reader(document).in_order("scenarios")]
    with_scenarios = {document["sections"][scenario["section"]]["page"] for scenario in scenarios}
    wanted = [topic for topic in found if topic.code in with_scenarios] or found
    return next((topic for topic in wanted if topic.code == WHERE_PROVIDED), next(iter(wanted), None))
