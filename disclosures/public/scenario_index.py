"""A page's scenarios as an index: by what control one has, by item, or by service. Pure: works on what it is given."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext_lazy as _

from disclosures.content.publications import Document
from disclosures.models import Ground, ItemList, ServiceList
from disclosures.models.content.entries import CONTROL_GROUPS
from disclosures.public.reader import plain
from disclosures.public.shown_entries import ItemView, PageView, ScenarioView, SectionView, ServiceView
from privacycenter.text.words import Words

BY_CONTROL, BY_ITEM, BY_SERVICE = "", "item", "service"
# With fewer scenarios, one way into them is enough.
FEWEST_FOR_WAYS = 4
# A row of so few scenarios names them: what two items with like names are in tells them apart.
MOST_NAMED = 2
GROUP_OF = {Ground.PERSON_ACT: "act", Ground.APPROVAL: "asked", Ground.NONE: "unnamed"}
# What a group is called on a site whose content does not say.
USUAL_TITLES = {
    "act": _("By your own act"),
    "asked": _("With your approval"),
    "bound": _("By policy, contract or law"),
    "unnamed": _("Not as data about one person"),
}


@dataclass(frozen=True)
class Group:
    """Scenarios over which a person has the same control. ``control`` says which; empty if the site does not say."""

    code: str
    title: Words | Any
    control: Words
    scenarios: list[ScenarioView]


@dataclass(frozen=True)
class RowScenario:
    """A scenario as it stands in a row. ``excluded_by``: services that never provide the item of the row in it.
    ``has_anchor``: it is the first of its scenario on the page, to which the scenario's anchor leads.
    """

    scenario: ScenarioView
    excluded_by: list[ServiceView]
    has_anchor: bool = False


@dataclass(frozen=True)
class Row:
    """One item, or one service, with its scenarios. ``view`` is None for scenarios that name no service."""

    code: str
    view: ItemView | ServiceView | None
    scenarios: list[RowScenario]
    is_open: bool

    @property
    def named(self) -> list[ScenarioView]:
        """The scenarios to name beside their number; none if they are too many."""
        return [one.scenario for one in self.scenarios] if len(self.scenarios) <= MOST_NAMED else []


@dataclass(frozen=True)
class ScenarioIndex:
    """One way into a page's scenarios: ``groups`` by control, else ``rows``. ``count``: how many there are.

    ``open_count``: how many of them name only examples of what the rows are, and can belong to others, too.
    ``is_unknown``: what the address asks for occurs in no scenario.
    """

    by: str
    groups: list[Group]
    rows: list[Row]
    count: int
    open_count: int = 0
    is_unknown: bool = False

    @property
    def has_ways(self) -> bool:
        return self.count >= FEWEST_FOR_WAYS


def scenarios_of(sections: Iterable[SectionView]) -> Iterator[ScenarioView]:
    """Yield every scenario in the order of the page."""
    for section in sections:
        yield from section.scenarios
        yield from scenarios_of(section.subsections)


def way_in(value: str) -> str:
    """Return the way into the scenarios that a value of the address means. Anything else is the usual one."""
    return value if value in (BY_ITEM, BY_SERVICE) else BY_CONTROL


def scenario_index(
    document: Document, page: PageView, *, by: str = "", item: str = "", service: str = ""
) -> ScenarioIndex | None:
    """Return the index in the way that is asked for. None for a page without scenarios.

    An item or a service chooses its way, and stands first and open. With both, the item is shown.
    """
    scenarios = list(scenarios_of(page.sections))
    if not scenarios:
        return None
    by, chosen = (BY_ITEM, item) if item else (BY_SERVICE, service) if service else (way_in(by), "")
    rows = {BY_ITEM: item_rows, BY_SERVICE: service_rows}.get(by, no_rows)(scenarios, chosen)
    return ScenarioIndex(
        by=by,
        groups=[] if rows else groups(document, scenarios),
        rows=anchored(sorted(rows, key=lambda row: not row.is_open)),
        count=len(scenarios),
        open_count=sum(is_open(scenario, by) for scenario in scenarios),
        is_unknown=bool(chosen) and not any(row.is_open for row in rows),
    )


def groups(document: Document, scenarios: Iterable[ScenarioView]) -> list[Group]:
    """Return the scenarios by what control one has, without empty groups. They keep the order of the page."""
    site = document.get("site", {}).get("site", {})
    found: dict[str, list[ScenarioView]] = {code: [] for code in CONTROL_GROUPS}
    for scenario in scenarios:
        found[GROUP_OF.get(scenario.ground, "bound")].append(scenario)
    return [
        Group(
            code=code,
            title=plain(site.get(f"{code}_title", {})) or USUAL_TITLES[code],
            control=plain(site.get(f"{code}_control", {})),
            scenarios=members,
        )
        for code, members in found.items()
        if members
    ]


def is_open(scenario: ScenarioView, by: str) -> bool:
    """Return whether it may have more items, or services, than the page names."""
    if by == BY_ITEM:
        return scenario.item_list != ItemList.COMPLETE
    return by == BY_SERVICE and bool(scenario.services) and scenario.service_list != ServiceList.COMPLETE


def anchored(rows: Iterable[Row]) -> list[Row]:
    """Return the rows with the anchor of each scenario where it stands first: an address leads to it in every way."""
    seen: set[str] = set()
    found = []
    for row in rows:
        shown = [replace(one, has_anchor=one.scenario.code not in seen) for one in row.scenarios]
        seen.update(one.scenario.code for one in shown)
        found.append(replace(row, scenarios=shown))
    return found


def no_rows(scenarios: Iterable[ScenarioView], chosen: str) -> list[Row]:
    return []


def item_rows(scenarios: Iterable[ScenarioView], chosen: str) -> list[Row]:
    """Return each item that a scenario provides, in the order in which they first occur."""
    views: dict[str, ItemView] = {}
    found: dict[str, list[RowScenario]] = {}
    for scenario in scenarios:
        for item in scenario.items:
            views.setdefault(item.code, item)
            shown = RowScenario(scenario, scenario.services_without(item.code))
            found.setdefault(item.code, []).append(shown)
    return [Row(code, views[code], members, code == chosen) for code, members in found.items()]


def service_rows(scenarios: Iterable[ScenarioView], chosen: str) -> list[Row]:
    """Return each service that a scenario names, in the order in which they first occur; then those that name none.

    Each scenario stands there without what the service never provides.
    """
    views: dict[str, ServiceView] = {}
    found: dict[str, list[RowScenario]] = {}
    unnamed: list[RowScenario] = []
    for scenario in scenarios:
        for service in scenario.services:
            views.setdefault(service.code, service)
            found.setdefault(service.code, []).append(RowScenario(scenario.of_service(service.code), []))
        if not scenario.services:
            unnamed.append(RowScenario(scenario, []))
    rows = [Row(code, views[code], members, code == chosen) for code, members in found.items()]
    return [*rows, Row("", None, unnamed, False)] if unnamed else rows
