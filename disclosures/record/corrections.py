"""Corrections of a person's disclosures. Every query starts from the person."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from disclosures.models import Correction, Disclosure, Flag
from disclosures.publishing.titles import Names
from disclosures.record.discrepancies import ComparedFact, compared, facts_of_row
from privacycenter.models import User
from privacycenter.text.words import Words


@dataclass(frozen=True)
class CorrectionView:
    """One correction for display. ``sides`` compares reported and correct facts; empty for a retraction."""

    correction: Correction
    reason: Words
    sides: list[ComparedFact]

    @property
    def changed(self) -> list[ComparedFact]:
        """The facts that differ."""
        return [side for side in self.sides if side.differs]

    @property
    def is_retraction(self) -> bool:
        return not self.sides

    @property
    def flags(self) -> list[Flag]:
        """Flags of the correct facts."""
        return list(Flag(self.correction.flags))


def corrections_of(person: User, disclosures: Sequence[Disclosure], names: Names) -> dict[UUID, list[CorrectionView]]:
    """Return disclosure id → its corrections, oldest first. One SQL statement, none without disclosures."""
    by_id = {disclosure.id: disclosure for disclosure in disclosures}
    found: dict[UUID, list[CorrectionView]] = {}
    for correction in rows_about(person, by_id):
        disclosure = by_id[correction.disclosure_id]
        found.setdefault(disclosure.id, []).append(view_of(correction, disclosure, names))
    return found


def rows_about(person: User, ids: Iterable[UUID]) -> Iterable[Correction]:
    wanted = list(ids)
    return person.corrections.filter(disclosure_id__in=wanted).with_references().oldest_first() if wanted else ()


def view_of(correction: Correction, disclosure: Disclosure, names: Names) -> CorrectionView:
    recorded, told = facts_of_row(disclosure), facts_of_row(correction)
    sides = compared(recorded, told, names) if recorded and told else []
    return CorrectionView(correction=correction, reason=correction.reason_words, sides=sides)
