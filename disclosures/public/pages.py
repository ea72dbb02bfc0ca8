"""What one public page shows, read from a publication's document. Pure: no SQL here."""

from dataclasses import dataclass

from disclosures.public.reader import Reader, plain, rich
from disclosures.public.shown_entries import (
    CountryView,
    ItemView,
    PageView,
    QuestionView,
    RecipientView,
    ScenarioView,
    ServiceView,
)
from disclosures.publishing.publications import Document
from privacycenter.text.words import Words

# The code of the page that says where data goes; an operator may have another instead.
WHERE_PROVIDED = "where-provided"


def is_missing(document: Document, kind: str, code: str) -> bool:
    """No page is made for what does not exist or is retired."""
    entry = document[kind].get(code)
    return entry is None or entry.get("retired", False)


@dataclass(frozen=True)
class TopicView:
    code: str
    title: Words
    lead: Words


def topics(document: Document) -> list[TopicView]:
    """The pages for the home page, in their order."""
    return [
        TopicView(code, plain(entry["title"]), rich(entry["lead"]))
        for code, entry in Reader(document).in_order("pages")
    ]


def page(document: Document, code: str) -> PageView | None:
    """None if there is no such page."""
    return Reader(document).page(code)


def scenario(document: Document, code: str) -> ScenarioView | None:
    """One scenario as it is published, word for word: no term in it is explained. None if it is not."""
    entry = document["scenarios"].get(code)
    return Reader(document, explains=False).scenario(code, entry) if entry else None


def recipients(document: Document, *, abroad: bool) -> list[RecipientView]:
    reader = Reader(document)
    views = [reader.recipient(code) for code, _entry in reader.in_order("recipients")]
    return [view for view in views if view.is_abroad is abroad]


@dataclass(frozen=True)
class CountryGroup:
    country: CountryView
    recipients: list[RecipientView]


def countries_abroad(document: Document) -> list[CountryGroup]:
    """Recipients abroad by country, with what the law wants said of each country."""
    groups: dict[str, list[RecipientView]] = {}
    for view in recipients(document, abroad=True):
        groups.setdefault(view.country.code, []).append(view)
    return [CountryGroup(views[0].country, views) for _code, views in sorted(groups.items())]


@dataclass(frozen=True)
class RecipientPage:
    recipient: RecipientView
    scenarios: list[ScenarioView]


def recipient(document: Document, code: str) -> RecipientPage | None:
    """None if there is no such recipient."""
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
    """What one service provides to whom. None if there is no such service."""
    if is_missing(document, "services", code):
        return None
    reader = Reader(document)
    scenarios = [reader.scenario(*pair) for pair in reader.in_order("scenarios") if code in pair[1]["services"]]
    return ServicePage(reader.service(code), scenarios)


@dataclass(frozen=True)
class QuestionGroup:
    code: str
    title: Words
    questions: list[QuestionView]


def faq(document: Document) -> list[QuestionGroup]:
    """All questions, grouped by the section they stand in, in the order of pages and their sections."""
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
    """Recipients that a scene describes in words instead of by name: the shops and companies a person chooses."""

    title: Words
    scenario: ScenarioView


def recipient_kinds(document: Document) -> list[RecipientKind]:
    """One line for each scene that describes its recipients, in the order of the scenes."""
    reader = Reader(document, explains=False)
    scenarios = [reader.scenario(*pair) for pair in reader.in_order("scenarios")]
    return [RecipientKind(scenario.recipient_kinds, scenario) for scenario in scenarios if scenario.recipient_kinds]


@dataclass(frozen=True)
class ServiceGroup:
    """The services of one field (travel, jobs, …)."""

    field: Words
    services: list[ServiceView]


def services_by_field(document: Document) -> list[ServiceGroup]:
    """In the order in which the fields are first met."""
    groups: dict[str, list[ServiceView]] = {}
    for view in services(document):
        groups.setdefault(view.field.text, []).append(view)
    return [ServiceGroup(views[0].field, views) for views in groups.values()]


@dataclass(frozen=True)
class HomePage:
    """``question``: the page that most people come for, None if there are no pages at all. ``items``: those that some
    scene provides."""

    topics: list[TopicView]
    question: TopicView | None
    services: list[ServiceView]
    items: list[ItemView]


def home(document: Document) -> HomePage:
    reader = Reader(document)
    used = {code for _code, entry in reader.in_order("scenarios") for code in entry["items"]}
    items = [reader.item(code) for code, _entry in reader.in_order("data_items") if code in used]
    found = topics(document)
    return HomePage(found, leading(document, found), services(document), items)


def leading(document: Document, found: list[TopicView]) -> TopicView | None:
    """The page that says where data goes, else the first one with scenes. Where no page has scenes: the first one."""
    scenarios = [entry for _code, entry in Reader(document).in_order("scenarios")]
    with_scenarios = {document["sections"][scenario["section"]]["page"] for scenario in scenarios}
    wanted = [topic for topic in found if topic.code in with_scenarios] or found
    return next((topic for topic in wanted if topic.code == WHERE_PROVIDED), next(iter(wanted), None))
