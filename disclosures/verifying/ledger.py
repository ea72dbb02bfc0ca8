"""Verification of the ledger: rows match what was reported, references exist, and flags were judged correctly."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from disclosures.ledger.events import CLOCK_TOLERANCE, CORRECTION, CorrectionEvent, Event, Facts
from disclosures.models import (
    Case,
    CaseEvent,
    CaseKind,
    CaseStepKind,
    Conflict,
    Correction,
    Disclosure,
    EventSource,
    Ground,
    ItemSet,
    Recipient,
    Reporter,
    Scenario,
    Service,
)
from disclosures.models.ledger.events import digest_of
from disclosures.verifying.judgements import JudgementVerifier
from privacycenter.canonical import digest_of_texts, sha256_of
from privacycenter.database.verifying import (
    EVERYTHING,
    Fault,
    Progress,
    Window,
    fault_of_seal,
    faults_of,
    found_in,
    kept_since,
    pages,
    pages_written,
)
from privacycenter.identifiers import uuid8_from
from privacycenter.models import User

Key = tuple[int, UUID]


class References:
    """What rows refer to, by primary key: codes, and the items of a set. These small tables are held in memory."""

    TABLES = (Recipient, Service, Scenario, Reporter)

    def __init__(self) -> None:
        self.codes: dict[type, dict[int, str]] = {}
        self.load()

    def load(self) -> None:
        self.codes = {model: dict(model._default_manager.values_list("pk", "code")) for model in self.TABLES}
        self.items = dict(ItemSet.objects.values_list("pk", "codes"))

    def missing_of(self, row: Any) -> str:
        """Return the first reference that does not exist, or an empty string.

        Reloads first, for rows created meanwhile.
        """
        missing = self.look(row)
        if missing:
            self.load()
            missing = self.look(row)
        return missing

    def look(self, row: Any) -> str:
        for model in self.TABLES:
            name = f"{model._meta.model_name}_id"
            if hasattr(row, name) and getattr(row, name) not in self.codes[model]:
                return name
        for name in ("item_set_id", "allowed_set_id", "refused_set_id"):
            if hasattr(row, name) and getattr(row, name) not in self.items:
                return name
        return ""


def subjects_of(rows: Sequence[Any]) -> dict[int, str]:
    return dict(User.objects.filter(pk__in={row.person_id for row in rows}).values_list("pk", "subject"))


def verify_disclosures(
    progress: Progress, counts: Counter[tuple[int, int]], window: Window = EVERYTHING
) -> Iterator[Fault]:
    """Yield the faults of all rows. Four or five SQL statements per thousand rows.

    Adds the number of rows by service and reporter to ``counts``.
    """
    references, judgements = References(), JudgementVerifier()
    sources_since = kept_since("disclosures", "0006_seals")
    for page in pages_written(Disclosure.objects.all(), "recorded_at", window):
        subjects, sources = subjects_of(page), sources_of(page)
        for row in page:
            yield from faults_of(
                row,
                partial(fault_of, row, subjects, references),
                partial(fault_of_source, row, references, sources, sources_since),
            )
        yield from judgements.faults([row for row in page if not references.missing_of(row)])
        counts.update((row.service_id, row.reporter_id) for row in page)
        progress(len(page))


def fault_of(row: Disclosure, subjects: dict[int, str], references: References) -> str:
    if row.person_id not in subjects:
        return f"points to a person that is not there ({row.person_id})"
    if missing := references.missing_of(row):
        return f"{missing} points to nothing ({getattr(row, missing)})"
    if row.id.version != 8:
        return "the id was not made from an event"
    if row.occurred_at > row.recorded_at + CLOCK_TOLERANCE:
        return "was recorded before it occurred"
    if not has_fingerprint(row, subjects[row.person_id], references):
        return "the fingerprint is not that of its columns: one of them was changed"
    return ""


def sources_of(rows: Sequence[Any]) -> dict[int, str]:
    return dict(EventSource.objects.filter(pk__in={row.source_id for row in rows}).values_list("pk", "text"))


def fault_of_source(
    row: Disclosure | Correction, references: References, sources: dict[int, str], since: datetime, *kind: str
) -> str:
    """Return the fault of a row whose id is not that of (reporter, source, event id). ``kind``: what else is in it."""
    if row.source_id is None:
        return "has no source, although every row that was written then has one" if row.recorded_at > since else ""
    if row.source_id not in sources:
        return f"source_id points to nothing ({row.source_id})"
    reporter = references.codes[Reporter][row.reporter_id]
    if uuid8_from(reporter, sources[row.source_id], row.event_id, *kind) != row.id:
        return "the id is not that of its reporter, source and event: one of them was changed"
    return ""


def has_fingerprint(row: Disclosure, subject: str, references: References) -> bool:
    named = str(row.named_decision_id) if row.named_decision_id else ""
    return fingerprint(row, subject, references, named) == bytes(row.fingerprint)


def fingerprint(row: Disclosure, subject: str, references: References, named: str) -> bytes:
    """Compute the fingerprint from the columns, as the action does from the event."""
    event = Event(
        source="",
        event_id=row.event_id,
        subject=subject,
        recipient=references.codes[Recipient][row.recipient_id],
        service=references.codes[Service][row.service_id],
        scenario=references.codes[Scenario][row.scenario_id],
        items=tuple(references.items[row.item_set_id]),
        ground=Ground(row.ground),
        occurred_at=row.occurred_at,
        decision=named,
        evidence=row.evidence,
    )
    return bytes.fromhex(sha256_of(event.content))


def verify_item_sets(progress: Progress) -> Iterator[Fault]:
    for page in pages(ItemSet.objects.prefetch_related("items")):
        for row in page:
            yield from faults_of(row, partial(fault_of_item_set, row))
        progress(len(page))


def fault_of_item_set(row: ItemSet) -> str:
    if digest_of(row.codes) != row.digest:
        return "the digest is not that of its codes: they were changed"
    if sorted(row.codes) != sorted(item.code for item in row.items.all()):
        return "its items are not those of its codes"
    return ""


def verify_conflicts(progress: Progress, window: Window = EVERYTHING) -> Iterator[Fault]:
    """Yield conflicts whose disclosure does not exist or whose id does not match their content."""
    for page in pages_written(Conflict.objects.all(), "recorded_at", window):
        there = keys_there(page)
        for row in page:
            yield from faults_of(row, partial(fault_of_conflict, row, there))
        progress(len(page))


def fault_of_conflict(row: Conflict, there: set[Key]) -> str:
    content = {name: value for name, value in row.event.items() if name != "time"}
    if (row.person_id, row.disclosure_id) not in there:
        return f"belongs to a disclosure that is not there ({row.disclosure_id})"
    if uuid8_from(str(row.disclosure_id), sha256_of(content)) != row.id:
        return "the id is not that of its event: the event was changed"
    return ""


def keys_there(rows: Sequence[Any], person: str = "person_id") -> set[Key]:
    found = Disclosure.objects.filter(
        person_id__in={getattr(row, person) for row in rows}, id__in={row.disclosure_id for row in rows}
    )
    return set(found.values_list("person_id", "id"))


def verify_corrections(progress: Progress, window: Window = EVERYTHING) -> Iterator[Fault]:
    """Yield corrections whose disclosure or references do not exist, whose fingerprint does not match, or whose flags
    do not follow from what they were judged by."""
    references, judgements = References(), JudgementVerifier()
    sealed_since = kept_since("disclosures", "0006_seals")
    for page in pages_written(Correction.objects.all(), "recorded_at", window):
        there, subjects, sources = keys_there(page), subjects_of(page), sources_of(page)
        for row in page:
            yield from faults_of(
                row,
                partial(fault_of_correction, row, there, subjects, references),
                partial(fault_of_seal, row, row.recorded_at, sealed_since),
                partial(fault_of_source, row, references, sources, sealed_since, CORRECTION),
            )
        yield from judgements.faults([row for row in page if not row.is_retraction and not references.missing_of(row)])
        progress(len(page))


def fault_of_correction(row: Correction, there: set[Key], subjects: dict[int, str], references: References) -> str:
    if (row.person_id, row.disclosure_id) not in there:
        return f"corrects a disclosure that is not there ({row.disclosure_id})"
    if not row.is_retraction and (missing := references.missing_of(row)):
        return f"{missing} points to nothing ({getattr(row, missing)})"
    if digest_of_texts(content_of(row, subjects, references)) != bytes(row.fingerprint):
        return "the fingerprint is not that of its columns: one of them was changed"
    if row.reporter_id not in references.codes[Reporter]:
        return f"reporter_id points to nothing ({row.reporter_id})"
    return ""


def content_of(row: Correction, subjects: dict[int, str], references: References) -> dict[str, Any]:
    """Return what the reporter sent, from the columns."""
    facts = None
    if not row.is_retraction and row.item_set_id and row.ground and row.occurred_at:
        facts = Facts(
            recipient=references.codes[Recipient].get(row.recipient_id or 0, ""),
            service=references.codes[Service].get(row.service_id or 0, ""),
            scenario=references.codes[Scenario].get(row.scenario_id or 0, ""),
            items=tuple(references.items[row.item_set_id]),
            ground=Ground(row.ground),
            occurred_at=row.occurred_at,
            evidence=row.evidence,
        )
    return CorrectionEvent(
        source="", event_id=row.event_id, subject=subjects.get(row.person_id, ""), disclosure=row.disclosure_id,
        reason=row.reason, occurred_at=row.corrected_at, facts=facts,
    ).content  # fmt: skip


def verify_cases(progress: Progress, window: Window = EVERYTHING) -> Iterator[Fault]:
    """Yield events of cases whose disclosure, conflict or correction does not exist, and cases that are not as their
    steps say.

    Rejected reports are not in the ledger, so their disclosure need not exist.
    """
    events = CaseEvent.objects.exclude(case__kind=CaseKind.REJECTED).select_related("case")
    for page in pages_written(events, "recorded_at", window):
        there = keys_there(page, "whose_id")
        others = {
            CaseKind.CONFLICT: keys_of(Conflict, page),
            CaseKind.CORRECTION: keys_of(Correction, page),
        }
        for row in page:
            kind = CaseKind(row.case.kind)
            if (row.whose_id, row.disclosure_id) not in there:
                yield found_in(row, f"is about a disclosure that is not there ({row.disclosure_id})")
            elif kind in others and (row.whose_id, row.conflict_id) not in others[kind]:
                yield found_in(row, f"is about a report that is not there ({row.conflict_id})")
        progress(len(page))
    for page in pages_written(Case.objects.prefetch_related("steps"), "opened_at", window):
        for row in page:
            if fault := fault_of_case(row):
                yield found_in(row, fault)
        progress(len(page))


def fault_of_case(case: Case) -> str:
    """Return in what a case is not as its steps say, or an empty string. The steps are prefetched."""
    steps = sorted(case.steps.all(), key=lambda step: step.pk)
    closings = [step.is_closing for step in steps if step.kind in (CaseStepKind.CLOSED, CaseStepKind.REOPENED)]
    owners = [step.owner_id for step in steps if step.kind == CaseStepKind.GIVEN]
    if case.is_open is (closings[-1] if closings else False):
        return "is open or closed, and its steps say otherwise"
    if case.owner_id != (owners[-1] if owners else None):
        return "its owner is not whom its steps say"
    days = [step.due_on for step in steps if step.kind == CaseStepKind.DUE]
    return "its day is not the one that its steps say" if days and case.due_on != days[-1] else ""


def keys_of(model: type[Conflict] | type[Correction], events: Sequence[CaseEvent]) -> set[Key]:
    """Return the keys of those conflicts or corrections, among the ones these events are about, that exist."""
    found = model._default_manager.filter(
        person_id__in={event.whose_id for event in events}, id__in={event.conflict_id for event in events}
    )
    return set(found.values_list("person_id", "id"))
