"""Verification of the ledger: rows match what was reported, references exist, and flags were judged correctly."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID

from disclosures.ledger.events import CLOCK_TOLERANCE, CorrectionEvent, Event, Facts
from disclosures.ledger.flagging import approval_flags
from disclosures.ledger.permissions import StandingQuestion, standings
from disclosures.models import (
    Case,
    CaseKind,
    Conflict,
    Correction,
    Disclosure,
    Flag,
    Ground,
    ItemSet,
    Recipient,
    Reporter,
    Scenario,
    Service,
)
from disclosures.models.ledger import UNAPPROVED, digest_of
from privacycenter.canonical import digest_of_texts, sha256_of
from privacycenter.database.verifying import Fault, Progress, name_of, pages
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


def verify_disclosures(progress: Progress, counts: Counter[tuple[int, int]]) -> Iterator[Fault]:
    """Yield the faults of all rows. Four or five SQL statements per thousand rows.

    Adds the number of rows by service and reporter to ``counts``.
    """
    references = References()
    for page in pages(Disclosure.objects.all()):
        subjects = subjects_of(page)
        for row in page:
            what = fault_of(row, subjects, references)
            if what:
                yield Fault(name_of(row), what)
        yield from verify_judgements(page, references)
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
    )
    return bytes.fromhex(sha256_of(event.content))


def needed_approval(row: Disclosure) -> bool:
    """Return whether the row was judged by the person's decisions, as far as the row itself tells.

    The scenario may have changed since. A ground of approval in a published scenario without ``ground_differs`` means
    that the published ground was approval.
    """
    said_so = row.ground == Ground.APPROVAL and not row.flags & (Flag.GROUND_DIFFERS | Flag.SCENARIO_UNDECLARED)
    return said_so or bool(row.flags & UNAPPROVED) or row.decision_id is not None


def verify_judgements(page: Sequence[Disclosure], references: References) -> Iterator[Fault]:
    """Judge disclosures that needed an approval again, as of when they occurred, and yield differences.

    One SQL statement.
    """
    judged = [row for row in page if needed_approval(row) and not references.missing_of(row)]
    answers = standings(
        [
            StandingQuestion(
                person=row.person_id, recipient=row.recipient_id, service=row.service_id, scenario=row.scenario_id,
                at=row.occurred_at,
            )
            for row in judged
        ]
    )  # fmt: skip
    for row, standing in zip(judged, answers, strict=True):
        items = tuple(references.items[row.item_set_id])
        flags = approval_flags(standing, items)
        if row.flags & UNAPPROVED != flags:
            said, right = in_words(row.flags & UNAPPROVED), in_words(flags)
            yield Fault(name_of(row), f"flags about the approval are {said}; by the decisions they are {right}")
        elif row.decision_id != standing.decision_for(items):
            yield Fault(name_of(row), "names another decision than the one that was in force")


def in_words(flags: int) -> str:
    return ", ".join(flag.code for flag in Flag(flags)) or "none"


def verify_item_sets(progress: Progress) -> Iterator[Fault]:
    for page in pages(ItemSet.objects.prefetch_related("items")):
        for row in page:
            if digest_of(row.codes) != row.digest:
                yield Fault(name_of(row), "the digest is not that of its codes: they were changed")
            elif sorted(row.codes) != sorted(item.code for item in row.items.all()):
                yield Fault(name_of(row), "its items are not those of its codes")
        progress(len(page))


def verify_conflicts(progress: Progress) -> Iterator[Fault]:
    """Yield conflicts whose disclosure does not exist or whose id does not match their content."""
    for page in pages(Conflict.objects.all()):
        there = keys_there(page)
        for row in page:
            content = {name: value for name, value in row.event.items() if name != "time"}
            if (row.person_id, row.disclosure_id) not in there:
                yield Fault(name_of(row), f"belongs to a disclosure that is not there ({row.disclosure_id})")
            elif uuid8_from(str(row.disclosure_id), sha256_of(content)) != row.id:
                yield Fault(name_of(row), "the id is not that of its event: the event was changed")
        progress(len(page))


def keys_there(rows: Sequence[Any], person: str = "person_id") -> set[Key]:
    found = Disclosure.objects.filter(
        person_id__in={getattr(row, person) for row in rows}, id__in={row.disclosure_id for row in rows}
    )
    return set(found.values_list("person_id", "id"))


def verify_corrections(progress: Progress) -> Iterator[Fault]:
    """Yield corrections whose disclosure or references do not exist, or whose fingerprint does not match."""
    references = References()
    for page in pages(Correction.objects.all()):
        there, subjects = keys_there(page), subjects_of(page)
        for row in page:
            if (row.person_id, row.disclosure_id) not in there:
                yield Fault(name_of(row), f"corrects a disclosure that is not there ({row.disclosure_id})")
            elif not row.is_retraction and (missing := references.missing_of(row)):
                yield Fault(name_of(row), f"{missing} points to nothing ({getattr(row, missing)})")
            elif digest_of_texts(content_of(row, subjects, references)) != bytes(row.fingerprint):
                yield Fault(name_of(row), "the fingerprint is not that of its columns: one of them was changed")
        progress(len(page))


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
        )
    return CorrectionEvent(
        source="", event_id=row.event_id, subject=subjects.get(row.person_id, ""), disclosure=row.disclosure_id,
        reason=row.reason, occurred_at=row.corrected_at, facts=facts,
    ).content  # fmt: skip


def verify_cases(progress: Progress) -> Iterator[Fault]:
    """Yield cases whose disclosure, conflict or correction does not exist.

    Rejected reports are not in the ledger, so their disclosure need not exist.
    """
    for page in pages(Case.objects.exclude(kind=CaseKind.REJECTED)):
        there = keys_there(page, "whose_id")
        others = {
            CaseKind.CONFLICT: keys_of(Conflict, page),
            CaseKind.CORRECTION: keys_of(Correction, page),
        }
        for row in page:
            if (row.whose_id, row.disclosure_id) not in there:
                yield Fault(name_of(row), f"is about a disclosure that is not there ({row.disclosure_id})")
            elif row.kind in others and (row.whose_id, row.conflict_id) not in others[CaseKind(row.kind)]:
                yield Fault(name_of(row), f"is about a report that is not there ({row.conflict_id})")
        progress(len(page))


def keys_of(model: type[Conflict] | type[Correction], cases: Sequence[Case]) -> set[Key]:
    """Return the keys of those conflicts or corrections, among the ones these cases are about, that exist."""
    found = model._default_manager.filter(
        person_id__in={case.whose_id for case in cases}, id__in={case.conflict_id for case in cases}
    )
    return set(found.values_list("person_id", "id"))
