"""Recording what was provided. The only code that writes the ledger."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from disclosures.actions.cases import open_cases
from disclosures.actions.item_sets import ensure_item_sets
from disclosures.actions.people import ensure_people
from disclosures.models import Conflict, Disclosure, Flag, Ground, Reporter
from disclosures.permissions import ItemState, Question, Standing, standings
from disclosures.queries.catalogue import Catalogue, Resolved
from privacycenter.canonical import sha256_of
from privacycenter.errors import Refusal, TimeInFuture
from privacycenter.identifiers import uuid8_from
from privacycenter.insert import insert_new
from privacycenter.outbox import leave

LARGEST_BATCH = 1000
CLOCK_TOLERANCE = timedelta(minutes=5)

NO_FLAG = Flag(0)
CREATED, DUPLICATE, CONFLICT, INVALID = "created", "duplicate", "conflict", "invalid"


@dataclass(frozen=True)
class Event:
    """One reported disclosure, in the reporter's words. ``occurred_at`` is aware; ``items`` are codes."""

    source: str
    event_id: str
    subject: str
    recipient: str
    service: str
    scenario: str
    items: tuple[str, ...]
    ground: Ground
    occurred_at: datetime
    decision: str = ""

    @property
    def content(self) -> dict[str, Any]:
        """What the event says, apart from its time: a retry may carry a new time and is still the same event."""
        return {
            "subject": self.subject,
            "recipient": self.recipient,
            "service": self.service,
            "scenario": self.scenario,
            "items": sorted(set(self.items)),
            "ground": self.ground.code,
            "decision": self.decision,
        }


@dataclass(frozen=True)
class Result:
    """What became of the event at this index of the batch."""

    index: int
    event_id: str
    status: str
    disclosure_id: UUID | None = None
    flags: Flag = NO_FLAG
    problem: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Candidate:
    """An event whose codes were found, at its place in the batch."""

    index: int
    event: Event
    rows: Resolved
    id: UUID
    fingerprint: bytes


@transaction.atomic
def record_disclosures(*, events: Sequence[Event], by: Reporter) -> list[Result]:
    """Record a batch. One result for each event, in order; a bad event never stops the others.

    On return everything reported as ``created`` is in the ledger once the transaction commits: answer the reporter
    only after that. Repeating any event, alone or in another batch, gives ``duplicate`` and writes nothing. An event
    with other content under a known id gives ``conflict`` and is kept in quarantine. A constant number of SQL
    statements, whatever the size of the batch. Source: docs/ledger.md.
    """
    now = timezone.now()
    candidates, refused = resolve_all(events, by, now)
    people = ensure_people(subjects={candidate.event.subject for candidate in candidates})
    rows = rows_of(candidates, people, by, now)
    written = insert_new(list({row.pk: row for row in reversed(rows)}.values()))
    tell_followers([row for row in rows if row.pk in written], by, now)
    stored = {row.pk: row for row in reversed(rows) if row.pk in written} | recorded_before(rows, written)
    settled = settle(candidates, rows, written, stored)
    conflicts = keep_conflicts(candidates, rows, settled, now)
    flagged = [row for row in stored.values() if row.pk in written and row.flags]
    open_cases(flagged=flagged, conflicts=conflicts, now=now)
    return sorted([*refused, *settled], key=lambda result: result.index)


def resolve_all(events: Sequence[Event], by: Reporter, now: datetime) -> tuple[list[Candidate], list[Result]]:
    """Find the rows behind every event's codes; what cannot be recorded comes back as a result with its problem."""
    catalogue = Catalogue(
        reporter=by,
        recipients={event.recipient for event in events},
        scenarios={event.scenario for event in events},
        items={code for event in events for code in event.items},
    )
    candidates, refused = [], []
    for index, event in enumerate(events):
        try:
            candidates.append(candidate_of(index, event, catalogue, by, now))
        except Refusal as refusal:
            refused.append(Result(index, event.event_id, INVALID, problem=refusal.as_problem()))
    return candidates, refused


def candidate_of(index: int, event: Event, catalogue: Catalogue, by: Reporter, now: datetime) -> Candidate:
    if event.occurred_at > now + CLOCK_TOLERANCE:
        raise TimeInFuture("A disclosure is reported after it happened.", "time")
    rows = catalogue.resolve(
        recipient=event.recipient,
        service=event.service,
        scenario=event.scenario,
        items=event.items,
        prefix="data.",
    )
    return Candidate(
        index=index,
        event=event,
        rows=rows,
        id=uuid8_from(by.code, event.source, event.event_id),
        fingerprint=bytes.fromhex(sha256_of(event.content)),
    )


def rows_of(candidates: Sequence[Candidate], people: dict[str, int], by: Reporter, now: datetime) -> list[Disclosure]:
    """The ledger row of each candidate, not yet written, in the same order."""
    sets = ensure_item_sets(combinations={candidate.rows.items for candidate in candidates})
    judged = judge(candidates, people)
    return [
        Disclosure(
            person_id=people[candidate.event.subject],
            id=candidate.id,
            recipient=candidate.rows.recipient,
            service=candidate.rows.service,
            scenario=candidate.rows.scenario,
            item_set=sets[candidate.rows.items],
            reporter=by,
            ground=candidate.event.ground,
            flags=flags,
            decision_id=decision,
            named_decision_id=candidate.event.decision or None,
            occurred_at=candidate.event.occurred_at,
            recorded_at=now,
            event_id=candidate.event.event_id,
            fingerprint=candidate.fingerprint,
        )
        for candidate, (flags, decision) in zip(candidates, judged, strict=True)
    ]


