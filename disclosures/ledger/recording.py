"""Recording of disclosures. The only code that adds rows to the ledger."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection, transaction
from django.utils import timezone

from disclosures.content.publications import publication_named
from disclosures.ledger.case_opening import Occurrence, file_events, of_conflicts, of_disclosures
from disclosures.ledger.code_lookup import Codes, Resolved
from disclosures.ledger.correcting import CorrectionCandidate, correction_candidate, record_corrections
from disclosures.ledger.erased import digests_of_subjects, repeats_of_erased
from disclosures.ledger.events import (
    CLOCK_TOLERANCE,
    CONFLICT,
    CREATED,
    DUPLICATE,
    INVALID,
    CorrectionEvent,
    Event,
    RecordingResult,
    Report,
)
from disclosures.ledger.flagging import Judgement
from disclosures.ledger.item_sets import ensure_item_sets
from disclosures.ledger.judgements import Judgements, Matter, judge
from disclosures.ledger.people import ensure_people
from disclosures.ledger.rejections import Rejected, keep_rejected
from disclosures.ledger.source_actions import ensure_sources
from disclosures.ledger.topics import DISCLOSURES_RECORDED, DisclosuresRecorded
from disclosures.models import Conflict, Disclosure, Flag, Reporter
from disclosures.models.ledger.events import digest_of
from disclosures.models.ledger.evidence import columns_of
from privacycenter.canonical import digest_of_texts
from privacycenter.database.bulk_insert import insert_new, insert_values
from privacycenter.errors import Refusal, ReporterPaused, TimeInFuture
from privacycenter.identifiers import uuid8_from
from privacycenter.models import RowKind, User
from privacycenter.outbox.leaving import leave_all
from privacycenter.proof.growing import grown

__all__ = [
    "CONFLICT",
    "CREATED",
    "DUPLICATE",
    "INVALID",
    "LARGEST_BATCH",
    "Event",
    "RecordingResult",
    "record_disclosures",
]

LARGEST_BATCH = 1000
Key = tuple[int, UUID]


@dataclass(frozen=True, slots=True)
class Candidate:
    """An event with its codes resolved, at its index in the batch."""

    index: int
    event: Event
    rows: Resolved
    id: UUID
    fingerprint: bytes


class LedgerRow(NamedTuple):
    """The values of one row of the ledger, in the order of its columns.

    A thousand model instances would cost more than the whole INSERT.
    """

    person_id: int
    id: UUID
    recipient_id: int
    service_id: int
    scenario_id: int
    item_set_id: int
    reporter_id: int
    ground: int
    flags: int
    decision_id: UUID | None
    named_decision_id: UUID | None
    occurred_at: datetime
    recorded_at: datetime
    event_id: str
    fingerprint: bytes
    publication: int
    basis_id: UUID | None
    evidence_kind: int | None
    evidence_reference: str | None
    shown_publication: int | None
    source_id: int

    @property
    def key(self) -> Key:
        return self[:2]


class Stored(NamedTuple):
    """What the ledger holds under a key, as far as needed to judge a report of the same event."""

    flags: int
    fingerprint: bytes


@transaction.atomic
def record_disclosures(*, events: Sequence[Report], by: Reporter) -> list[RecordingResult]:
    """Record a batch of disclosures and corrections. Returns one result per event, in order; a bad one never stops the
    others.

    Everything returned as ``created`` is in the ledger once the transaction commits: answer the reporter only then.
    Repeating an event, in the same batch or another, gives ``duplicate`` and writes nothing. Different content under a
    known id gives ``conflict`` and is kept in quarantine. An event that cannot be recorded gives ``invalid`` and is
    kept as a rejected report. Corrections are recorded after the disclosures of the batch, so that they may refer to
    them. An event that repeats, or corrects, what was erased gives ``duplicate`` and brings nothing back. A constant
    number of SQL statements, whatever the size of the batch. Raises ReporterPaused, and records nothing, for a reporter
    that an officer paused. Source: docs/ledger.md.
    """
    if by.paused_at:
        raise ReporterPaused
    now = timezone.now()
    codes = codes_to_hold(events, by)
    again = repeats_of_erased(events, by) if codes.erased else {}
    candidates, corrections, rejected = resolve_all(events, codes, by, now, left_out=again.keys())
    codes.sources = ensure_sources(texts={candidate.event.source for candidate in candidates}, known=codes.sources)
    recorded, to_look_into = record_candidates(candidates, codes, by, now)
    corrected, unusable, wrongly = record_corrections(candidates=corrections, sources=codes.sources, by=by, now=now)
    rejected += unusable
    unrecorded = keep_rejected(rejected=rejected, by=by, now=now)
    file_events(occurrences=[*to_look_into, *wrongly, *unrecorded], now=now)
    results = [*again.values(), *recorded, *corrected, *(one.result for one in rejected if one.result)]
    return sorted(results, key=lambda result: result.index)


def codes_to_hold(events: Sequence[Report], by: Reporter) -> Codes:
    """Look up what the events name, and keep the people among it from being erased before the commit.

    Where an erasure came between, everything is looked up anew, so that what it left counts. On SQLite nothing can come
    between: a transaction begins as its only writer.
    """
    codes = codes_of(events, by)
    if connection.features.has_select_for_update:
        while codes.people and User.objects.hold(codes.people.keys()) != codes.people:
            codes = codes_of(events, by)
    return codes


def codes_of(events: Sequence[Report], by: Reporter) -> Codes:
    """Look up what the events name. A retraction names no codes."""
    named = [facts for event in events if (facts := event.facts if isinstance(event, CorrectionEvent) else event)]
    combinations = {facts.items for facts in named}
    return Codes(
        by,
        named,
        subjects={event.subject for event in events},
        digests={digest_of(items) for items in combinations},
        sources={event.source for event in events},
        erased_subjects=digests_of_subjects({event.subject for event in events}),
    )


def record_candidates(
    candidates: Sequence[Candidate], codes: Codes, by: Reporter, now: datetime
) -> tuple[list[RecordingResult], list[Occurrence]]:
    """Record them. Returns results, and what the privacy officer should look into."""
    people = ensure_people(subjects={candidate.event.subject for candidate in candidates}, known=codes.people)
    matters = [matter_of(candidate, people) for candidate in candidates]
    judgements = judge(matters, publication_named(codes.newest))
    combinations = {candidate.rows.items for candidate in candidates}
    sets = ensure_item_sets(combinations=combinations, known=codes.item_sets)
    rows = rows_of(candidates, judgements, people, sets, codes.sources, by, now)
    # Of equal keys the first row counts; in reverse order, it overwrites the others in the dict.
    distinct = {row.key: row for row in reversed(rows)}
    written = insert_values(Disclosure, list(distinct.values()))
    new = {key: row for key, row in distinct.items() if key in written}
    tell_followers(new.values(), by, now)
    stored = {key: Stored(row.flags, row.fingerprint) for key, row in new.items()} | recorded_before(rows, written)
    settled = settle(candidates, rows, judgements.each, written, stored)
    conflicts = keep_conflicts(candidates, rows, settled, now)
    return settled, [*of_disclosures(row for row in new.values() if row.flags), *of_conflicts(conflicts)]


def resolve_all(
    events: Sequence[Report], codes: Codes, by: Reporter, now: datetime, *, left_out: Collection[int] = ()
) -> tuple[list[Candidate], list[CorrectionCandidate], list[Rejected]]:
    """Resolve the codes of every event. Events that cannot be recorded are returned with their problem."""
    candidates, corrections, rejected = [], [], []
    for index, event in enumerate(events):
        if index in left_out:
            continue
        try:
            refuse_future(event.occurred_at, now, "time")
            if isinstance(event, CorrectionEvent):
                if event.facts:
                    refuse_future(event.facts.occurred_at, now, "data.corrected.time")
                corrections.append(correction_candidate(index, event, codes, by))
            else:
                candidates.append(candidate_of(index, event, codes, by))
        except Refusal as refusal:
            rejected.append(Rejected(index, event, refusal.as_problem()))
    return candidates, corrections, rejected


def refuse_future(moment: datetime, now: datetime, field: str) -> None:
    if moment > now + CLOCK_TOLERANCE:
        raise TimeInFuture("A disclosure is reported after it happened.", field)


def candidate_of(index: int, event: Event, codes: Codes, by: Reporter) -> Candidate:
    return Candidate(
        index=index,
        event=event,
        rows=codes.resolve(event, "data."),
        id=uuid8_from(by.code, event.source, event.event_id),
        fingerprint=digest_of_texts(event.content),
    )


def matter_of(candidate: Candidate, people: dict[str, int]) -> Matter:
    event = candidate.event
    return Matter(people[event.subject], candidate.rows, event.ground, event.occurred_at, event.evidence)


def rows_of(
    candidates: Sequence[Candidate],
    judgements: Judgements,
    people: dict[str, int],
    sets: dict[tuple[str, ...], int],
    sources: dict[str, int],
    by: Reporter,
    now: datetime,
) -> list[LedgerRow]:
    """Return the ledger row of each candidate, in order, without writing it."""
    return [
        LedgerRow(
            person_id=people[candidate.event.subject],
            id=candidate.id,
            recipient_id=candidate.rows.recipient.pk,
            service_id=candidate.rows.service.pk,
            scenario_id=candidate.rows.scenario.pk,
            item_set_id=sets[candidate.rows.items],
            reporter_id=by.pk,
            ground=candidate.event.ground.value,
            flags=judgement.flags.value,
            decision_id=judgement.decision_id,
            named_decision_id=UUID(candidate.event.decision) if candidate.event.decision else None,
            occurred_at=candidate.event.occurred_at,
            recorded_at=now,
            event_id=candidate.event.event_id,
            fingerprint=candidate.fingerprint,
            publication=judgements.publication,
            basis_id=judgement.basis_id,
            **columns_of(candidate.event.evidence),
            source_id=sources[candidate.event.source],
        )
        for candidate, judgement in zip(candidates, judgements.each, strict=True)
    ]


def recorded_before(rows: Sequence[LedgerRow], written: set[tuple[Any, ...]]) -> dict[Key, Stored]:
    """Return what the ledger already holds under these keys. At most one SQL statement."""
    taken = {row.key for row in rows} - written
    if not taken:
        return {}
    found = Disclosure.objects.filter(
        person_id__in={person for person, _id in taken}, id__in={id for _person, id in taken}
    )
    return {
        (person, id): Stored(flags, bytes(fingerprint))
        for person, id, flags, fingerprint in found.values_list("person_id", "id", "flags", "fingerprint")
    }


def settle(
    candidates: Sequence[Candidate],
    rows: Sequence[LedgerRow],
    judgements: Sequence[Judgement],
    written: set[tuple[Any, ...]],
    stored: dict[Key, Stored],
) -> list[RecordingResult]:
    """Return for each candidate whether it was created, was there already, or contradicts what is there."""
    results, unclaimed = [], set(written)
    for candidate, row, judgement in zip(candidates, rows, judgements, strict=True):
        key = row.key
        kept = stored[key]
        warnings: tuple[dict[str, Any], ...] = ()
        if key in unclaimed:
            unclaimed.remove(key)
            status = CREATED
            items = candidate.event.items
            warnings = tuple(departure.as_warning("data.", items) for departure in judgement.departures)
        else:
            status = DUPLICATE if kept.fingerprint == candidate.fingerprint else CONFLICT
        results.append(
            RecordingResult(
                candidate.index, candidate.event.event_id, status, row.id, flags=Flag(kept.flags), warnings=warnings
            )
        )
    return results


def keep_conflicts(
    candidates: Sequence[Candidate], rows: Sequence[LedgerRow], results: Sequence[RecordingResult], now: datetime
) -> list[tuple[Conflict, LedgerRow]]:
    """Quarantine contradicting events, each distinct one once. Returns those that are new, with what they tell."""
    conflicts = {
        conflict.pk: (conflict, row)
        for candidate, row, result in zip(candidates, rows, results, strict=True)
        if result.status == CONFLICT
        for conflict in [
            Conflict(
                person_id=row.person_id,
                id=uuid8_from(str(row.id), candidate.fingerprint.hex()),
                disclosure_id=row.id,
                reporter_id=row.reporter_id,
                event={**candidate.event.content, "time": candidate.event.occurred_at.isoformat()},
                recorded_at=now,
            )
        ]
    }
    written = insert_new([conflict for conflict, _row in conflicts.values()])
    return [kept for key, kept in conflicts.items() if key in written]


def tell_followers(rows: Collection[LedgerRow], by: Reporter, now: datetime) -> None:
    """Leave one outbox row for each follower of the batch, and for the log, in one SQL statement.

    The first has the number of disclosures per service and per combination of what is content, and in ``rows`` each
    distinct (person, recipient, flags) once.
    """
    counts = Counter(row.service_id for row in rows)
    practice = Counter((row.recipient_id, row.service_id, row.scenario_id, row.item_set_id) for row in rows)
    if counts:
        recorded = DisclosuresRecorded(
            reporter=by.pk,
            at=now,
            counts=tuple(sorted(counts.items())),
            rows=tuple(sorted({(row.person_id, row.recipient_id, int(row.flags)) for row in rows})),
            practice=tuple((*key, count) for key, count in sorted(practice.items())),
        )
        sealed = grown(RowKind.DISCLOSURE, [row.key for row in rows])
        leave_all([(DISCLOSURES_RECORDED, recorded), *sealed])
