"""Keeping of reports that could not be recorded, for the privacy officer."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from disclosures.ledger.case_opening import Occurrence, of_rejected
from disclosures.ledger.events import CORRECTION, INVALID, CorrectionEvent, RecordingResult, Report
from disclosures.models import RejectedReport, Reporter
from privacycenter.canonical import digest_of_texts
from privacycenter.database.bulk_insert import insert_new
from privacycenter.identifiers import uuid8_from
from privacycenter.models import User

DISCLOSURE = "disclosure"


@dataclass(frozen=True)
class Rejected:
    """An event that is not recorded, with its problem. ``settled`` is the result, if it is not simply ``invalid``."""

    index: int
    event: Report
    problem: dict[str, Any]
    settled: RecordingResult | None = None

    @property
    def result(self) -> RecordingResult:
        return self.settled or RecordingResult(self.index, self.event.event_id, INVALID, problem=self.problem)

    @property
    def kind(self) -> str:
        return CORRECTION if isinstance(self.event, CorrectionEvent) else DISCLOSURE


@transaction.atomic(savepoint=False)
def keep_rejected(*, rejected: Sequence[Rejected], by: Reporter, now: datetime) -> list[Occurrence]:
    """Store each event once, however often it is sent. Returns what the privacy officer should look into.

    MUST be called in the transaction of its batch. Two SQL statements, none if nothing was rejected. Creates no person.
    """
    if not rejected:
        return []
    kept = {row.pk: (one, row) for one in rejected for row in [row_of(one, by, now)]}
    written = insert_new([row for _one, row in kept.values()])
    new = [pair for key, pair in kept.items() if (key,) in written]
    known = User.objects.for_subjects({one.event.subject for one, _row in new}) if new else {}
    return of_rejected((known.get(one.event.subject), row) for one, row in new)


def row_of(one: Rejected, by: Reporter, now: datetime) -> RejectedReport:
    event = one.event
    told = digest_of_texts(event.content).hex()
    return RejectedReport(
        id=uuid8_from(by.code, event.source, event.event_id, one.kind, told, one.problem["type"]),
        reporter=by,
        row_id=id_once_recorded(one, by),
        event={
            **event.content,
            "kind": one.kind,
            "source": event.source,
            "id": event.event_id,
            "time": event.occurred_at.isoformat(),
        },
        problem=one.problem,
        received_at=now,
    )


def id_once_recorded(one: Rejected, by: Reporter) -> UUID:
    parts = (CORRECTION,) if one.kind == CORRECTION else ()
    return uuid8_from(by.code, one.event.source, one.event.event_id, *parts)
