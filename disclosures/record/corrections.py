"""Corrections of a person's disclosures, and two versions of one disclosure side by side.

Every query starts from the person.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from disclosures.models import CitedEvidence, Correction, Disclosure, EvidenceKind, Flag, Ground
from disclosures.models.ledger.events import warning_of
from disclosures.public.titles import Names
from privacycenter.database.compiled_queries import among
from privacycenter.database.person_queries import PersonQuery
from privacycenter.models import User
from privacycenter.text.words import Words

# --- Two versions side by side: what is recorded, and what another report says ---------------------------------------


@dataclass(frozen=True)
class ComparedFact:
    """One fact in both versions, each as a list of words to display."""

    label: Any
    recorded: list[Any]
    told: list[Any]

    @property
    def differs(self) -> bool:
        return list(map(str, self.recorded)) != list(map(str, self.told))


@dataclass(frozen=True)
class ReportedFacts:
    """The facts of one version, by their codes. ``occurred_at`` has a time zone.

    ``decision`` is the decision that the report named, if any.
    """

    recipient: str
    service: str
    scenario: str
    items: Sequence[str]
    ground: Ground
    occurred_at: datetime
    decision: str = ""
    evidence: CitedEvidence | None = None


def facts_of_row(row: Disclosure | Correction) -> ReportedFacts | None:
    """Return the facts of a row that was fetched with its references. None for a retraction."""
    if not (row.recipient and row.service and row.scenario and row.item_set and row.ground and row.occurred_at):
        return None
    return ReportedFacts(
        recipient=row.recipient.code,
        service=row.service.code,
        scenario=row.scenario.code,
        items=row.item_set.codes,
        ground=Ground(row.ground),
        occurred_at=row.occurred_at,
        decision=str(getattr(row, "named_decision_id", None) or ""),
        evidence=row.evidence,
    )


def facts_in_event(event: dict[str, Any]) -> ReportedFacts:
    """Return the facts of a stored event."""
    return ReportedFacts(
        recipient=event["recipient"],
        service=event["service"],
        scenario=event["scenario"],
        items=event["items"],
        ground=Ground.from_code(event["ground"]),
        occurred_at=datetime.fromisoformat(event["time"]),
        decision=event.get("decision") or "",
        evidence=evidence_in_event(event.get("evidence")),
    )


def evidence_in_event(cited: dict[str, str] | None) -> CitedEvidence | None:
    if cited is None:
        return None
    shown = cited.get("shown_publication")
    return CitedEvidence(EvidenceKind.from_code(cited["kind"]), cited["reference"], int(shown) if shown else None)


def compared(
    recorded: ReportedFacts, told: ReportedFacts, names: Names, *, for_officers: bool = False
) -> list[ComparedFact]:
    """Compare fact by fact, in the order used on every page. Facts that neither version has are left out.

    Only officers read the reference of an order.
    """
    return [
        ComparedFact(label, ours, theirs)
        for (label, ours), (_label, theirs) in zip(
            labelled_facts(recorded, names, for_officers), labelled_facts(told, names, for_officers), strict=True
        )
        if ours != [""] or theirs != [""]
    ]


def labelled_facts(facts: ReportedFacts, names: Names, for_officers: bool) -> list[tuple[Any, list[Any]]]:
    moment = date_format(timezone.localtime(facts.occurred_at), "DATETIME_FORMAT")
    return [
        (_("Recipient"), [names.recipient(facts.recipient)]),
        (_("Service"), [names.service(facts.service)]),
        (_("Situation"), [names.scenario(facts.scenario)]),
        (_("Items"), names.items(facts.items)),
        (_("Ground"), [facts.ground.label_for(officers=for_officers)]),
        (_("When"), [moment]),
        (_("Decision named"), [facts.decision]),
        (_("Evidence"), [evidence_words(facts.evidence, for_officers=for_officers)]),
    ]


def evidence_words(evidence: CitedEvidence | None, *, for_officers: bool = False) -> str:
    """Return what is cited in one line. Empty if nothing is; without its reference where the reader may not know it."""
    if evidence is None:
        return ""
    reference = evidence.reference if for_officers else evidence.reference_for_person
    kind = evidence.kind.label_for(officers=for_officers)
    line = _("%(kind)s: %(reference)s") % {"kind": kind, "reference": reference} if reference else kind
    shown = evidence.shown_publication
    # A sentence of its own, outside of an f-string: makemessages finds none within one.
    said = _("%(evidence)s (publication %(number)s was shown, as the service reported)")
    return said % {"evidence": line, "number": shown} if shown else line


# --- Corrections -----------------------------------------------------------------------------------------------------


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
        """Warnings about the correct facts."""
        return list(warning_of(self.correction.flags))


# Account and id of a disclosure: an event reported about two accounts of a person has the same id under both.
Key = tuple[int, UUID]


def key_of(disclosure: Disclosure) -> Key:
    return disclosure.person_id, disclosure.id


def corrections_of(
    person: User, disclosures: Sequence[Disclosure], names: Names, *, for_officers: bool = False
) -> dict[Key, list[CorrectionView]]:
    """Return each disclosure's key → its corrections, oldest first. One SQL statement, none without disclosures."""
    by_key = {key_of(disclosure): disclosure for disclosure in disclosures}
    found: dict[Key, list[CorrectionView]] = {}
    for correction in rows_about(person, {id for _account, id in by_key}):
        key = correction.person_id, correction.disclosure_id
        if disclosure := by_key.get(key):
            found.setdefault(key, []).append(view_of(correction, disclosure, names, for_officers))
    return found


def rows_about(person: User, ids: Iterable[UUID]) -> Iterable[Correction]:
    wanted = list(ids)
    return ABOUT.rows(person, ids=wanted) if wanted else ()


ABOUT = PersonQuery(
    lambda person, ids: person.corrections.filter(among("disclosure_id", ids)).with_references().oldest_first()
)


def view_of(correction: Correction, disclosure: Disclosure, names: Names, for_officers: bool) -> CorrectionView:
    recorded, told = facts_of_row(disclosure), facts_of_row(correction)
    sides = compared(recorded, told, names, for_officers=for_officers) if recorded and told else []
    return CorrectionView(correction=correction, reason=correction.reason_words, sides=sides)
