"""Recording of corrections. The disclosure stays as reported, with the correction beside it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from disclosures.content.publications import newest_publication
from disclosures.ledger.case_opening import Occurrence, of_corrections
from disclosures.ledger.code_lookup import Codes, Resolved
from disclosures.ledger.events import (
    CONFLICT,
    CORRECTION,
    CREATED,
    DUPLICATE,
    NO_FLAG,
    CorrectionEvent,
    Facts,
    RecordingResult,
)
from disclosures.ledger.flagging import Judgement
from disclosures.ledger.item_sets import ensure_item_sets
from disclosures.ledger.judgements import Matter, judge
from disclosures.ledger.rejections import Rejected
from disclosures.ledger.source_actions import ensure_sources
from disclosures.models import Correction, Disclosure, Flag, Reporter
from disclosures.models.ledger.evidence import columns_of
from privacycenter.canonical import digest_of_texts
from privacycenter.database.bulk_insert import insert_new
from privacycenter.errors import ContentDiffers, UnknownDisclosure
from privacycenter.identifiers import uuid8_from
from privacycenter.models import RowKind, User
from privacycenter.proof.growing import record_grew


@dataclass(frozen=True, slots=True)
class CorrectionCandidate:
    """A correction with its codes resolved, at its index in the batch. ``rows`` is None for a retraction."""

    index: int
    event: CorrectionEvent
    rows: Resolved | None
    id: UUID
    fingerprint: bytes


def correction_candidate(index: int, event: CorrectionEvent, codes: Codes, by: Reporter) -> CorrectionCandidate:
    """Return the candidate. Raises the refusal of the first unusable code."""
    return CorrectionCandidate(
        index=index,
        event=event,
        rows=codes.resolve(event.facts, "data.corrected.") if event.facts else None,
        id=uuid8_from(by.code, event.source, event.event_id, CORRECTION),
        fingerprint=digest_of_texts(event.content),
    )


@transaction.atomic(savepoint=False)
def record_corrections(
    *, candidates: Sequence[CorrectionCandidate], sources: Mapping[str, int], by: Reporter, now: datetime
) -> tuple[list[RecordingResult], list[Rejected], list[Occurrence]]:
    """Record the corrections of a batch, after its disclosures. Returns results, the events that were not recorded, and
    what the privacy officer should look into. ``sources``: text → key of those already known.

    A correction of a disclosure that does not exist, or that belongs to another reporter's service, is rejected with
    the same problem. Repeating gives ``duplicate``; different content under a known id gives ``conflict``. A constant
    number of SQL statements, none without corrections.
    """
    if not candidates:
        return [], [], []
    people = User.objects.for_subjects({candidate.event.subject for candidate in candidates})
    known = correctable(candidates, people, by)
    usable, rejected = [], []
    for candidate in candidates:
        person = people.get(candidate.event.subject)
        if person is not None and (person, candidate.event.disclosure) in known:
            usable.append((candidate, person))
        else:
            refusal = UnknownDisclosure("There is no such disclosure of this person here.", "data.disclosure")
            rejected.append(Rejected(candidate.index, candidate.event, refusal.as_problem()))
    results, flagged = write(usable, sources, by, now)
    recorded = [one for one in results if isinstance(one, RecordingResult)]
    rejected += [one for one in results if isinstance(one, Rejected)]
    return recorded, rejected, of_corrections(flagged)


def correctable(
    candidates: Sequence[CorrectionCandidate], people: dict[str, int], by: Reporter
) -> set[tuple[int, UUID]]:
    """Return the keys of the named disclosures that exist and belong to the reporter's services. One SQL statement."""
    found = Disclosure.objects.filter(
        person_id__in=people.values(),
        id__in={candidate.event.disclosure for candidate in candidates},
        service_id__in=[service.pk for service in by.services.all()],
    )
    return set(found.values_list("person_id", "id"))


