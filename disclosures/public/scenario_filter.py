"""Filter of a page's scenarios by service and item. Pure: works on what ``pages`` returns."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from disclosures.public.shown_entries import ItemView, PageView, ScenarioView, SectionView, ServiceView

FEWEST_TO_FILTER = 4


@dataclass(frozen=True)
class Choice:
    """One service or item to choose. ``count`` is the number of scenarios on the page that have it."""

    code: str
    view: ServiceView | ItemView
    count: int


@dataclass(frozen=True)
class ScenarioFilter:
    """The choices by which the page's scenarios can be filtered, and the current ones.

    ``service`` and ``item`` are the current choices, None for any. ``is_unknown``: a requested code occurs in no
    scenario.
    """

    services: list[Choice]
    items: list[Choice]
    service: Choice | None
    item: Choice | None
    is_unknown: bool
    shown_count: int
    total_count: int

    @property
    def is_set(self) -> bool:
        return self.service is not None or self.item is not None


def scenarios_of(sections: Iterable[SectionView]) -> Iterator[ScenarioView]:
    """Yield every scenario in the order of the page."""
    for section in sections:
        yield from section.scenarios
        yield from scenarios_of(section.subsections)


def filtered(page: PageView, *, service: str, item: str) -> tuple[PageView, ScenarioFilter | None]:
    """Return the page with only those scenarios that have this service and this item. Empty codes match all.

    Everything else on the page stays, and scenarios keep their numbers. For a page with few scenarios, the filter is
    None.
    """
    scenarios = list(scenarios_of(page.sections))
    if len(scenarios) < FEWEST_TO_FILTER:
        return page, None
    services, items = choices(scenarios, "services"), choices(scenarios, "items")
    chosen_service = next((choice for choice in services if choice.code == service), None)
    chosen_item = next((choice for choice in items if choice.code == item), None)
    shown = {
        scenario.code
        for scenario in scenarios
        if has(scenario.services, chosen_service) and has(scenario.items, chosen_item)
    }
    found = ScenarioFilter(
        services=services,
        items=items,
        service=chosen_service,
        item=chosen_item,
        is_unknown=bool((service and not chosen_service) or (item and not chosen_item)),
        shown_count=len(shown),
        total_count=len(scenarios),
    )
    return replace(page, sections=[narrowed(section, shown) for section in page.sections]), found


def choices(scenarios: Iterable[ScenarioView], name: str) -> list[Choice]:
    """Return each service or item that a scenario has, in the order in which they first occur."""
    views: dict[str, ServiceView | ItemView] = {}
    counts: dict[str, int] = {}
    for scenario in scenarios:
        for view in getattr(scenario, name):
            views.setdefault(view.code, view)
            counts[view.code] = counts.get(view.code, 0) + 1
    return [Choice(code, view, counts[code]) for code, view in views.items()]


def has(views: Iterable[ServiceView | ItemView], choice: Choice | None) -> bool:
    return choice is None or any(view.code == choice.code for view in views)


def narrowed(section: SectionView, shown: set[str]) -> SectionView:
    return replace(
        section,
        scenarios=[scenario for scenario in section.scenarios if scenario.code in shown],
        subsections=[narrowed(part, shown) for part in section.subsections],
    )
