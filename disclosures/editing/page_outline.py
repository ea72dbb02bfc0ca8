"""Outline of a page: which sections, scenarios, questions and definitions it has, in which order; and of the pages."""

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Max, Model, QuerySet

from disclosures.content.entries import edit_url
from disclosures.content.working_copy import KINDS, MODELS
from disclosures.models import Definition, Note, Page, Question, Scenario, ScenarioItem, Section
from privacycenter.canonical import sha256_of
from privacycenter.text.words import Words

# The entries of a section, in the order in which its page shows them.
INSIDE: tuple[type[Model], ...] = (Definition, Scenario, Question)


@dataclass(frozen=True)
class Node:
    """One entry in the outline. ``lists`` are the non-empty lists of entries inside it."""

    kind: str
    code: str
    title: Words
    is_retired: bool = False
    lists: list["NodeList"] = field(default_factory=list)

    @property
    def anchor(self) -> str:
        return f"{self.kind}-{self.code}"

    @property
    def address(self) -> str:
        return edit_url(self.kind, self.code)

    @property
    def kind_label(self) -> str:
        return str(label_of(self.kind))


@dataclass(frozen=True)
class NodeList:
    """Entries of one kind in order. ``inside`` is the code of their section, empty for the page."""

    kind: str
    inside: str
    nodes: list[Node]

    @property
    def label(self) -> str:
        return str(label_of(self.kind, plural=True))

    def shape(self) -> list[Any]:
        return [self.kind, self.inside, [[node.code, [inner.shape() for inner in node.lists]] for node in self.nodes]]


@dataclass(frozen=True)
class Outline:
    """The current order. ``sha256`` changes with it. ``sections`` holds (code, title), to choose a new section from."""

    lists: list[NodeList]
    sections: list[tuple[str, str]]

    @property
    def sha256(self) -> str:
        return sha256_of([found.shape() for found in self.lists])


def label_of(kind: str, *, plural: bool = False) -> Any:
    options = MODELS[kind]._meta
    return options.verbose_name_plural if plural else options.verbose_name


def siblings_of(row: Any) -> QuerySet[Any]:
    """Return the rows that this row is ordered among, including itself once it is saved."""
    found: QuerySet[Any] = type(row)._default_manager.all()
    match row:
        case Section():
            return found.filter(page=row.page_id, parent=row.parent_id)
        case Definition() | Scenario() | Question():
            return found.filter(section=row.section_id)
        case ScenarioItem() | Note():
            return found.filter(scenario=row.scenario_id)
    return found


def next_position(row: Any) -> int:
    """Return the position after all siblings of the row. One SQL statement."""
    return (siblings_of(row).exclude(pk=row.pk).aggregate(last=Max("position"))["last"] or 0) + 1


def title_of(row: Any) -> Words:
    title: Words = row.words({"definitions": "term", "questions": "question"}.get(KINDS[type(row)], "title"))
    return title


def page_outline(page: Page) -> Outline:
    """Return the outline of one page, with retired scenarios. Four SQL statements."""
    inside: dict[tuple[str, str], list[Node]] = defaultdict(list)
    for model in INSIDE:
        kind = KINDS[model]
        found: Any = model._default_manager.filter(section__page=page).select_related("section")
        for row in found:
            node = Node(kind, row.code, title_of(row), getattr(row, "retired_at", None) is not None)
            inside[row.section.code, kind].append(node)
    rows: dict[str, list[Section]] = defaultdict(list)
    for section in Section.objects.filter(page=page).select_related("parent"):
        rows[section.parent.code if section.parent else ""].append(section)

    def section_list(parent: str) -> NodeList:
        return NodeList("sections", parent, [section_node(row) for row in rows[parent]])

    def section_node(row: Section) -> Node:
        lists = [NodeList(KINDS[model], row.code, inside[row.code, KINDS[model]]) for model in INSIDE]
        return Node(
            "sections", row.code, title_of(row), lists=[one for one in (*lists, section_list(row.code)) if one.nodes]
        )

    every = [row for parent in ["", *(row.code for row in rows[""])] for row in rows[parent]]
    return Outline([section_list("")], [(row.code, title_of(row).text) for row in every])


def pages_outline() -> Outline:
    """Return the pages in order. One SQL statement."""
    return Outline([NodeList("pages", "", [Node("pages", row.code, title_of(row)) for row in Page.objects.all()])], [])


@dataclass(frozen=True)
class PageTree:
    """One page and its sections, for the front page of the desk."""

    page: Page
    title: Words
    sections: list[Node]


def page_trees() -> list[PageTree]:
    """Return all pages with their top-level sections. Two SQL statements."""
    sections: dict[int, list[Node]] = defaultdict(list)
    for row in Section.objects.filter(parent=None):
        sections[row.page_id].append(Node("sections", row.code, title_of(row)))
    return [PageTree(page, title_of(page), sections[page.pk]) for page in Page.objects.all()]
