"""What one public page shows, read from a publication's document. Pure: no SQL here."""

from dataclasses import dataclass, field
from datetime import datetime

from django.urls import reverse
from django.utils.translation import get_language

from disclosures.models import Ground
from disclosures.queries.glossary import Terms
from disclosures.queries.publications import Document
from privacycenter.words import Words, words_in


@dataclass(frozen=True)
class LinkView:
    title: Words
    address: str
    is_external: bool


@dataclass(frozen=True)
class ItemView:
    code: str
    title: Words
    description: Words


@dataclass(frozen=True)
class ServiceView:
    code: str
    title: Words
    field: Words


@dataclass(frozen=True)
class CountryView:
    """``system_unknown``: why ``system`` is not described."""

    code: str
    title: Words
    system: Words
    system_unknown: Words


@dataclass(frozen=True)
class RecipientView:
    code: str
    title: Words
    country: CountryView
    business: Words
    address: Words
    contact: str
    measures: Words
    measures_unknown: Words
    is_example: bool
    is_abroad: bool


@dataclass(frozen=True)
class OwnCase:
    """What really happened to one person in one scene: only on that person's pages. ``query`` filters their list."""

    count: int
    recipient_count: int
    last_at: datetime | None
    flagged_count: int
    query: str


@dataclass(frozen=True)
class ScenarioView:
    """``number`` counts through the page from 1. ``is_anonymous``: processed so that nobody can be identified.

    ``own`` is None on every public page: those are the same for everyone.
    """

    code: str
    number: int
    title: Words
    body: Words
    ground: Ground
    items: list[ItemView]
    services: list[ServiceView]
    recipients: list[RecipientView]
    recipient_kinds: Words
    notes: list[Words]
    links: list[LinkView]
    address: str = ""
    own: OwnCase | None = None

    @property
    def is_anonymous(self) -> bool:
        return self.ground is Ground.NONE


@dataclass(frozen=True)
class DefinitionView:
    code: str
    term: Words
    body: Words
    examples: list[Words]


@dataclass(frozen=True)
class QuestionView:
    code: str
    question: Words
    answer: Words


@dataclass(frozen=True)
class SectionView:
    code: str
    title: Words
    body: Words
    definitions: list[DefinitionView] = field(default_factory=list)
    scenarios: list[ScenarioView] = field(default_factory=list)
    questions: list[QuestionView] = field(default_factory=list)
    links: list[LinkView] = field(default_factory=list)
    subsections: list["SectionView"] = field(default_factory=list)


@dataclass(frozen=True)
class PageView:
    code: str
    title: Words
    lead: Words
    sections: list[SectionView]
    related: list[LinkView]


# For entries of publications made before they had this text.
NO_TEXT: Document = {"source": {}, "html": {}}


def plain(texts: dict) -> Words:
    return words_in(texts)


def rich(text: dict) -> Words:
    return words_in(text["html"], is_html=True)


def lines(texts: dict) -> list[Words]:
    text = words_in(texts)
    return [Words(line, text.language, text.is_fallback) for line in text.text.splitlines() if line.strip()]


