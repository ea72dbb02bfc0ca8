"""One disclosure in full, with the text that was public when it occurred."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from disclosures.models import Disclosure, Flag, Ground, Publication
from disclosures.public import pages
from disclosures.public.shown_entries import ScenarioView
from disclosures.publishing.publications import Document
from disclosures.publishing.titles import Names
from disclosures.record.corrections import CorrectionView, corrections_of
from privacycenter.models import User
from privacycenter.text.words import Words


@dataclass(frozen=True)
class TextThen:
    """What one publication said about a scenario. ``scenario`` is None if it was not in that publication.

    ``is_later``: nothing was published at the time, so this is the first publication after it. ``has_changed``: today's
    text of the scenario is different.
    """

    number: int
    published_at: datetime
    scenario: ScenarioView | None
    is_later: bool
    has_changed: bool


@dataclass(frozen=True)
class DisclosurePage:
    """One disclosure in full. ``scenario_address`` is the URL of the scenario, empty if it is not published."""

    disclosure: Disclosure
    items: list[Words]
    ground: Ground
    flags: list[Flag]
    scenario_address: str
    text_then: TextThen | None
    corrections: list[CorrectionView]

    @property
    def needs_approval(self) -> bool:
        """Whether a decision of the person is required for this disclosure, or is recorded with it."""
        return self.ground is Ground.APPROVAL or self.disclosure.is_unapproved or bool(self.disclosure.decision_id)


def disclosure_page(person: User, disclosure_id: UUID, document: Document | None) -> DisclosurePage | None:
    """Return one disclosure. None if this person has none with this id. At most four SQL statements."""
    disclosure = person.disclosures.with_references().filter(id=disclosure_id).first()
    if disclosure is None:
        return None
    code = disclosure.scenario.code
    is_published = document and not pages.is_missing(document, "scenarios", code)
    published = pages.scenario(document, code) if document and is_published else None
    names = Names(document)
    return DisclosurePage(
        disclosure=disclosure,
        items=names.items(disclosure.item_set.codes),
        ground=Ground(disclosure.ground),
        flags=disclosure.flag_reasons,
        scenario_address=published.address if published else "",
        text_then=text_at(disclosure.occurred_at, code, document),
        corrections=corrections_of(person, [disclosure], names).get(disclosure.id, []),
    )


def text_at(moment: datetime, code: str, today: Document | None) -> TextThen | None:
    """Return the scenario's text in the publication in force at this moment, or else in the first publication.

    None if nothing was ever published. At most two SQL statements.
    """
    in_force = Publication.objects.in_force_at(moment)
    publication = in_force or Publication.objects.first_of_all()
    if publication is None:
        return None
    then = publication.document["scenarios"].get(code)
    return TextThen(
        number=publication.number,
        published_at=publication.published_at,
        scenario=pages.scenario(publication.document, code),
        is_later=in_force is None,
        has_changed=bool(then and then != (today or {}).get("scenarios", {}).get(code)),
    )
