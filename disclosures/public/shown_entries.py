"""Entries of a publication as templates get them, in the reader's language. Dataclasses only."""

from dataclasses import dataclass, field

from disclosures.models import Ground
from privacycenter.text.words import Words


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
    """A country. ``system_unknown`` says why ``system`` is not described."""

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
class ScenarioView:
    """A scenario. ``number`` counts scenarios on the page from 1. ``is_anonymous``: nobody can be identified in the
    data.

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
    address: str = ""
    own: object | None = None

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
