"""Choosing scenes by service and item, and all of them at a glance. Pure: works on what ``pages`` read."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from disclosures.public.shown_entries import ItemView, PageView, ScenarioView, SectionView, ServiceView

FEWEST_TO_FILTER = 4


@dataclass(frozen=True)
class Choice:
    """One service or item to choose; ``count`` scenes of the page have it."""

    code: str
    view: ServiceView | ItemView
    count: int


@dataclass(frozen=True)
class ScenarioFilter:
    """What the page's scenes can be narrowed to, and what they are narrowed to now.

    ``service`` and ``item`` are the choices made; None: any. ``is_unknown``: a code was asked for that no scene has.
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
    """Every scene, in the order of the page."""
    for section in sections:
        yield from section.scenarios
        yield from scenarios_of(section.subsections)


def filtered(page: PageView, *, service: str, item: str) -> tuple[PageView, ScenarioFilter | None]:
    """The page with the scenes that have this service and this item; the rest of it stays. Empty codes choose all.

    None instead of a filter for a page with few scenes. Scenes keep their numbers.
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
    """Each service or item that some scene has, in the order in which they are first met."""
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