class Reader:
    """Reads one document in the active language. Lists leave out what is retired and keep the order of ``position``.

    ``explains``: legal terms in texts lead to the glossary, each the first time it is met in a section.
    """

    def __init__(self, document: Document, *, explains: bool = True) -> None:
        self.document = document
        self.count = 0
        self.terms = Terms(document if explains else {})
        self.met: set[str] = set()

    def explained(self, text: dict) -> Words:
        return self.terms.explained(rich(text), self.met)

    def in_order(self, kind: str, **where: str) -> list[tuple[str, Document]]:
        entries = [
            (code, entry)
            for code, entry in self.document[kind].items()
            if not entry.get("retired") and all(entry[name] == value for name, value in where.items())
        ]
        return sorted(entries, key=lambda pair: (pair[1].get("position", 0), pair[0]))

    # One entry --------------------------------------------------------------------------------------------------------

    def link(self, code: str) -> LinkView:
        entry = self.document["links"][code]
        address = entry["address"]
        is_external = not address.startswith("/")
        return LinkView(plain(entry["title"]), address if is_external else in_language(address), is_external)

    def item(self, code: str) -> ItemView:
        entry = self.document["data_items"][code]
        return ItemView(code, plain(entry["title"]), plain(entry["description"]))

    def service(self, code: str) -> ServiceView:
        entry = self.document["services"][code]
        return ServiceView(code, plain(entry["title"]), plain(entry["field"]))

    def country(self, code: str) -> CountryView:
        entry = self.document["countries"][code]
        return CountryView(
            code, plain(entry["title"]), rich(entry["system"]), rich(entry.get("system_unknown", NO_TEXT))
        )

    def recipient(self, code: str) -> RecipientView:
        entry = self.document["recipients"][code]
        texts = {name: plain(entry[name]) for name in ("title", "business", "address")}
        return RecipientView(
            code=code,
            country=self.country(entry["country"]),
            contact=entry["contact"],
            measures=rich(entry["measures"]),
            measures_unknown=rich(entry.get("measures_unknown", NO_TEXT)),
            is_example=entry["is_example"],
            is_abroad=entry["country"] != "JP",
            **texts,
        )

    def scenario(self, code: str, entry: Document, number: int = 0) -> ScenarioView:
        return ScenarioView(
            code=code,
            number=number,
            title=plain(entry["title"]),
            body=self.explained(entry["body"]),
            ground=Ground.from_code(entry["ground"]),
            items=[self.item(item) for item in entry["items"]],
            services=[self.service(service) for service in entry["services"]],
            recipients=[self.recipient(recipient) for recipient in entry["recipients"]],
            recipient_kinds=plain(entry["recipient_kinds"]),
            notes=[rich(note["body"]) for note in entry["notes"]],
            links=[self.link(link) for link in entry["links"]],
            address=self.address_of(code, entry),
        )

    def address_of(self, code: str, entry: Document) -> str:
        """Where a scenario stands: its page and its anchor."""
        page = self.document["sections"][entry["section"]]["page"]
        return f"{reverse('page', args=[page])}#{code}"

    def question(self, code: str, entry: Document) -> QuestionView:
        return QuestionView(code, plain(entry["question"]), self.explained(entry["answer"]))

    def definition(self, code: str, entry: Document) -> DefinitionView:
        return DefinitionView(code, plain(entry["term"]), rich(entry["body"]), lines(entry["examples"]))

    def section(self, code: str, entry: Document) -> SectionView:
        self.met = set()
        return SectionView(
            code=code,
            title=plain(entry["title"]),
            body=self.explained(entry["body"]),
            definitions=[self.definition(*pair) for pair in self.in_order("definitions", section=code)],
            scenarios=[self.numbered(*pair) for pair in self.in_order("scenarios", section=code)],
            questions=[self.question(*pair) for pair in self.in_order("questions", section=code)],
            links=[self.link(link) for link in self.by_position("links", entry["links"])],
            subsections=[self.section(*pair) for pair in self.in_order("sections", page=entry["page"], parent=code)],
        )

    def numbered(self, code: str, entry: Document) -> ScenarioView:
        self.count += 1
        return self.scenario(code, entry, self.count)

    def by_position(self, kind: str, codes: list[str]) -> list[str]:
        return sorted(codes, key=lambda code: (self.document[kind][code]["position"], code))

    # One page ---------------------------------------------------------------------------------------------------------

    def page(self, code: str) -> PageView | None:
        entry = self.document["pages"].get(code)
        if entry is None:
            return None
        return PageView(
            code=code,
            title=plain(entry["title"]),
            lead=rich(entry["lead"]),
            sections=[self.section(*pair) for pair in self.in_order("sections", page=code, parent="")],
            related=[self.link(link) for link in self.by_position("links", entry["related"])],
        )


def is_missing(document: Document, kind: str, code: str) -> bool:
    """No page is made for what does not exist or is retired."""
    entry = document[kind].get(code)
    return entry is None or entry.get("retired", False)


def in_language(path: str) -> str:
    """A path of this site, written without prefix, in the active language."""
    language = get_language() or "ja"
    return path if language == "ja" else f"/{language}{path}"


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
    scenes = [reader.scenario(*pair) for pair in reader.in_order("scenarios")]
    return [RecipientKind(scene.recipient_kinds, scene) for scene in scenes if scene.recipient_kinds]


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
    """The first topic is the question that most people come with; ``items``: those that some scene provides."""

    topics: list[TopicView]
    services: list[ServiceView]
    items: list[ItemView]


def home(document: Document) -> HomePage:
    reader = Reader(document)
    used = {code for _code, entry in reader.in_order("scenarios") for code in entry["items"]}
    items = [reader.item(code) for code, _entry in reader.in_order("data_items") if code in used]
    return HomePage(topics(document), services(document), items)
