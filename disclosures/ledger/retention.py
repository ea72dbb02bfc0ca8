"""Removal of rows at the end of their retention: the only code that deletes from the ledger. Rules: docs/ledger.md."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import F, Min, Model, OuterRef, Subquery
from django.utils import timezone

from disclosures.models import (
    Case,
    CaseEvent,
    CaseKind,
    CaseStep,
    Conflict,
    Correction,
    Countersignature,
    Disclosure,
    Lookup,
    PracticeCount,
    ReceivedCount,
    RecordAccess,
    RejectedReport,
    ReportCount,
    WithholdingStep,
)
from disclosures.models.ledger.practice import LOOKED_BACK_DAYS
from privacycenter.database.keyed_rows import of_free_people, of_keys
from privacycenter.database.purging import BATCH_SIZE, Key, delete_keys, delete_rows, in_batches, purge_door, walk
from privacycenter.models import RowKind
from privacycenter.proof.retention_actions import held_by_log, remove_sealed

# Person-owned tables whose rows belong to a disclosure (``disclosure_id``) → the column with the time of writing. They
# are removed with the disclosure, which stays while one of them is newer than the cutoff.
BELONGINGS: dict[type[Model], str] = {
    Conflict: "recorded_at", Correction: "recorded_at", WithholdingStep: "taken_at", Countersignature: "received_at",
}  # fmt: skip
# Those of them that are sealed in the log.
SEALED_BELONGINGS: dict[type[Model], RowKind] = {
    Correction: RowKind.CORRECTION, Countersignature: RowKind.COUNTERSIGNATURE,
}  # fmt: skip


@dataclass
class Removed:
    """What a purge removed.

    ``disclosures``: (month of recording as 2023-04, service code) → count. ``others``: kind → count. ``held``: number
    of old disclosures that stay, because of a later provision to the same recipient, a newer row that belongs to them,
    or a case.
    """

    disclosures: Counter[tuple[str, str]] = field(default_factory=Counter)
    others: Counter[str] = field(default_factory=Counter)
    held: int = 0

    def add(self, other: "Removed") -> None:
        self.disclosures += other.disclosures
        self.others += other.others
        self.held += other.held


def old_disclosures(cutoff: datetime) -> Iterator[list[Key]]:
    """Yield the keys of all disclosures recorded at or before the cutoff, in batches.

    On PostgreSQL day by day: the block range index finds a day in milliseconds, whatever the size of the table. On
    SQLite in one pass by key.
    """
    if connection.vendor != "postgresql":
        yield from walk(Disclosure.objects.filter(recorded_at__lte=cutoff))
        return
    first = ReportCount.objects.aggregate(first=Min("first_reported_at"))["first"]
    begins_at, ends_at = None, min(first or cutoff, cutoff)
    while begins_at is None or begins_at < cutoff:
        yield from recorded_within(begins_at, ends_at)
        begins_at, ends_at = ends_at, min(ends_at + timedelta(days=1), cutoff)


def recorded_within(begins_at: datetime | None, ends_at: datetime) -> Iterator[list[Key]]:
    """Yield keys recorded after ``begins_at``, up to ``ends_at``.

    A server-side cursor keeps a day with millions of rows out of memory.
    """
    rows = Disclosure.objects.filter(recorded_at__lte=ends_at)
    if begins_at is not None:
        rows = rows.filter(recorded_at__gt=begins_at)
    batch: list[Key] = []
    for key in rows.values_list("person_id", "id").iterator(chunk_size=BATCH_SIZE):
        batch.append(key)
        if len(batch) == BATCH_SIZE:
            yield batch
            batch = []
    if batch:
        yield batch


@transaction.atomic
def purge_disclosures(*, keys: Sequence[Key], cutoff: datetime, dry_run: bool = False) -> Removed:
    """Remove those of these disclosures whose retention has ended, with their dependent rows, in one transaction.

    People whom another transaction has locked, such as another purge, are skipped. With ``dry_run``, only returns what
    would be removed.
    """
    rows = locked(keys, cutoff)
    held = held_by_later_provision(rows, cutoff) | held_by_belongings(rows, cutoff) | held_by_cases(rows, cutoff)
    held |= held_by_log(RowKind.DISCLOSURE, [row.pk for row in rows])
    gone = [row for row in rows if row.pk not in held]
    removed = Removed(held=len(held))
    for row in gone:
        removed.disclosures[timezone.localtime(row.recorded_at).strftime("%Y-%m"), row.service.code] += 1
    if gone and not dry_run:
        with purge_door():
            removed.others += delete_belongings([row.pk for row in gone])
            remove_sealed(RowKind.DISCLOSURE, Disclosure, [row.pk for row in gone])
        for (service, reporter), count in Counter((row.service_id, row.reporter_id) for row in gone).items():
            counted = ReportCount.objects.filter(service_id=service, reporter_id=reporter)
            counted.update(removed_count=F("removed_count") + count)
    return removed


def locked(keys: Sequence[Key], cutoff: datetime) -> list[Disclosure]:
    rows = Disclosure.objects.filter(recorded_at__lte=cutoff).select_related("service").order_by("person_id", "id")
    return of_keys(rows, of_free_people(keys))


def held_by_later_provision(rows: Sequence[Disclosure], cutoff: datetime) -> set[Key]:
    """Apply rule 21 (APPI enforcement rules): a record covering several provisions to one recipient is kept for three
    years from the last of them.

    A provision counts for the recipient that was reported and for the one named by a correction.
    """
    if not rows:
        return set()
    recipients: dict[Key, set[int]] = {row.pk: {row.recipient_id} for row in rows}
    for one in of_keys(Correction.objects.with_facts(), list(recipients), "disclosure_id"):
        recipients[one.person_id, one.disclosure_id].add(one.recipient_id)
    people, ids = {person for person, _id in recipients}, set().union(*recipients.values())
    later: set[tuple[int, int]] = set()
    for model in (Disclosure, Correction):
        provided = model._default_manager.filter(person_id__in=people, recipient_id__in=ids, occurred_at__gt=cutoff)
        later.update(provided.values_list("person_id", "recipient_id").distinct())
    return {key for key, some in recipients.items() if any((key[0], one) in later for one in some)}


def held_by_belongings(rows: Sequence[Disclosure], cutoff: datetime) -> set[Key]:
    keys = [row.pk for row in rows]
    return {
        (one.person_id, one.disclosure_id)
        for model, column in BELONGINGS.items()
        for one in of_keys(model._default_manager.filter(**{f"{column}__gt": cutoff}), keys, "disclosure_id")
    }


def held_by_cases(rows: Sequence[Disclosure], cutoff: datetime) -> set[Key]:
    """Return disclosures that officers still need: while their case is open, and three years after its last step."""
    events = of_keys(events_with_state(), [row.pk for row in rows], "disclosure_id", "whose_id")
    return {(event.whose_id, event.disclosure_id) for event in events if is_needed(event, cutoff)}


def events_with_state() -> Any:
    """Select events of cases, each with its case and in ``last_at`` the time of the case's latest step, or None."""
    latest = CaseStep.objects.filter(case=OuterRef("case")).order_by("-pk").values("taken_at")[:1]
    return CaseEvent.objects.select_related("case").annotate(last_at=Subquery(latest))


