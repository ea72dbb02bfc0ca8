"""Published pages as one person reads them, with what happened to this person in each scenario."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from disclosures.content.publications import Document
from disclosures.coverage.queries import Coverage, coverage, coverage_about, warned, with_gap
from disclosures.models import Ground
from disclosures.public import pages
from disclosures.public.pages import ServicePage
from disclosures.public.scenario_index import ScenarioIndex, scenario_index, scenarios_of
from disclosures.public.shown_entries import PageView, ScenarioView, SectionView, ServiceView
from disclosures.public.titles import Names
from disclosures.record.approvals import StandingApproval, standing_approvals
from disclosures.record.effective_record import Combination, combinations, corrected_record
from disclosures.record.filters import Filters
from privacycenter.models import User
from privacycenter.text.words import Words


@dataclass(frozen=True)
class OwnApproval:
    """What the person allows one recipient, with its name."""

    recipient: Words
    approval: StandingApproval


@dataclass(frozen=True)
class OwnCase:
    """What happened to one person in one scenario; shown on that person's pages only. ``query`` filters their list.

    ``gaps`` are those services of the scenario whose reports have a known gap. ``approvals``: what the person allows in
    it now; ``needs_approval``: nothing may be provided in it without one.
    """

    count: int
    recipient_count: int
    last_at: datetime | None
    flagged_count: int
    query: str
    gaps: list[Coverage]
    approvals: list[OwnApproval]
    needs_approval: bool


@dataclass(frozen=True)
class OwnService:
    """One service that provided this person's data, with the number of disclosures."""

    service: ServiceView
    count: int


@dataclass(frozen=True)
class OwnPage:
    """A published page with ``own`` set in each of its scenarios; ``index`` leads into them, by control.

    ``happened`` are the scenarios in which something was provided, latest first. ``unlisted_count`` is the number of
    disclosures in scenarios that the page does not show (or no longer shows). ``gaps`` are services with which the
    person has to do, and whose reports have a known gap.
    """

    page: PageView
    index: ScenarioIndex | None
    happened: list[ScenarioView]
    scenario_count: int
    services: list[OwnService]
    unlisted_count: int
    gaps: list[Coverage]


def own_page(person: User, document: Document, code: str) -> OwnPage | None:
    """Return the page. None if there is no such page. At most five SQL statements."""
    page = pages.page(document, code)
    if page is None:
        return None
    counted, allowed = combinations(corrected_record(person)), own_approvals(person, document)
    gaps = warned(with_gap(coverage(document)), services_of(counted, allowed))
    marked = replace(page, sections=[marked_section(section, counted, gaps, allowed) for section in page.sections])
    scenarios = list(scenarios_of(marked.sections))
    shown = {scenario.code for scenario in scenarios}
    return OwnPage(
        page=marked,
        index=scenario_index(document, marked),
        happened=happened(scenarios),
        scenario_count=len(scenarios),
        services=own_services(document, counted),
        unlisted_count=sum(one.count for one in counted if one.scenario not in shown),
        gaps=[row for row in gaps if row.is_warned],
    )


def services_of(counted: Iterable[Combination], allowed: Iterable[OwnApproval]) -> set[str]:
    """Return the services of which the person has a record, or to which they allow something."""
    return {one.service for one in counted} | {one.approval.service for one in allowed}


@dataclass(frozen=True)
class OwnServicePage:
    """The page of one service, in the same way. ``coverage`` is a list with the service's row, or empty."""

    service: ServiceView
    scenarios: list[ScenarioView]
    happened: list[ScenarioView]
    count: int
    coverage: list[Coverage]


def own_service_page(person: User, document: Document, code: str) -> OwnServicePage | None:
    """Return the page of one service. None if there is no such service. At most five SQL statements."""
    page: ServicePage | None = pages.service(document, code)
    if page is None:
        return None
    counted = [one for one in combinations(corrected_record(person)) if one.service == code]
    # The gap of the service is shown at the top of the page and not repeated in each of its scenarios.
    allowed = [one for one in own_approvals(person, document) if one.approval.service == code]
    rows = warned(coverage_about(document, service=code), services_of(counted, allowed))
    scenarios = [marked_scenario(scenario, counted, [], allowed, service=code) for scenario in page.scenarios]
    return OwnServicePage(page.service, scenarios, happened(scenarios), sum(one.count for one in counted), rows)


def own_approvals(person: User, document: Document) -> list[OwnApproval]:
    """Return what the person allows now, with the names of the recipients. At most three SQL statements."""
    names = Names(document)
    return [OwnApproval(names.recipient(one.recipient), one) for one in standing_approvals(person, document)]


def marked_section(
    section: SectionView,
    counted: Iterable[Combination],
    gaps: Iterable[Coverage],
    allowed: Iterable[OwnApproval],
) -> SectionView:
    return replace(
        section,
        scenarios=[marked_scenario(scenario, counted, gaps, allowed) for scenario in section.scenarios],
        subsections=[marked_section(part, counted, gaps, allowed) for part in section.subsections],
    )


def marked_scenario(
    scenario: ScenarioView,
    counted: Iterable[Combination],
    gaps: Iterable[Coverage],
    allowed: Iterable[OwnApproval],
    service: str = "",
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
        approvals=[one for one in allowed if one.approval.scenario == scenario.code],
        needs_approval=scenario.ground is Ground.APPROVAL,
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
