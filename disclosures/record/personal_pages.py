"""Published pages as one person reads them, with what happened to this person in each scenario."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from disclosures.coverage.queries import Coverage, coverage, coverage_about, with_gap
from disclosures.public import pages
from disclosures.public.pages import ServicePage
from disclosures.public.scenario_filter import scenarios_of
from disclosures.public.shown_entries import PageView, ScenarioView, SectionView, ServiceView
from disclosures.publishing.publications import Document
from disclosures.record.effective_record import corrected_record
from disclosures.record.filters import Filters
from disclosures.record.record_totals import Combination, combinations
from privacycenter.models import User


@dataclass(frozen=True)
class OwnCase:
    """What happened to one person in one scenario; shown on that person's pages only. ``query`` filters their list.

    ``gaps`` are those services of the scenario whose reports have a known gap.
    """

    count: int
    recipient_count: int
    last_at: datetime | None
    flagged_count: int
    query: str
    gaps: list[Coverage]


@dataclass(frozen=True)
class OwnService:
    """One service that provided this person's data, with the number of disclosures."""

    service: ServiceView
    count: int


@dataclass(frozen=True)
class OwnPage:
    """A published page with ``own`` set in each of its scenarios.

    ``happened`` are the scenarios in which something was provided, latest first. ``unlisted_count`` is the number of
    disclosures in scenarios that the page does not show (or no longer shows). ``gaps`` are services whose reports have
    a known gap.
    """

    page: PageView
    happened: list[ScenarioView]
    scenario_count: int
    services: list[OwnService]
    unlisted_count: int
    gaps: list[Coverage]


def own_page(person: User, document: Document, code: str) -> OwnPage | None:
    """Return the page. None if there is no such page. Two SQL statements."""
    page = pages.page(document, code)
    if page is None:
        return None
    counted, gaps = combinations(corrected_record(person)), with_gap(coverage(document))
    marked = replace(page, sections=[marked_section(section, counted, gaps) for section in page.sections])
    scenarios = list(scenarios_of(marked.sections))
    shown = {scenario.code for scenario in scenarios}
    return OwnPage(
        page=marked,
        happened=happened(scenarios),
        scenario_count=len(scenarios),
        services=own_services(document, counted),
        unlisted_count=sum(one.count for one in counted if one.scenario not in shown),
        gaps=gaps,
    )


@dataclass(frozen=True)
class OwnServicePage:
    """The page of one service, in the same way. ``coverage`` is a list with the service's row, or empty."""

    service: ServiceView
    scenarios: list[ScenarioView]
    happened: list[ScenarioView]
    count: int
    coverage: list[Coverage]


def own_service_page(person: User, document: Document, code: str) -> OwnServicePage | None:
    """Return the page of one service. None if there is no such service. Two SQL statements."""
    page: ServicePage | None = pages.service(document, code)
    if page is None:
        return None
    counted = [one for one in combinations(corrected_record(person)) if one.service == code]
    rows = coverage_about(document, service=code)
    # The gap of the service is shown at the top of the page and not repeated in each of its scenarios.
    scenarios = [marked_scenario(scenario, counted, [], service=code) for scenario in page.scenarios]
    return OwnServicePage(page.service, scenarios, happened(scenarios), sum(one.count for one in counted), rows)


def marked_section(section: SectionView, counted: Iterable[Combination], gaps: Iterable[Coverage]) -> SectionView:
    return replace(
        section,
        scenarios=[marked_scenario(scenario, counted, gaps) for scenario in section.scenarios],
        subsections=[marked_section(part, counted, gaps) for part in section.subsections],
    )


def marked_scenario(
    scenario: ScenarioView, counted: Iterable[Combination], gaps: Iterable[Coverage], service: str = ""
) -> ScenarioView:
    services = {one.code for one in scenario.services}
    found = [one for one in counted if one.scenario == scenario.code]
    own = OwnCase(
        count=sum(one.count for one in found),
        recipient_count=len({one.recipient_id for one in found}),
        last_at=max((one.last_at for one in found), default=None),
        flagged_count=sum(one.count for one in found if one.is_flagged),
        query=Filters(scenario=scenario.code, service=service).query,
        gaps=[row for row in gaps if row.code in services],
    )
    return replace(scenario, own=own)


def happened(scenarios: Iterable[ScenarioView]) -> list[ScenarioView]:
    """Return the scenarios in which something was provided, latest first."""
    found = [
        (scenario.own.last_at, scenario)
        for scenario in scenarios
        if isinstance(scenario.own, OwnCase) and scenario.own.last_at
    ]
    return [scenario for _last_at, scenario in sorted(found, key=lambda pair: pair[0], reverse=True)]


def own_services(document: Document, counted: Iterable[Combination]) -> list[OwnService]:
    """Return published services in the order of the site."""
    counts: dict[str, int] = {}
    for one in counted:
        counts[one.service] = counts.get(one.service, 0) + one.count
    return [OwnService(view, counts[view.code]) for view in pages.services(document) if view.code in counts]