def write(
    usable: Sequence[tuple[CorrectionCandidate, int]], sources: Mapping[str, int], by: Reporter, now: datetime
) -> tuple[list[RecordingResult | Rejected], list[Correction]]:
    """Write them. Returns how each was settled, and the new ones whose correct facts have flags."""
    with_facts = [(candidate, candidate.rows, candidate.event.facts, person) for candidate, person in usable]
    matters = {
        candidate.index: Matter(person, rows, facts.ground, facts.occurred_at, facts.evidence)
        for candidate, rows, facts, person in with_facts
        if rows and facts
    }
    sources = ensure_sources(texts={candidate.event.source for candidate, _person in usable}, known=sources)
    judgements = judge(list(matters.values()), newest_publication() if matters else None)
    judged = dict(zip(matters, judgements.each, strict=True))
    sets = ensure_item_sets(combinations={matter.rows.items for matter in matters.values()})
    rows = [row_of(candidate, person, judged.get(candidate.index), sets, by, now) for candidate, person in usable]
    for row, (candidate, _person) in zip(rows, usable, strict=True):
        row.publication = None if row.is_retraction else judgements.publication
        row.source_id = sources[candidate.event.source]
        row.set_seal()
    written = insert_new(list({row.pk: row for row in reversed(rows)}.values()))
    new = {row.pk: row for row in reversed(rows) if row.pk in written}
    record_grew(RowKind.CORRECTION, new)
    stored = new | recorded_before(rows, written)
    return settle(usable, rows, judged, written, stored), [row for row in new.values() if row.flags]


def row_of(
    candidate: CorrectionCandidate,
    person: int,
    judgement: Judgement | None,
    sets: dict[tuple[str, ...], int],
    by: Reporter,
    now: datetime,
) -> Correction:
    event = candidate.event
    row = Correction(
        person_id=person,
        id=candidate.id,
        disclosure_id=event.disclosure,
        reporter=by,
        reason=event.reason,
        corrected_at=event.occurred_at,
        recorded_at=now,
        event_id=event.event_id,
        fingerprint=candidate.fingerprint,
    )
    if candidate.rows and event.facts and judgement:
        fill_in(row, candidate.rows, event.facts, judgement, sets)
    return row


def fill_in(
    row: Correction, rows: Resolved, facts: Facts, judgement: Judgement, sets: dict[tuple[str, ...], int]
) -> None:
    row.recipient_id, row.service_id, row.scenario_id = rows.recipient.pk, rows.service.pk, rows.scenario.pk
    row.item_set_id = sets[rows.items]
    row.ground, row.occurred_at = facts.ground.value, facts.occurred_at
    for name, value in columns_of(facts.evidence).items():
        setattr(row, name, value)
    row.flags, row.decision_id, row.basis_id = judgement.flags.value, judgement.decision_id, judgement.basis_id


def recorded_before(rows: Sequence[Correction], written: set[tuple[Any, ...]]) -> dict[tuple[Any, ...], Correction]:
    """Return the corrections already stored under these keys. At most one SQL statement."""
    taken = {row.pk for row in rows} - written
    if not taken:
        return {}
    people, ids = {person for person, _id in taken}, {id for _person, id in taken}
    return {row.pk: row for row in Correction.objects.filter(person_id__in=people, id__in=ids)}


def settle(
    usable: Sequence[tuple[CorrectionCandidate, int]],
    rows: Sequence[Correction],
    judged: dict[int, Judgement],
    written: set[tuple[Any, ...]],
    stored: dict[tuple[Any, ...], Correction],
) -> list[RecordingResult | Rejected]:
    """Return the result of each correction.

    A contradicting one is kept as a rejected report and answered as a conflict.
    """
    settled: list[RecordingResult | Rejected] = []
    unclaimed = set(written)
    for (candidate, _person), row in zip(usable, rows, strict=True):
        kept = stored[row.pk]
        is_same = bytes(kept.fingerprint) == candidate.fingerprint
        status = CREATED if row.pk in unclaimed else DUPLICATE if is_same else CONFLICT
        unclaimed.discard(row.pk)
        result = result_of(candidate, kept, status, judged.get(candidate.index))
        if status == CONFLICT:
            refusal = ContentDiffers("Another correction is recorded under this id.", "id")
            settled.append(Rejected(candidate.index, candidate.event, refusal.as_problem(), result))
        else:
            settled.append(result)
    return settled


def result_of(
    candidate: CorrectionCandidate, kept: Correction, status: str, judgement: Judgement | None
) -> RecordingResult:
    facts = candidate.event.facts
    is_new = status == CREATED and facts is not None and judgement is not None
    departures = judgement.departures if is_new and judgement else ()
    items = facts.items if facts else ()
    return RecordingResult(
        index=candidate.index,
        event_id=candidate.event.event_id,
        status=status,
        disclosure_id=kept.disclosure_id,
        flags=Flag(kept.flags) if kept.flags else NO_FLAG,
        warnings=tuple(departure.as_warning("data.corrected.", items) for departure in departures),
        correction_id=kept.id,
    )