def is_needed(event: Any, cutoff: datetime) -> bool:
    """Return whether an officer still needs the case of this event (``events_with_state``)."""
    case = event.case
    return bool(case.is_open or (event.last_at or case.opened_at) > cutoff or event.recorded_at > cutoff)


def delete_events(events: Any) -> int:
    """Delete these events of cases, and the cases that have none left, with their steps. Return how many cases."""
    cases = set(events.values_list("case_id", flat=True))
    delete_rows(events.order_by())
    empty = list(Case.objects.filter(pk__in=cases, events=None).values_list("pk", flat=True))
    if empty:
        delete_rows(CaseStep.objects.filter(case_id__in=empty).order_by())
        delete_rows(Case.objects.filter(pk__in=empty).order_by())
    return len(empty)


def delete_belongings(keys: Sequence[Key]) -> Counter[str]:
    counts: Counter[str] = Counter()
    for model in BELONGINGS:
        found = [one.pk for one in of_keys(model._default_manager.all(), keys, "disclosure_id")]
        kind = SEALED_BELONGINGS.get(model)
        removed = remove_sealed(kind, model, found) if kind else delete_keys(model, found)
        counts[str(model._meta.model_name)] += removed
    events = [event.pk for event in of_keys(CaseEvent.objects.all(), keys, "disclosure_id", "whose_id")]
    if events:
        counts["case"] += delete_events(CaseEvent.objects.filter(pk__in=events))
    return +counts


