"""Entries of a publication as templates get them, in the reader's language. Dataclasses only."""

from dataclasses import dataclass, field, replace
from datetime import date, datetime

from disclosures.models import Ground, ItemList, RouteAbroad, ServiceList
from disclosures.models.content.recipients import UNDECIDED_COUNTRY
from privacycenter.text.words import Words


@dataclass(frozen=True)
class LinkView:
    title: Words
    address: str
    is_external: bool
    note: Words


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
    """A country. ``system_unknown`` says why ``system`` is not described."""

    code: str
    title: Words
    system: Words
    system_unknown: Words


@dataclass(frozen=True)
class HoldView:
    """When nothing may be provided to a recipient, and why. None: without a beginning, or without a known end."""

    since: datetime | None
    until: datetime | None
    reason: Words


@dataclass(frozen=True)
class RecipientView:
    """A recipient. ``hold``: None if it is not on hold; ``basis_abroad``: None if it is not stated."""

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
    representative: Words
    basis_abroad: RouteAbroad | None
    basis_checked_on: date | None
    hold: HoldView | None = None
    url: str = ""

    @property
    def is_country_undecided(self) -> bool:
        """Whether nobody knows yet where it will be, so that neither “abroad” nor “in Japan” is true."""
        return self.country.code == UNDECIDED_COUNTRY

    @property
    def has_equivalent_system(self) -> bool:
        return self.basis_abroad is RouteAbroad.EQUIVALENT_SYSTEM


@dataclass(frozen=True)
class ExclusionView:
    """A service that never provides an item in a scenario, and why."""

    service: ServiceView
    item: ItemView
    reason: Words


@dataclass(frozen=True)
class ScenarioView:
    """A scenario. ``number`` counts scenarios on the page from 1. ``is_anonymous``: nobody can be identified in the
    data. ``is_processed``: what would identify the person is left out, but it is still about one person. ``route`` is
    empty where the legal route is not stated. ``route_facts``: what the law wants said of it, each with what it is
    called; empty words where it is not stated. ``evidence``: what a report names for the ground; empty if it names
    nothing.

    ``recipients`` holds the first of those that are named, ``recipient_count`` says how many there are.

    ``own`` is what the person's record says about the scenario (``personal_pages.OwnCase``). It is set on that person's
    pages only and None on public pages, which are the same for everyone.
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
    item_list: ItemList
    is_processed: bool
    service_list: ServiceList
    exclusions: list[ExclusionView]
    route: str
    route_detail: Words
    route_facts: list[tuple[str, Words]]
    evidence: str = ""
    address: str = ""
    recipient_count: int = 0
    own: object | None = None

    @property
    def is_anonymous(self) -> bool:
        return self.ground is Ground.NONE

    @property
    def mark(self) -> str:
        """What its marks in the drawing look like: ``plain``, ``double`` or ``broken``."""
        return "broken" if self.is_anonymous else "double" if self.is_processed else "plain"

    @property
    def has_more_recipients(self) -> bool:
        return self.recipient_count > len(self.recipients)

    def excludes(self, service: str, item: str) -> bool:
        return any((one.service.code, one.item.code) == (service, item) for one in self.exclusions)

    def services_without(self, item: str) -> list[ServiceView]:
        """Return the services that never provide this item in it."""
        return [one.service for one in self.exclusions if one.item.code == item]

    def of_service(self, code: str) -> "ScenarioView":
        """Return the scenario as this service has it: without the items that it never provides."""
        return replace(
            self,
            items=[item for item in self.items if not self.excludes(code, item.code)],
            exclusions=[one for one in self.exclusions if one.service.code == code],
        )


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

    @property
    def has_scenarios(self) -> bool:
        return any(part.scenarios for section in self.sections for part in (section, *section.subsections))
