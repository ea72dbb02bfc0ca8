"""A person's whole record, part by part, as it is taken home: plain values and codes, no words of ours.

Every part is a generator that reads a chunk at a time by keyset: however long the record, memory stays the same.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, F, Max, Min, Q, QuerySet

from consents.models import Decision
from consents.queries import decisions, requests
from disclosures.models import Flag, Ground, Inquiry, InquiryKind, InquiryStatus, Reporter
from disclosures.models.ledger import DisclosureQuerySet
from disclosures.queries.coverage import coverage
from disclosures.queries.filters import Filters, condition, narrowed
from disclosures.queries.inquiries import latest_status, shown
from disclosures.queries.names import Names
from disclosures.queries.publications import newest_publication
from disclosures.queries.standing import Standing, standing
from privacycenter.models import User

CHUNK_ROWS = 1000
Entry = dict[str, Any]


@dataclass(frozen=True)
class Record:
    """Whose record, narrowed to what, as it stood at ``made_at``. ``publication``: whose names it uses."""

    person: User
    filters: Filters
    made_at: datetime
    publication: int
    publication_sha256: str
    names: Names

    @property
    def is_whole(self) -> bool:
        return self.filters.is_empty

    @property
    def disclosures(self) -> DisclosureQuerySet:
        return narrowed(self.standing, self.filters, self.names)

    @property
    def standing(self) -> Standing:
        """What came in later is left out, so that every part speaks of the same rows."""
        return standing(self.person, known_at=self.made_at)


def record_of(person: User, filters: Filters, made_at: datetime) -> Record:
    """One SQL statement."""
    published = newest_publication()
    return Record(
        person=person,
        filters=filters,
        made_at=made_at,
        publication=published.number if published else 0,
        publication_sha256=published.sha256 if published else "",
        names=Names(published.document if published else None),
    )


# --- At a glance -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Extent:
    """How much there is. Times are those of the disclosures; None without any."""

    disclosure_count: int
    flagged_count: int
    first_at: datetime | None
    last_at: datetime | None


def extent(record: Record) -> Extent:
    """One SQL statement."""
    found = record.disclosures.aggregate(
        count=Count("id"), flagged=Count("id", filter=Q(flags__gt=0)), first=Min("occurred_at"), last=Max("occurred_at")
    )
    return Extent(found["count"], found["flagged"], found["first"], found["last"])


@dataclass
class RecipientEntry:
    """What one recipient received, summed up."""

    code: str
    country: str
    count: int = 0
    flagged_count: int = 0
    first_at: datetime | None = None
    last_at: datetime | None = None
    items: set[str] = field(default_factory=set)


def recipients(record: Record) -> list[RecipientEntry]:
    """Every recipient by what is right today, the most recent first. One SQL statement, and those of ``condition``."""
    keys = {"code": F("recipient__code"), "country": F("recipient__country__code"), "items": F("item_set__codes")}
    counts = {
        "count": Count("id"),
        "flagged": Count("id", filter=Q(flags__gt=0)),
        "first": Min("occurred_at"),
        "last": Max("occurred_at"),
    }
    found: dict[str, RecipientEntry] = {}
    wanted = condition(record.standing, record.filters, record.names)
    for group, _is_corrected in record.standing.groups(wanted, keys, counts):
        code = group["code"]
        one = found.setdefault(code, RecipientEntry(code, group["country"]))
        one.count += group["count"]
        one.flagged_count += group["flagged"]
        one.first_at = min(one.first_at or group["first"], group["first"])
        one.last_at = max(one.last_at or group["last"], group["last"])
        one.items |= set(group["items"])
    return sorted(found.values(), key=lambda one: (one.last_at, one.code), reverse=True)


def coverage_entries(record: Record) -> list[Entry]:
    """How complete each service's reports are, so that nothing missing looks like nothing happened: those that are
    published, in their order, also those that never reported. Two SQL statements."""
    return [
        {
            "service": one.code,
            "reported_since": one.first_at,
            "last_reported_at": one.last_at,
            "complete_since": one.complete_since,
            "complete_until": one.complete_until,
            "missing_count": one.gap,
        }
        for one in coverage(record.names.document)
    ]


# --- Part by part ----------------------------------------------------------------------------------------------------


def in_chunks(rows: QuerySet, moment: str, size: int | None = None) -> Iterator[list[Any]]:
    """All rows of one person, oldest first, by keyset over (moment, id): one SQL statement for each chunk.

    ``rows`` gives models or dictionaries.
    """
    size = size or CHUNK_ROWS
    place: tuple[datetime, UUID] | None = None
    while True:
        after = rows
        if place:
            after = rows.filter(**{f"{moment}__gte": place[0]}).exclude(**{moment: place[0], "id__lte": place[1]})
        chunk = list(after.order_by(moment, "id")[:size])
        if chunk:
            yield chunk
        if len(chunk) < size:
            return
        last = chunk[-1]
        place = (last[moment], last["id"]) if isinstance(last, dict) else (getattr(last, moment), last.id)


def disclosure_entries(record: Record) -> Iterator[Entry]:
    """Everything that was provided, oldest first, also what is flagged and what the person hides from the overview."""
    rows = record.disclosures.values(
        "id", "occurred_at", "recorded_at", "recipient__code", "service__code", "scenario__code", "item_set__codes",
        "ground", "flags", "decision_id", "reporter__code", "event_id",
    )  # fmt: skip
    for chunk in in_chunks(rows, "occurred_at"):
        for row in chunk:
            yield {
                "id": str(row["id"]),
                "occurred_at": row["occurred_at"],
                "recorded_at": row["recorded_at"],
                "recipient": row["recipient__code"],
                "service": row["service__code"],
                "scenario": row["scenario__code"],
                "items": row["item_set__codes"],
                "ground": Ground(row["ground"]).code,
                "flags": [flag.code for flag in Flag(row["flags"])],
                "decision": str(row["decision_id"]) if row["decision_id"] else None,
                "reporter": row["reporter__code"],
                "event_id": row["event_id"],
            }


def correction_entries(record: Record) -> Iterator[Entry]:
    """What services said later about disclosures of this record: why they were wrong, and what is right. Of a report
    that was a mistake nothing is right: ``is_retraction``, and no facts."""
    rows = record.person.corrections.with_references().filter(recorded_at__lte=record.made_at)
    if not record.is_whole:
        rows = rows.filter(disclosure_id__in=record.disclosures.order_by().values("id"))
    for chunk in in_chunks(rows, "recorded_at"):
        for row in chunk:
            yield {
                "id": str(row.id),
                "disclosure": str(row.disclosure_id),
                "corrected_at": row.corrected_at,
                "recorded_at": row.recorded_at,
                "reason": row.reason,
                "is_retraction": row.is_retraction,
                "occurred_at": row.occurred_at,
                "recipient": row.recipient.code if row.recipient else None,
                "service": row.service.code if row.service else None,
                "scenario": row.scenario.code if row.scenario else None,
                "items": row.item_set.codes if row.item_set else [],
                "ground": Ground(row.ground).code if row.ground else None,
                "flags": [flag.code for flag in Flag(row.flags)],
                "reporter": row.reporter.code,
            }


def request_entries(record: Record) -> Iterator[Entry]:
    """Every question to the person, with how it stands; an answer that was undone does not count. Three SQL statements
    for each chunk."""
    rows = record.person.approval_requests.with_references().filter(requested_at__lte=record.made_at)
    for chunk in in_chunks(rows, "requested_at"):
        ids = [row.id for row in chunk]
        cancelled = record.person.request_cancellations.filter(request_id__in=ids)
        cancelled_at = dict(cancelled.values_list("request_id", "cancelled_at"))
        answers = record.person.decisions.filter(request_id__in=ids).order_by("decided_at", "id").defer("text")
        by_request: dict[UUID, list[Decision]] = {}
        for answer in answers.select_related("allowed_set", "refused_set"):
            by_request.setdefault(answer.request_id, []).append(answer)
        for row in chunk:
            answered = by_request.get(row.id, [])
            yield {
                "id": str(row.id),
                "requested_at": row.requested_at,
                "recipient": row.recipient.code,
                "service": row.service.code,
                "scenario": row.scenario.code,
                "items": [
                    {
                        "code": code,
                        "purpose": row.purposes.get(code, {}),
                        "consequence": row.consequences.get(code, {}),
                    }
                    for code in row.item_set.codes
                ],
                "expires_at": row.expires_at,
                "valid_days": row.valid_days,
                "reporter": row.reporter.code,
                "state": requests.state_of(row, answered),
                "cancelled_at": cancelled_at.get(row.id),
                "decisions": [str(answer.id) for answer in answered],
            }


def decision_entries(record: Record) -> Iterator[Entry]:
    """Every answer, withdrawal and undoing, with the text that the person saw. Three SQL statements for each chunk."""
    rows = record.person.decisions.with_references().filter(decided_at__lte=record.made_at)
    for chunk in in_chunks(rows, "decided_at"):
        endings = decisions.endings_among(record.person, chunk)
        with_receipt = decisions.with_receipt_among(record.person, chunk)
        for row in chunk:
            yield {
                "id": str(row.id),
                "decided_at": row.decided_at,
                "request": str(row.request_id),
                "withdraws": str(row.withdraws_id) if row.withdraws_id else None,
                "undoes": str(row.undoes_id) if row.undoes_id else None,
                "rule": str(row.rule_id) if row.rule_id else None,
                "recipient": row.recipient.code,
                "service": row.service.code,
                "scenario": row.scenario.code,
                "allowed": row.allowed_set.codes,
                "refused": row.refused_set.codes,
                "valid_until": row.valid_until,
                "state": decisions.state_of(row, endings.get(row.id)),
                "has_receipt": row.id in with_receipt,
                "publication": row.publication,
                "language": row.language,
                "text": row.text,
                "text_sha256": row.text_sha256,
            }


def rule_entries(record: Record) -> Iterator[Entry]:
    """Every version of every standing rule, also of those that were ended."""
    for chunk in in_chunks(record.person.standing_rules.filter(made_at__lte=record.made_at), "made_at"):
        for row in chunk:
            yield {
                "id": str(row.id),
                "made_at": row.made_at,
                "kind": row.kind,
                "code": row.code,
                "version": row.version,
                "setting": row.setting,
            }


def withdrawal_step_entries(record: Record) -> Iterator[Entry]:
    """What followed each withdrawal. ``reporter`` is None for a step that staff wrote down. Two SQL statements for each
    chunk."""
    for chunk in in_chunks(record.person.withdrawal_steps.filter(taken_at__lte=record.made_at), "taken_at"):
        reporters = Reporter.objects.in_bulk([row.reporter_id for row in chunk if row.reporter_id])
        for row in chunk:
            yield {
                "id": str(row.id),
                "withdrawal": str(row.withdrawal_id),
                "taken_at": row.taken_at,
                "step": row.step.code,
                "reason": row.reason,
                "is_delivery": row.is_delivery,
                "reporter": reporters[row.reporter_id].code if row.reporter_id in reporters else None,
            }


def inquiry_entries(record: Record) -> Iterator[Entry]:
    """What the person wrote to the operator, with the answers; not the desk's own notes. Two SQL statements for each
    chunk."""
    rows = Inquiry.objects.of_person(record.person.pk).filter(asked_at__lte=record.made_at).prefetch_related("steps")
    for chunk in in_chunks(rows, "asked_at"):
        for row in chunk:
            steps = sorted(row.steps.all(), key=lambda step: step.pk)
            yield {
                "reference": row.reference,
                "asked_at": row.asked_at,
                "kind": InquiryKind(row.kind).code,
                "name": row.name,
                "email": row.email,
                "body": row.body,
                "about": row.about,
                "status": InquiryStatus(latest_status(steps)).code,
                "steps": [
                    {"taken_at": step.taken_at, "status": step.status.code, "message": step.message}
                    for step in shown(steps)
                ],
            }


def access_entries(record: Record) -> Iterator[Entry]:
    """Each time that staff opened the record: in what role and why, not who by name."""
    rows = record.person.record_accesses.filter(accessed_at__lte=record.made_at)
    for chunk in in_chunks(rows, "accessed_at"):
        for row in chunk:
            yield {"accessed_at": row.accessed_at, "role": row.role, "what": row.what, "reason": row.reason}


def notice_entries(record: Record) -> Iterator[Entry]:
    """What the person was told on the site."""
    rows = record.person.notices.select_related("recipient").filter(noticed_at__lte=record.made_at)
    for chunk in in_chunks(rows, "noticed_at"):
        for row in chunk:
            yield {
                "noticed_at": row.noticed_at,
                "kind": row.kind_code,
                "recipient": row.recipient.code if row.recipient else None,
                "about": str(row.about_id) if row.about_id else None,
                "state": row.state,
            }


def mailing_entries(record: Record) -> Iterator[Entry]:
    """The mails with notices that were sent."""
    for chunk in in_chunks(record.person.mailings.filter(sent_at__lte=record.made_at), "sent_at"):
        for row in chunk:
            yield {"sent_at": row.sent_at, "notice_count": row.notice_count}


def preference_entries(record: Record) -> Iterator[Entry]:
    """How the person wanted to be told, every choice."""
    for chunk in in_chunks(record.person.preferences.filter(chosen_at__lte=record.made_at), "chosen_at"):
        for row in chunk:
            yield {
                "chosen_at": row.chosen_at,
                "frequency": row.frequency,
                "language": row.language,
                "is_by_link": row.is_by_link,
            }


def hidden_recipient_entries(record: Record) -> Iterator[Entry]:
    """Whom the person keeps off the overview. It changes nothing of the record."""
    rows = record.person.hidden_recipients.select_related("recipient").filter(hidden_at__lte=record.made_at)
    for chunk in in_chunks(rows, "hidden_at"):
        for row in chunk:
            yield {"hidden_at": row.hidden_at, "recipient": row.recipient.code}


# Name in the files → the part. Disclosures and corrections are narrowed, the others are in the whole record alone.
PARTS = {
    "disclosures": disclosure_entries,
    "corrections": correction_entries,
    "requests": request_entries,
    "decisions": decision_entries,
    "rules": rule_entries,
    "withdrawal_steps": withdrawal_step_entries,
    "inquiries": inquiry_entries,
    "accesses": access_entries,
    "notices": notice_entries,
    "mailings": mailing_entries,
    "preferences": preference_entries,
    "hidden_recipients": hidden_recipient_entries,
}
PARTS_OF_A_NARROWED_RECORD = ("disclosures", "corrections")


def parts(record: Record) -> list[str]:
    """The names of the parts that are in this record, in their order."""
    return list(PARTS) if record.is_whole else list(PARTS_OF_A_NARROWED_RECORD)