def old_rejected(cutoff: datetime) -> Iterator[list[UUID]]:
    """Yield the ids of all rejected reports received at or before the cutoff, in batches."""
    yield from in_batches(RejectedReport.objects.filter(received_at__lte=cutoff))


@transaction.atomic
def purge_rejected(*, ids: Sequence[UUID], cutoff: datetime, dry_run: bool = False) -> Removed:
    """Remove those of these rejected reports that no officer needs any more, with their cases, in one transaction."""
    reported = CaseEvent.objects.filter(case__kind=CaseKind.REJECTED, conflict_id__in=ids)
    events = list(events_with_state().filter(pk__in=reported))
    gone = set(ids) - {event.conflict_id for event in events if is_needed(event, cutoff)}
    if gone and not dry_run:
        over = [event.pk for event in events if event.conflict_id in gone]
        with purge_door():
            delete_events(CaseEvent.objects.filter(pk__in=over))
            delete_rows(RejectedReport.objects.filter(pk__in=gone).order_by())
    return Removed(others=+Counter(rejectedreport=len(gone)))


@transaction.atomic
def purge_accesses(*, keys: Sequence[Key], dry_run: bool = False) -> Removed:
    """Remove these entries of the access log, in one transaction."""
    if dry_run:
        return Removed(others=Counter(recordaccess=len(keys)))
    with purge_door():
        return Removed(others=Counter(recordaccess=delete_keys(RecordAccess, keys)))


def old_accesses(cutoff: datetime) -> Iterator[list[Key]]:
    yield from walk(RecordAccess.objects.filter(accessed_at__lte=cutoff))


def old_lookups(cutoff: datetime) -> Iterator[list[UUID]]:
    """Yield the ids of all look-ups of people at or before the cutoff, in batches."""
    yield from in_batches(Lookup.objects.filter(looked_up_at__lte=cutoff))


@transaction.atomic
def purge_lookups(*, ids: Sequence[UUID], dry_run: bool = False) -> Removed:
    """Remove these look-ups of people, in one transaction."""
    if dry_run:
        return Removed(others=Counter(lookup=len(ids)))
    with purge_door():
        return Removed(others=Counter(lookup=delete_rows(Lookup.objects.filter(pk__in=ids).order_by())))


@transaction.atomic
def purge_rows(*, model: type[Model], keys: Sequence[Key], dry_run: bool = False) -> Removed:
    """Remove exactly these rows, on which nothing depends, in one transaction."""
    name = str(model._meta.model_name)
    if dry_run:
        return Removed(others=Counter({name: len(keys)}))
    with purge_door():
        return Removed(others=+Counter({name: delete_keys(model, keys)}))


def purge_practice(*, now: datetime, dry_run: bool = False) -> Removed:
    """Remove the counts of days that the checks before publishing do not look back to. Two SQL statements."""
    before = timezone.localdate(now) - timedelta(days=LOOKED_BACK_DAYS)
    removed = Counter[str]()
    for model in (PracticeCount, ReceivedCount):
        old = model._default_manager.filter(reported_on__lt=before).order_by()
        removed["practicecount"] += old.count() if dry_run else delete_rows(old)
    return Removed(others=+removed)