def judge(candidates: Sequence[Candidate], people: dict[str, int]) -> list[tuple[Flag, UUID | None]]:
    """The flags of each candidate, and the decision that allowed it, as things stood when it occurred."""
    in_need = [candidate for candidate in candidates if candidate.rows.ground is Ground.APPROVAL]
    answers = standings(
        [
            Question(
                person=people[candidate.event.subject],
                recipient=candidate.rows.recipient.pk,
                service=candidate.rows.service.pk,
                scenario=candidate.rows.scenario.pk,
                at=candidate.event.occurred_at,
            )
            for candidate in in_need
        ]
    )
    standing_at = {candidate.index: answer for candidate, answer in zip(in_need, answers, strict=True)}
    return [judgement(candidate, standing_at.get(candidate.index)) for candidate in candidates]


def judgement(candidate: Candidate, standing: Standing | None) -> tuple[Flag, UUID | None]:
    flags = NO_FLAG
    # In a scene in which nobody can be identified there is nothing to report per person.
    if candidate.event.ground is not candidate.rows.ground or candidate.rows.ground is Ground.NONE:
        flags |= Flag.GROUND_DIFFERS
    if candidate.rows.undeclared:
        flags |= Flag.ITEMS_UNDECLARED
    if standing is None:
        return flags, None
    items = candidate.rows.items
    return flags | approval_flags(standing, items), standing.decision_for(items)


def approval_flags(standing: Standing, items: tuple[str, ...]) -> Flag:
    """What was missing when an approval was needed. No flag means that every item was allowed."""
    missing = [code for code in items if not standing.allows(code)]
    flags = NO_FLAG
    for code in missing:
        flags |= flag_of(standing, code)
    if missing and not flags:
        return Flag.ITEMS_NOT_ALLOWED if standing.states else Flag.NO_DECISION
    return flags


def flag_of(standing: Standing, code: str) -> Flag:
    """What the person's decision says about one item that is not allowed; no flag if there is no decision about it."""
    state = standing.states.get(code)
    if state is ItemState.WITHDRAWN:
        return Flag.WITHDRAWN
    if state is ItemState.EXPIRED:
        return Flag.EXPIRED
    if state is ItemState.REFUSED:
        return Flag.ITEMS_NOT_ALLOWED if ItemState.ALLOWED in standing.states.values() else Flag.REFUSED
    return NO_FLAG


def recorded_before(rows: Sequence[Disclosure], written: set[tuple]) -> dict[tuple, Disclosure]:
    """The ledger's own rows for the keys that were taken. At most one SQL statement."""
    taken = {row.pk for row in rows} - written
    if not taken:
        return {}
    people, ids = {person for person, _id in taken}, {id for _person, id in taken}
    return {row.pk: row for row in Disclosure.objects.filter(person_id__in=people, id__in=ids)}


def settle(
    candidates: Sequence[Candidate], rows: Sequence[Disclosure], written: set[tuple], stored: dict[tuple, Disclosure]
) -> list[Result]:
    """Say for each candidate whether it was created, was there already, or contradicts what is there."""
    results, unclaimed = [], set(written)
    for candidate, row in zip(candidates, rows, strict=True):
        kept = stored[row.pk]
        if row.pk in unclaimed:
            unclaimed.remove(row.pk)
            status = CREATED
        else:
            status = DUPLICATE if bytes(kept.fingerprint) == candidate.fingerprint else CONFLICT
        results.append(Result(candidate.index, candidate.event.event_id, status, kept.id, Flag(kept.flags)))
    return results


def keep_conflicts(
    candidates: Sequence[Candidate], rows: Sequence[Disclosure], results: Sequence[Result], now: datetime
) -> list[Conflict]:
    """Put contradicting events into quarantine, each different one once. Returns those that were not there yet."""
    conflicts = {
        conflict.pk: conflict
        for candidate, row, result in zip(candidates, rows, results, strict=True)
        if result.status == CONFLICT
        for conflict in [
            Conflict(
                person_id=row.person_id,
                id=uuid8_from(str(row.id), candidate.fingerprint.hex()),
                disclosure_id=row.id,
                reporter=row.reporter,
                event={**candidate.event.content, "time": candidate.event.occurred_at.isoformat()},
                recorded_at=now,
            )
        ]
    }
    written = insert_new(list(conflicts.values()))
    return [conflict for key, conflict in conflicts.items() if key in written]


def tell_followers(rows: Sequence[Disclosure], by: Reporter, now: datetime) -> None:
    """One outbox row for the batch: how many disclosures of which service, and who received whose data with which flags
    (``rows``: each different person, recipient and flags once)."""
    if not rows:
        return
    counts = Counter({row.pk: row.service_id for row in rows}.values())
    leave(
        "disclosures.recorded",
        {
            "reporter": by.pk,
            "at": now.isoformat(),
            "counts": [[service, n] for service, n in sorted(counts.items())],
            "rows": sorted({(row.person_id, row.recipient_id, int(row.flags)) for row in rows}),
        },
    )
