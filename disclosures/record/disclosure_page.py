"""One disclosure in full, with the text that was public when it occurred."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from disclosures.content.publications import Document
from disclosures.countersigning.queries import SignedView, signed_about
from disclosures.models import (
    AuthorityPack,
    CaseEvent,
    CitedEvidence,
    Disclosure,
    EvidenceKind,
    Flag,
    Ground,
    Publication,
    WithholdingStep,
)
from disclosures.public import pages
from disclosures.public.shown_entries import RecipientView, ScenarioView
from disclosures.public.titles import Names
from disclosures.record.corrections import CorrectionView, corrections_of, key_of
from disclosures.record.published_then import PublishedThen, published_then
from privacycenter.models import User
from privacycenter.text.words import Words, words_in


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
    """One disclosure in full. ``scenario_address`` is the URL of the scenario, empty if it is not published.

    ``account``: the number of the person's account that it is under.

    ``published``: what was published of recipient and scenario when it was recorded. ``told``: what officers told the
    person about it, with the time, oldest first. ``signed``: what the recipient signed about it with its key.
    ``packs``: those that the person made about it for an authority, newest first.
    """

    disclosure: Disclosure
    is_of_other_account: bool
    account: int
    recipient: RecipientView
    service: Words
    scenario: Words
    items: list[Words]
    ground: Ground
    flags: list[Flag]
    unevidenced: list[Flag]
    evidence: CitedEvidence | None
    withheld: list[WithholdingStep]
    scenario_address: str
    text_then: TextThen | None
    published: PublishedThen
    corrections: list[CorrectionView]
    told: list[tuple[datetime, Words]]
    signed: list[SignedView]
    packs: list[AuthorityPack]

    @property
    def is_shown_known(self) -> bool:
        """Whether the publication that is cited as shown was there when this was recorded."""
        shown = self.evidence.shown_publication if self.evidence else None
        return bool(shown) and (shown or 0) <= (self.disclosure.publication or 0)

    @property
    def act(self) -> str:
        """The number of the person's own act in the service. Empty if none is cited."""
        return self.evidence.reference if self.evidence and self.evidence.kind is EvidenceKind.ACT else ""

    @property
    def needs_approval(self) -> bool:
        """Whether a decision of the person is required for this disclosure, or is recorded with it."""
        return self.ground is Ground.APPROVAL or self.disclosure.is_unapproved or bool(self.disclosure.decision_id)


def disclosure_page(person: User, disclosure_id: UUID, names: Names, account: int = 1) -> DisclosurePage | None:
    """Return one disclosure. None if this person has none with this id. At most nine SQL statements.

    ``account``: of several accounts of the person with this id that of this number, as in the list.
    """
    found = person.disclosures.shown_to(person).with_references().filter(id=disclosure_id)
    by_number = {person.keys.index(row.person_id) + 1: row for row in found}
    disclosure = by_number.get(account) or next(iter(by_number.values()), None)
    if disclosure is None:
        return None
    code, document = disclosure.scenario.code, names.document
    is_published = document and not pages.is_missing(document, "scenarios", code)
    published = pages.scenario(document, code) if is_published else None
    then, is_later = publication_at(disclosure.occurred_at)
    return DisclosurePage(
        disclosure=disclosure,
        is_of_other_account=disclosure.person_id != person.pk,
        account=person.keys.index(disclosure.person_id) + 1,
        recipient=names.recipient_facts(disclosure.recipient.code),
        service=names.service(disclosure.service.code),
        scenario=names.scenario(code),
        items=names.items(disclosure.item_set.codes),
        ground=Ground(disclosure.ground),
        flags=disclosure.warnings,
        unevidenced=disclosure.unevidenced,
        evidence=disclosure.evidence,
        withheld=list(
            WithholdingStep.objects.filter(
                person=disclosure.person_id, disclosure_id=disclosure.id, until__isnull=False
            ).order_by("number")
        ),
        scenario_address=published.address if published else "",
        text_then=text_in(then, code, document, is_later=is_later) if then else None,
        published=published_then(disclosure, then),
        corrections=corrections_of(person, [disclosure], names).get(key_of(disclosure), []),
        told=told_about(person, disclosure),
        signed=signed_about(disclosure),
        packs=list(
            person.authority_packs.filter(disclosure_id=disclosure.id).select_related("authority").newest_first()
        ),
    )


def told_about(person: User, disclosure: Disclosure) -> list[tuple[datetime, Words]]:
    """Return what the person is told that was found about the disclosure, oldest first. One SQL statement."""
    events = CaseEvent.objects.told_to(person).filter(disclosure_id=disclosure.id).order_by("step_id")
    # A step is told once, though it may be about several events of the disclosure.
    steps = {event.step_id: (event.taken_at, words_in(event.words)) for event in events}
    return list(steps.values())


def publication_at(moment: datetime) -> tuple[Publication | None, bool]:
    """Return the publication in force at this moment, or else the first one and True. None if nothing ever was.

    At most two SQL statements.
    """
    in_force = Publication.objects.in_force_at(moment)
    return (in_force, False) if in_force else (Publication.objects.first_of_all(), True)


def text_in(publication: Publication, code: str, today: Document, *, is_later: bool) -> TextThen:
    """Return what a publication says about a scenario. Pure: no SQL."""
    then = publication.document["scenarios"].get(code)
    return TextThen(
        number=publication.number,
        published_at=publication.published_at,
        scenario=pages.scenario(publication.document, code),
        is_later=is_later,
        has_changed=bool(then and then != today.get("scenarios", {}).get(code)),
    )
